locals {
  functions = ["arn:${local.partition}:lambda:*:${local.account_id}:function:${var.project}-*"]
  tables    = ["arn:${local.partition}:dynamodb:*:${local.account_id}:table/${var.project}-*"]
  secrets   = ["arn:${local.partition}:secretsmanager:*:${local.account_id}:secret:${var.project}-*"]
  topics    = ["arn:${local.partition}:sns:*:${local.account_id}:${var.project}-*"]
  own_roles = ["arn:${local.partition}:iam::${local.account_id}:role/${var.project}-*"]
  apis      = [for path in ["apis", "apis/*", "domainnames", "domainnames/*", "tags/*"] : "arn:${local.partition}:apigateway:*::/${path}"]
  keys      = ["arn:${local.partition}:kms:*:${local.account_id}:key/*"]
  is_ours   = { StringEquals = { "aws:ResourceTag/Project" = var.project } }
  log_groups = flatten([
    for prefix in ["/aws/lambda", "/aws/vendedlogs/http-api"] : [
      "arn:${local.partition}:logs:*:${local.account_id}:log-group:${prefix}/${var.project}-*",
      "arn:${local.partition}:logs:*:${local.account_id}:log-group:${prefix}/${var.project}-*:*",
    ]
  ])
  alarms = [
    "arn:${local.partition}:cloudwatch:*:${local.account_id}:alarm:${var.project}-*",
    "arn:${local.partition}:cloudwatch::${local.account_id}:dashboard/${var.project}-*",
  ]
  budgets = ["arn:${local.partition}:budgets::${local.account_id}:budget/${var.project}-*"]
  codedeploy = [
    for kind in ["application", "deploymentgroup", "deploymentconfig"] : "arn:${local.partition}:codedeploy:*:${local.account_id}:${kind}:${var.project}-*"
  ]

  state_bucket = "arn:${local.partition}:s3:::${var.state_bucket_name}"

  # The signing key is in no state, and a plan without a refresh reads nothing else. Plans take no lock.
  plan_statements = [
    { Sid = "FindStates", Effect = "Allow", Action = ["s3:ListBucket"], Resource = [local.state_bucket] },
    { Sid = "ReadStates", Effect = "Allow", Action = ["s3:GetObject"], Resource = ["${local.state_bucket}/${var.project}/*"] },
    # An ephemeral value is drawn for each plan, and thrown away.
    { Sid = "DrawKeys", Effect = "Allow", Action = ["secretsmanager:GetRandomPassword"], Resource = ["*"] },
  ]

  # A refresh also reads the signing secret, which is why a pull request does without.
  read_statements = [
    { Sid = "ReadSecrets", Effect = "Allow", Action = ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "secretsmanager:GetSecretValue"], Resource = local.secrets },
    { Sid = "ReadFunctions", Effect = "Allow", Action = ["lambda:GetFunction", "lambda:GetFunctionConfiguration", "lambda:GetFunctionCodeSigningConfig", "lambda:GetFunctionConcurrency", "lambda:GetAlias", "lambda:GetPolicy", "lambda:GetProvisionedConcurrencyConfig", "lambda:ListVersionsByFunction", "lambda:ListTags"], Resource = local.functions },
    { Sid = "ReadTables", Effect = "Allow", Action = ["dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTimeToLive", "dynamodb:ListTagsOfResource"], Resource = local.tables },
    { Sid = "ReadApis", Effect = "Allow", Action = ["apigateway:GET"], Resource = local.apis },
    { Sid = "ReadRoles", Effect = "Allow", Action = ["iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRoleTags"], Resource = local.own_roles },
    { Sid = "ReadTopics", Effect = "Allow", Action = ["sns:GetTopicAttributes", "sns:ListTagsForResource", "sns:ListSubscriptionsByTopic"], Resource = local.topics },
    { Sid = "ReadAlarms", Effect = "Allow", Action = ["cloudwatch:GetDashboard", "cloudwatch:ListTagsForResource"], Resource = local.alarms },
    { Sid = "ReadLogGroups", Effect = "Allow", Action = ["logs:ListTagsForResource"], Resource = local.log_groups },
    { Sid = "ReadKeys", Effect = "Allow", Action = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags", "kms:Decrypt", "kms:GenerateDataKey"], Resource = local.keys, Condition = local.is_ours },
    { Sid = "ReadBudgets", Effect = "Allow", Action = ["budgets:ViewBudget", "budgets:ListTagsForResource"], Resource = local.budgets },
    { Sid = "ReadCodeDeploy", Effect = "Allow", Action = ["codedeploy:GetApplication", "codedeploy:GetDeploymentConfig", "codedeploy:GetDeploymentGroup", "codedeploy:GetDeployment", "codedeploy:ListDeployments", "codedeploy:ListTagsForResource"], Resource = local.codedeploy },
    # None of these knows a resource to name, but for DescribeAlarms, which shows composite alarms to nobody who names some.
    { Sid = "ListUnnamed", Effect = "Allow", Action = ["cloudwatch:DescribeAlarms", "logs:DescribeLogGroups", "logs:DescribeQueryDefinitions", "kms:ListAliases", "lambda:GetAccountSettings", "sns:GetSubscriptionAttributes"], Resource = ["*"] },
  ]
}
