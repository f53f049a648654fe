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

  lifecycle {
    # IAM counts all inline policies of a role together, without white space.
    precondition {
      condition     = length(local.policy) <= 10240
      error_message = "The policy of the function's role has ${length(local.policy)} characters, and IAM allows 10240. Split the contract: two gateways can share a domain."
    }
  }
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
    [for permission in var.permissions : merge(
      {
        Effect   = "Allow"
        Action   = permission.actions
        Resource = permission.resources
      },
      length(permission.leading_keys) == 0 ? {} : {
        Condition = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = permission.leading_keys } }
      },
    )],
    [{
      Sid      = "WriteLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${local.log_group.arn}:*"]
    }],
    [for keys in [distinct(compact(concat(var.kms_key_arn[*], var.further_kms_key_arns)))] : {
      Sid      = "DecryptWhatItReads"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = keys
    } if length(keys) > 0],
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
}
