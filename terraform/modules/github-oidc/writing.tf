locals {
  # Roles only with the boundary, which the role itself can neither change nor leave away.
  with_boundary = { StringEquals = { "iam:PermissionsBoundary" = aws_iam_policy.boundary.arn } }

  write_statements = concat([
    { Sid = "WriteState", Effect = "Allow", Action = ["s3:PutObject"], Resource = [local.state, "${local.state}.tflock"] },
    { Sid = "UnlockState", Effect = "Allow", Action = ["s3:DeleteObject"], Resource = ["${local.state}.tflock"] },
    # After a rollback, the routes of the version that serves are in the state of the apply that published it.
    { Sid = "FindOlderStates", Effect = "Allow", Action = ["s3:ListBucketVersions"], Resource = [local.state_bucket], Condition = { StringEquals = { "s3:prefix" = local.state_key } } },
    { Sid = "ReadOlderStates", Effect = "Allow", Action = ["s3:GetObjectVersion"], Resource = [local.state] },
    {
      Sid    = "WriteFunctions"
      Effect = "Allow"
      Action = [
        "lambda:CreateFunction", "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration", "lambda:PublishVersion", "lambda:DeleteFunction", "lambda:CreateAlias", "lambda:UpdateAlias", "lambda:DeleteAlias", "lambda:AddPermission", "lambda:RemovePermission", "lambda:InvokeFunction", "lambda:TagResource", "lambda:UntagResource",
        "lambda:PutFunctionConcurrency", "lambda:DeleteFunctionConcurrency", "lambda:PutProvisionedConcurrencyConfig", "lambda:DeleteProvisionedConcurrencyConfig",
      ]
      Resource = local.functions
    },
    { Sid = "MakeRoles", Effect = "Allow", Action = ["iam:CreateRole", "iam:PutRolePolicy"], Resource = local.own_roles, Condition = local.with_boundary },
    { Sid = "WriteRoles", Effect = "Allow", Action = ["iam:DeleteRole", "iam:DeleteRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:UpdateRoleDescription", "iam:TagRole", "iam:UntagRole"], Resource = local.own_roles },
    { Sid = "PassRoles", Effect = "Allow", Action = ["iam:PassRole"], Resource = local.own_roles, Condition = { StringEquals = { "iam:PassedToService" = ["lambda.amazonaws.com"] } } },
    { Sid = "WriteTables", Effect = "Allow", Action = ["dynamodb:CreateTable", "dynamodb:UpdateTable", "dynamodb:DeleteTable", "dynamodb:UpdateTimeToLive", "dynamodb:UpdateContinuousBackups", "dynamodb:TagResource", "dynamodb:UntagResource"], Resource = local.tables },
    # Users of load tests and checks, who sign in and out; an index finds all sessions of a user.
    { Sid = "WriteSessions", Effect = "Allow", Action = ["dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Query"], Resource = local.sessions },
    # `make apikey-create` and its kind; an index finds all credentials of a consumer.
    { Sid = "WriteCredentials", Effect = "Allow", Action = ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchGetItem", "dynamodb:Scan", "dynamodb:Query"], Resource = local.credentials },
    # `make cache-purge`: the list of purges, and no response of a caller.
    { Sid = "PurgeCache", Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:PutItem"], Resource = local.further.cache, Condition = { "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["purges"] } } },
    # `make apikey-usage`, which reads what all consumers have used.
    { Sid = "ReadUsage", Effect = "Allow", Action = ["dynamodb:Scan"], Resource = local.further.usage },
    # `make traffic`.
    { Sid = "WriteTraffic", Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:PutItem"], Resource = local.further.traffic },
    { Sid = "WriteSecrets", Effect = "Allow", Action = ["secretsmanager:CreateSecret", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret", "secretsmanager:UpdateSecretVersionStage", "secretsmanager:DeleteSecret", "secretsmanager:TagResource", "secretsmanager:UntagResource"], Resource = local.secrets },
    { Sid = "WriteApis", Effect = "Allow", Action = ["apigateway:POST", "apigateway:PATCH", "apigateway:DELETE"], Resource = local.apis, Condition = local.not_anothers },
    # An API that is made with tags needs POST on their path, which has no condition but the tags that are set:
    # https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/997
    { Sid = "TagApis", Effect = "Allow", Action = ["apigateway:POST", "apigateway:PUT", "apigateway:DELETE"], Resource = local.api_tags, Condition = { StringEqualsIfExists = local.becomes_ours.StringEquals } },
    { Sid = "WriteTopics", Effect = "Allow", Action = ["sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource", "sns:UntagResource"], Resource = local.topics },
    { Sid = "WriteAlarms", Effect = "Allow", Action = ["cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms", "cloudwatch:TagResource", "cloudwatch:UntagResource"], Resource = local.alarms },
    # "You can't create composite alarms if your cloudwatch:PutCompositeAlarm permission has a narrower scope":
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
    { Sid = "WriteCompositeAlarms", Effect = "Allow", Action = ["cloudwatch:PutCompositeAlarm"], Resource = ["*"], Condition = local.not_anothers },
    { Sid = "WriteDashboards", Effect = "Allow", Action = ["cloudwatch:PutDashboard", "cloudwatch:DeleteDashboards"], Resource = local.dashboards },
    { Sid = "WriteLogGroups", Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:PutRetentionPolicy", "logs:DeleteRetentionPolicy", "logs:AssociateKmsKey", "logs:DisassociateKmsKey", "logs:TagResource", "logs:UntagResource"], Resource = local.log_groups },
    { Sid = "MakeKeys", Effect = "Allow", Action = ["kms:CreateKey"], Resource = ["*"], Condition = local.becomes_ours },
    # CreateKey with tags needs TagResource as well, of a key that has no tag yet:
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html (Tags). A key of another environment has its own.
    { Sid = "TagNewKeys", Effect = "Allow", Action = ["kms:TagResource"], Resource = local.keys, Condition = merge(local.becomes_ours, local.not_anothers) },
    { Sid = "WriteKeys", Effect = "Allow", Action = ["kms:PutKeyPolicy", "kms:EnableKeyRotation", "kms:UpdateKeyDescription", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"], Resource = local.keys, Condition = local.is_ours },
    { Sid = "NameKeys", Effect = "Allow", Action = ["kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"], Resource = local.aliases },
    {
      # These services use the key in the name of the role that makes something encrypted under it.
      # DynamoDB's tables: Encrypt, Decrypt, ReEncrypt*, GenerateDataKey*, CreateGrant, DescribeKey,
      # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
      # Lambda's variables: CreateGrant, Encrypt, Decrypt,
      # https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
      # Secrets Manager's values: GenerateDataKey, Decrypt,
      # https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
      # What they read of it (Decrypt, GenerateDataKey, DescribeKey) is in ReadKeys.
      Sid       = "UseKeys"
      Effect    = "Allow"
      Action    = ["kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKeyWithoutPlaintext", "kms:CreateGrant"]
      Resource  = local.keys
      Condition = local.is_ours
    },
    { Sid = "WriteBudgets", Effect = "Allow", Action = ["budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"], Resource = local.budgets },
    {
      # None of these has a resource to name. The log deliveries are the API's access log:
      # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
      Sid    = "WriteUnnamed"
      Effect = "Allow"
      Action = [
        "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:PutQueryDefinition", "logs:DeleteQueryDefinition",
        "sns:Unsubscribe",
        "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "ec2:DescribeVpcs",
      ]
      Resource = ["*"]
    },
    ],
    # "To update the truststore, you must have permissions to access the S3 object":
    # https://docs.aws.amazon.com/apigateway/latest/api/API_MutualTlsAuthenticationInput.html
    [for stores in [local.trust_stores] : { Sid = "ReadTrustStores", Effect = "Allow", Action = ["s3:GetObject", "s3:GetObjectVersion"], Resource = stores } if length(stores) > 0],
    flatten([for each in local.with_zones : [
      { Sid = "RequestCertificates", Effect = "Allow", Action = ["acm:RequestCertificate"], Resource = ["*"], Condition = local.becomes_ours },
      # A request with tags also needs the permission to tag, of a certificate that has none yet.
      { Sid = "TagNewCertificates", Effect = "Allow", Action = ["acm:AddTagsToCertificate"], Resource = local.certificates, Condition = merge(local.becomes_ours, local.not_anothers) },
      { Sid = "WriteCertificates", Effect = "Allow", Action = ["acm:AddTagsToCertificate", "acm:RemoveTagsFromCertificate", "acm:DeleteCertificate"], Resource = local.certificates, Condition = local.is_ours },
      { Sid = "WriteRecords", Effect = "Allow", Action = ["route53:ChangeResourceRecordSets"], Resource = local.zones },
      { Sid = "AwaitRecords", Effect = "Allow", Action = ["route53:GetChange"], Resource = ["arn:${local.partition}:route53:::change/*"] },
    ]]),
  )
}
