# The name by which AWS publishes the newest extension of major version 1.
data "aws_ssm_parameter" "extension" {
  name = "/aws/service/fis/lambda-extension/AWS-FIS-extension-${var.architecture}/1.x.x"
}

resource "aws_s3_bucket" "faults" {
  # checkov:skip=CKV_AWS_18:It holds the active fault for minutes; CloudTrail records who starts an experiment.
  # checkov:skip=CKV_AWS_144:FIS requires it in the function's region.
  # The hash stands for account and region: a name has 63 characters at most.
  bucket        = "${var.name}-faults-${substr(sha256("${data.aws_caller_identity.this.account_id}-${var.region}"), 0, 12)}"
  force_destroy = true
  tags          = var.tags

  # Those of earlier versions have no region in their names, and would be replaced.
  lifecycle {
    ignore_changes = [bucket]
  }
}

# Shows for a day which fault was active when.
resource "aws_s3_bucket_versioning" "faults" {
  bucket = aws_s3_bucket.faults.id

  versioning_configuration {
    status = "Enabled"
  }
}

# To EventBridge, where a rule can notify people of an active fault.
resource "aws_s3_bucket_notification" "faults" {
  bucket      = aws_s3_bucket.faults.id
  eventbridge = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "faults" {
  bucket = aws_s3_bucket.faults.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "faults" {
  bucket                  = aws_s3_bucket.faults.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "faults" {
  bucket = aws_s3_bucket.faults.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RefuseWithoutTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.faults.arn, "${aws_s3_bucket.faults.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  # S3 accepts one change of a bucket's access at a time.
  depends_on = [aws_s3_bucket_public_access_block.faults]
}

# A fault ends at its own time, even if its experiment is interrupted. This removes the objects.
resource "aws_s3_bucket_lifecycle_configuration" "faults" {
  bucket = aws_s3_bucket.faults.id

  rule {
    id     = "forget-faults"
    status = "Enabled"

    filter {}

    expiration {
      days = 1
    }

    noncurrent_version_expiration {
      noncurrent_days = 1
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.faults]
}
