# The maximum permissions of roles that a deployment creates, so that no one can exceed their own role through one.
resource "aws_iam_policy" "boundary" {
  name        = "${local.prefix}-boundary"
  description = "The most that roles of ${local.own} may do"
  policy      = jsonencode({ Version = "2012-10-17", Statement = local.boundary_statements })
}

locals {
  boundary_statements = concat(local.always_bounded, [
    # The function's role gets those of them that the contract's routes name.
    for arns in [local.upstreams] : {
      Sid      = "Upstreams"
      Effect   = "Allow"
      Action   = ["lambda:InvokeFunction", "sqs:SendMessage", "sns:Publish", "events:PutEvents", "states:StartExecution", "states:StartSyncExecution", "s3:GetObject", "s3:PutObject"]
      Resource = [for arn in arns : strcontains(arn, ":s3:::") ? "${arn}/*" : arn]
    } if length(arns) > 0
  ])

  always_bounded = [
    {
      Sid      = "Tables"
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
      Resource = local.tables
    },
    {
      Sid      = "Secrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = concat(local.secrets, sort(var.secret_arns))
    },
    {
      Sid       = "OwnKeys"
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = local.keys
      Condition = local.is_ours
    },
    {
      Sid      = "Logs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = local.log_groups
    },
    {
      Sid      = "Traffic"
      Effect   = "Allow"
      Action   = ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"]
      Resource = local.functions
    },
    {
      Sid      = "Alarms"
      Effect   = "Allow"
      Action   = ["cloudwatch:DescribeAlarms"]
      Resource = ["arn:${local.partition}:cloudwatch:*:${local.account_id}:alarm:*"]
    },
    {
      # Lambda needs them for all interfaces of the account, because the id of an interface is unknown before it is
      # created.
      Sid      = "NetworkInterfaces"
      Effect   = "Allow"
      Action   = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"]
      Resource = ["arn:${local.partition}:ec2:*:${local.account_id}:*/*"]
    },
    {
      # None of these has a resource to name.
      Sid      = "Unnamed"
      Effect   = "Allow"
      Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
      Resource = ["*"]
    },
  ]
}
