# Every night at 01:00 UTC: the orders of the day before as CSV in S3.

module "report" {
  source = "./function"

  name               = "${local.name}-report"
  zip                = ".postern/functions/report.zip"
  timeout_seconds    = 300
  log_retention_days = local.log_retention_days
  environment        = { ORDERS_TABLE = aws_dynamodb_table.orders.name, REPORTS_BUCKET = aws_s3_bucket.reports.bucket }

  statements = [
    { actions = ["dynamodb:Query"], resources = ["${aws_dynamodb_table.orders.arn}/index/by-day"] },
    { actions = ["s3:PutObject"], resources = ["${aws_s3_bucket.reports.arn}/*"] },
  ]
}

resource "aws_scheduler_schedule" "report" {
  name                = "${local.name}-report"
  schedule_expression = "cron(0 1 * * ? *)"

  flexible_time_window { mode = "OFF" }

  target {
    arn      = module.report.arn
    role_arn = aws_iam_role.schedule.arn
    # Scheduler fills it in: a late or repeated call writes the same report.
    input = jsonencode({ scheduled_at = "<aws.scheduler.scheduled-time>" })
  }
}

resource "aws_iam_role" "schedule" {
  name = "${local.name}-schedule"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "scheduler.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  name = "schedule"
  role = aws_iam_role.schedule.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["lambda:InvokeFunction"], Resource = [module.report.arn] }]
  })
}

data "aws_caller_identity" "this" {}

# The name of a bucket is unique in all of AWS.
resource "aws_s3_bucket" "reports" {
  bucket        = "${local.name}-reports-${data.aws_caller_identity.this.account_id}"
  force_destroy = !local.keep_data
}

resource "aws_s3_bucket_public_access_block" "reports" {
  bucket = aws_s3_bucket.reports.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
