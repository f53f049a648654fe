data "aws_caller_identity" "this" {}

resource "aws_iam_role" "fis" {
  name        = "${var.name}-fis-${var.region}"
  path        = var.iam_path
  description = "What an experiment may do to the gateway"
  tags        = var.tags

  permissions_boundary = var.permissions_boundary_arn

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "fis.amazonaws.com" }
      Action    = "sts:AssumeRole"
      # Experiments of other accounts cannot borrow the role.
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.this.account_id } }
    }]
  })

  # Those of earlier versions have no region in their names, and would be replaced.
  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_iam_role_policy" "fis" {
  name   = "experiments"
  role   = aws_iam_role.fis.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}

locals {
  statements = concat(
    [
      {
        Sid      = "SwitchFaults"
        Effect   = "Allow"
        Action   = ["s3:PutObject", "s3:DeleteObject"]
        Resource = ["${aws_s3_bucket.faults.arn}/${local.prefix}/*"]
      },
      {
        Sid      = "ReadWhereTheFunctionLooks"
        Effect   = "Allow"
        Action   = ["lambda:GetFunction"]
        Resource = [var.function_arn]
      },
      # The search by tag and the delivery of logs do not support resources.
      {
        Sid      = "FindTargets"
        Effect   = "Allow"
        Action   = ["tag:GetResources"]
        Resource = ["*"]
      },
      {
        Sid    = "DeliverLogs"
        Effect = "Allow"
        Action = [
          "logs:CreateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
        ]
        Resource = ["*"]
      },
    ],
    # The function's variables and the bucket are encrypted under it.
    [for key_arn in var.kms_key_arn[*] : {
      Sid      = "UseTheKey"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = [key_arn]
    }],
  )
}
