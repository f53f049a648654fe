resource "aws_iam_role" "this" {
  for_each = toset(var.role == null ? ["own"] : [])

  name        = coalesce(var.role_name, var.name)
  path        = var.iam_path
  description = "What the gateway's function may do"
  tags        = var.tags

  permissions_boundary = var.permissions_boundary_arn

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })

  # Those of earlier versions have no region in their names, and would be replaced.
  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_iam_role_policy" "this" {
  for_each = aws_iam_role.this

  name   = "gateway"
  role   = each.value.id
  policy = local.policy
}

moved {
  from = aws_iam_role.this
  to   = aws_iam_role.this["own"]
}

moved {
  from = aws_iam_role_policy.this
  to   = aws_iam_role_policy.this["own"]
}

locals {
  role   = var.role == null ? { name = aws_iam_role.this["own"].name, arn = aws_iam_role.this["own"].arn } : var.role
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })

  statements = concat(
    local.always,
    [for keys in [distinct(compact(concat(var.kms_key_arn[*], var.further_kms_key_arns)))] : {
      Sid      = "DecryptWhatItReads"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = keys
    } if length(keys) > 0],
    [for secret_arn in var.proxy_secret_arn[*] : {
      Sid      = "ReadProxySecret"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = [secret_arn]
    }],
    # The items that execution environments share; TakeFromBuckets lets them write there.
    [for sid in var.access_tokens ? ["ReadKeysOfIssuers"] : [] : {
      Sid       = sid
      Effect    = "Allow"
      Action    = ["dynamodb:GetItem"]
      Resource  = [var.rate_limits_table_arn]
      Condition = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["issuer-keys/*"] } }
    }],
    # UpdateItem notes the day of the last use.
    [for table_arn in var.credentials_table_arn[*] : {
      Sid      = "ReadCredentials"
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
      Resource = [table_arn]
    }],
    # One item of the table, and only while faults are allowed.
    [for sid in var.fault_injection ? ["ReadActiveFault"] : [] : {
      Sid       = sid
      Effect    = "Allow"
      Action    = ["dynamodb:GetItem"]
      Resource  = [var.rate_limits_table_arn]
      Condition = { "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["fault-injection"] } }
    }],
    # The actions of X-Ray and of the network interfaces of a VPC do not support resources.
    [for sid in var.tracing ? ["SendTraces"] : [] : {
      Sid      = sid
      Effect   = "Allow"
      Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      Resource = ["*"]
    }],
    flatten([for extension in var.fault_extension[*] : [
      {
        Sid       = "LookForFaults"
        Effect    = "Allow"
        Action    = ["s3:ListBucket"]
        Resource  = [extension.bucket_arn]
        Condition = { StringLike = { "s3:prefix" = ["${extension.prefix}/*"] } }
      },
      {
        Sid      = "ReadFaults"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = ["${extension.bucket_arn}/${extension.prefix}/*"]
      },
    ]]),
    [for sid in var.vpc == null ? [] : ["JoinVpc"] : {
      Sid      = sid
      Effect   = "Allow"
      Action   = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"]
      Resource = ["*"]
    }],
  )

  always = [
    {
      Sid      = "ReadSessions"
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem"]
      Resource = var.sessions_table_arns
    },
    {
      Sid      = "TakeFromBuckets"
      Effect   = "Allow"
      Action   = ["dynamodb:UpdateItem"]
      Resource = [var.rate_limits_table_arn]
    },
    {
      Sid      = "ReadSigningKey"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = [var.signing_secret_arn]
    },
    {
      Sid      = "WriteLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${local.log_group.arn}:*"]
    },
  ]
}
