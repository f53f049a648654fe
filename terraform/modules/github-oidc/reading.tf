locals {
  # The signing key is in no state, and a plan without a refresh reads nothing else. Plans take no lock.
  plan_statements = [
    # Names and times of states, not their content. Terraform and `make` check whether the bucket and the state exist.
    { Sid = "FindStates", Effect = "Allow", Action = ["s3:ListBucket"], Resource = [local.state_bucket] },
    { Sid = "ReadState", Effect = "Allow", Action = ["s3:GetObject"], Resource = [local.state, "${local.state}.tflock"] },
    # An ephemeral value is drawn for each plan, and thrown away.
    { Sid = "DrawKeys", Effect = "Allow", Action = ["secretsmanager:GetRandomPassword"], Resource = ["*"] },
  ]

  # A refresh also reads the signing secret, which is why a pull request does without.
  read_statements = concat([
    { Sid = "ReadSecrets", Effect = "Allow", Action = ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "secretsmanager:GetSecretValue"], Resource = local.secrets },
    { Sid = "ReadFunctions", Effect = "Allow", Action = ["lambda:GetFunction", "lambda:GetFunctionConfiguration", "lambda:GetFunctionCodeSigningConfig", "lambda:GetFunctionConcurrency", "lambda:GetAlias", "lambda:GetPolicy", "lambda:GetProvisionedConcurrencyConfig", "lambda:ListVersionsByFunction", "lambda:ListTags"], Resource = local.functions },
    { Sid = "ReadTables", Effect = "Allow", Action = ["dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTimeToLive", "dynamodb:ListTagsOfResource"], Resource = local.tables },
    { Sid = "ReadApis", Effect = "Allow", Action = ["apigateway:GET"], Resource = local.apis, Condition = local.not_anothers },
    { Sid = "ReadApiTags", Effect = "Allow", Action = ["apigateway:GET"], Resource = local.api_tags },
    { Sid = "ReadRoles", Effect = "Allow", Action = ["iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRoleTags"], Resource = local.own_roles },
    { Sid = "ReadTopics", Effect = "Allow", Action = ["sns:GetTopicAttributes", "sns:ListTagsForResource", "sns:ListSubscriptionsByTopic"], Resource = local.topics },
    { Sid = "ReadAlarms", Effect = "Allow", Action = ["cloudwatch:ListTagsForResource"], Resource = local.alarms },
    { Sid = "ReadDashboards", Effect = "Allow", Action = ["cloudwatch:GetDashboard"], Resource = local.dashboards },
    { Sid = "ReadLogGroups", Effect = "Allow", Action = ["logs:ListTagsForResource"], Resource = local.log_groups },
    { Sid = "ReadKeys", Effect = "Allow", Action = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags", "kms:Decrypt", "kms:GenerateDataKey"], Resource = local.keys, Condition = local.is_ours },
    { Sid = "ReadBudgets", Effect = "Allow", Action = ["budgets:ViewBudget", "budgets:ListTagsForResource"], Resource = local.budgets },
    {
      # None of these supports resources, except DescribeAlarms, which shows no composite alarm to anyone who names
      # some: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
      # GetAccountSettings returns the concurrency limit, which is checked before anything is created that would exceed
      # it.
      Sid      = "ListUnnamed"
      Effect   = "Allow"
      Action   = ["cloudwatch:DescribeAlarms", "logs:DescribeLogGroups", "logs:DescribeQueryDefinitions", "kms:ListAliases", "sns:GetSubscriptionAttributes", "lambda:GetAccountSettings"]
      Resource = ["*"]
    },
    ],
    # Whether what the contract calls exists, and whether the function's role may call it, before a version gets traffic.
    flatten([for arns in [local.upstreams] : [
      { Sid = "ReadUpstreams", Effect = "Allow", Action = ["events:DescribeEventBus", "lambda:GetFunctionConfiguration", "s3:GetBucketLocation", "sns:GetTopicAttributes", "sqs:GetQueueUrl", "states:DescribeStateMachine", "states:DescribeStateMachineAlias"], Resource = arns },
      { Sid = "SimulateRoles", Effect = "Allow", Action = ["iam:SimulatePrincipalPolicy"], Resource = local.own_roles },
    ] if length(arns) > 0]),
    flatten([for each in local.with_zones : [
      { Sid = "ReadCertificates", Effect = "Allow", Action = ["acm:DescribeCertificate", "acm:ListTagsForCertificate"], Resource = local.certificates, Condition = local.is_ours },
      { Sid = "ReadRecords", Effect = "Allow", Action = ["route53:GetHostedZone", "route53:ListResourceRecordSets"], Resource = local.zones },
    ]]),
  )
}
