locals {
  # Roles only with the boundary, which the role itself can neither change nor leave away.
  with_boundary = { StringEquals = { "iam:PermissionsBoundary" = aws_iam_policy.boundary.arn } }

  write_statements = [
    { Sid = "WriteStates", Effect = "Allow", Action = ["s3:PutObject"], Resource = ["${local.state_bucket}/${var.project}/*"] },
    { Sid = "UnlockStates", Effect = "Allow", Action = ["s3:DeleteObject"], Resource = ["${local.state_bucket}/${var.project}/*.tflock"] },
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
    { Sid = "PassRoles", Effect = "Allow", Action = ["iam:PassRole"], Resource = local.own_roles, Condition = { StringEquals = { "iam:PassedToService" = ["lambda.amazonaws.com", "codedeploy.amazonaws.com"] } } },
    { Sid = "WriteTables", Effect = "Allow", Action = ["dynamodb:CreateTable", "dynamodb:UpdateTable", "dynamodb:DeleteTable", "dynamodb:UpdateTimeToLive", "dynamodb:UpdateContinuousBackups", "dynamodb:TagResource", "dynamodb:UntagResource"], Resource = local.tables },
    # Users of load tests and checks, who sign in and out.
    { Sid = "WriteSessions", Effect = "Allow", Action = ["dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"], Resource = [for table in local.tables : "${table}-sessions"] },
    { Sid = "WriteSecrets", Effect = "Allow", Action = ["secretsmanager:CreateSecret", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret", "secretsmanager:UpdateSecretVersionStage", "secretsmanager:DeleteSecret", "secretsmanager:TagResource", "secretsmanager:UntagResource"], Resource = local.secrets },
    # An API's id is drawn when it is made: there is no name to bound this by.
    { Sid = "WriteApis", Effect = "Allow", Action = ["apigateway:POST", "apigateway:PATCH", "apigateway:PUT", "apigateway:DELETE"], Resource = local.apis },
    { Sid = "WriteTopics", Effect = "Allow", Action = ["sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource", "sns:UntagResource"], Resource = local.topics },
    { Sid = "WriteAlarms", Effect = "Allow", Action = ["cloudwatch:PutMetricAlarm", "cloudwatch:PutCompositeAlarm", "cloudwatch:DeleteAlarms", "cloudwatch:PutDashboard", "cloudwatch:DeleteDashboards", "cloudwatch:TagResource", "cloudwatch:UntagResource"], Resource = local.alarms },
    { Sid = "WriteLogGroups", Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:PutRetentionPolicy", "logs:DeleteRetentionPolicy", "logs:AssociateKmsKey", "logs:DisassociateKmsKey", "logs:TagResource", "logs:UntagResource"], Resource = local.log_groups },
    { Sid = "MakeKeys", Effect = "Allow", Action = ["kms:CreateKey"], Resource = ["*"], Condition = { StringEquals = { "aws:RequestTag/Project" = var.project } } },
    { Sid = "WriteKeys", Effect = "Allow", Action = ["kms:PutKeyPolicy", "kms:EnableKeyRotation", "kms:UpdateKeyDescription", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:CreateGrant", "kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"], Resource = local.keys, Condition = local.is_ours },
    { Sid = "NameKeys", Effect = "Allow", Action = ["kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"], Resource = ["arn:${local.partition}:kms:*:${local.account_id}:alias/${var.project}-*"] },
    { Sid = "WriteBudgets", Effect = "Allow", Action = ["budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"], Resource = local.budgets },
    { Sid = "WriteCodeDeploy", Effect = "Allow", Action = ["codedeploy:CreateApplication", "codedeploy:DeleteApplication", "codedeploy:CreateDeploymentConfig", "codedeploy:DeleteDeploymentConfig", "codedeploy:CreateDeploymentGroup", "codedeploy:UpdateDeploymentGroup", "codedeploy:DeleteDeploymentGroup", "codedeploy:CreateDeployment", "codedeploy:RegisterApplicationRevision", "codedeploy:GetApplicationRevision", "codedeploy:TagResource", "codedeploy:UntagResource"], Resource = local.codedeploy },
    {
      # None of these knows a resource to name. The log deliveries are the API's access log.
      Sid    = "WriteUnnamed"
      Effect = "Allow"
      Action = [
        "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:PutQueryDefinition", "logs:DeleteQueryDefinition",
        "sns:Unsubscribe", "codedeploy:StopDeployment",
        "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "ec2:DescribeVpcs",
      ]
      Resource = ["*"]
    },
  ]
}
