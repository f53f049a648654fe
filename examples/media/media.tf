# What is behind the gateway: two buckets, the function that processes images, the table, and the function that reads it.

data "aws_caller_identity" "this" {}

locals {
  log_retention_days = try(local.settings.operations.log_retention_days, 30)
  # As the gateway's tables: protected unless the environment says otherwise.
  keep_data = try(local.settings.stores.deletion_protection, true)
}

# Two buckets, so that a thumbnail never begins another round.
resource "aws_s3_bucket" "this" {
  for_each = toset(["uploads", "thumbnails"])

  bucket        = "${local.name}-${each.key}-${data.aws_caller_identity.this.account_id}"
  force_destroy = !local.keep_data
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = aws_s3_bucket.this

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# What is processed is not needed any longer, except to process it again. Terraform waits for it for a minute, and an
# emulator deletes nothing.
resource "aws_s3_bucket_lifecycle_configuration" "uploads" {
  for_each = toset(var.emulator_url == null ? ["uploads"] : [])

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    id     = "uploads"
    status = "Enabled"
    filter { prefix = "uploads/" }
    expiration { days = 30 }
  }
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = aws_s3_bucket.this["uploads"].id

  lambda_function {
    lambda_function_arn = module.process.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "uploads/"
  }

  depends_on = [aws_lambda_permission.process]
}

resource "aws_lambda_permission" "process" {
  function_name  = module.process.name
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.this["uploads"].arn
  source_account = data.aws_caller_identity.this.account_id
}

# Lambda itself queues events. One that fails is tried again twice, after a minute and after two.
resource "aws_lambda_function_event_invoke_config" "process" {
  function_name                = module.process.name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 6 * 60 * 60

  destination_config {
    on_failure { destination = aws_sqs_queue.failed.arn }
  }
}

resource "aws_sqs_queue" "failed" {
  name                      = "${local.name}-failed"
  message_retention_seconds = 14 * 24 * 60 * 60
  sqs_managed_sse_enabled   = true
}

resource "aws_dynamodb_table" "images" {
  name                        = "${local.name}-images"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = local.keep_data

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = local.keep_data
  }
}

module "process" {
  source = "./function"

  name               = "${local.name}-process"
  zip                = ".postern/functions/process.zip"
  memory_mb          = 1769 # One processor: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
  timeout_seconds    = 30
  concurrency        = try(local.settings.process_concurrency, -1)
  log_retention_days = local.log_retention_days

  environment = {
    IMAGES_TABLE      = aws_dynamodb_table.images.name
    THUMBNAILS_BUCKET = aws_s3_bucket.this["thumbnails"].id
  }

  statements = [
    { actions = ["s3:GetObject"], resources = ["${aws_s3_bucket.this["uploads"].arn}/uploads/*"] },
    { actions = ["s3:PutObject"], resources = ["${aws_s3_bucket.this["thumbnails"].arn}/thumbnails/*"] },
    { actions = ["dynamodb:PutItem"], resources = [aws_dynamodb_table.images.arn] },
    { actions = ["sqs:SendMessage"], resources = [aws_sqs_queue.failed.arn] },
  ]
}

module "images" {
  source = "./function"

  name               = "${local.name}-images"
  zip                = ".postern/functions/images.zip"
  log_retention_days = local.log_retention_days
  environment        = { IMAGES_TABLE = aws_dynamodb_table.images.name }

  statements = [{ actions = ["dynamodb:GetItem"], resources = [aws_dynamodb_table.images.arn] }]
}

# The gateway's own alarms are part of the module; these go to the same topic.
resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = {
    failed-uploads = {
      description = "Uploads could not be processed, three times each. Their events are in the queue."
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = aws_sqs_queue.failed.name }
      threshold   = 0
    }
    late-uploads = {
      description = "Uploads wait for more than five minutes before they are processed."
      namespace   = "AWS/Lambda"
      metric      = "AsyncEventAge" # In milliseconds.
      dimensions  = { FunctionName = module.process.name }
      threshold   = 5 * 60 * 1000
    }
  }

  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = [module.gateway.arns.alarm_topic]
  ok_actions          = [module.gateway.arns.alarm_topic]
}
