# POST /orders → queue → place → table and workflow. GET /orders/{order_id} → status → table.

locals {
  queue = merge(
    # A failed message comes back after six times the function's timeout, as AWS recommends.
    { visibility_seconds = 60, receives = 5, function_timeout_seconds = 10, concurrency = 10 },
    try(local.settings.queue, {}),
  )
}

resource "aws_sqs_queue" "orders" {
  name                       = local.name
  visibility_timeout_seconds = local.queue.visibility_seconds
  message_retention_seconds  = 14 * 86400
  sqs_managed_sse_enabled    = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = local.queue.receives
  })
}

# Messages that failed again and again. The alarm dead-letters says so; `aws sqs start-message-move-task` sends them back
# once the cause is fixed.
resource "aws_sqs_queue" "dead_letters" {
  name                      = "${local.name}-dead-letters"
  message_retention_seconds = 14 * 86400
  sqs_managed_sse_enabled   = true
}

resource "aws_lambda_event_source_mapping" "place" {
  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = module.place.arn
  batch_size       = 10
  # Only the messages that failed come back.
  function_response_types = ["ReportBatchItemFailures"]

  # More orders wait in the queue, and do not overload what processes them.
  scaling_config { maximum_concurrency = local.queue.concurrency }
}

module "place" {
  source = "./function"

  name               = "${local.name}-place"
  zip                = ".postern/functions/place.zip"
  timeout_seconds    = local.queue.function_timeout_seconds
  log_retention_days = local.log_retention_days
  environment        = { ORDERS_TABLE = aws_dynamodb_table.orders.name, WORKFLOW_ARN = aws_sfn_state_machine.order.arn }

  statements = [
    { actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], resources = [aws_sqs_queue.orders.arn] },
    { actions = ["dynamodb:PutItem"], resources = [aws_dynamodb_table.orders.arn] },
    { actions = ["states:StartExecution"], resources = [aws_sfn_state_machine.order.arn] },
  ]
}

module "status" {
  source = "./function"

  name               = "${local.name}-status"
  zip                = ".postern/functions/status.zip"
  log_retention_days = local.log_retention_days
  environment        = { ORDERS_TABLE = aws_dynamodb_table.orders.name }
  statements         = [{ actions = ["dynamodb:GetItem"], resources = [aws_dynamodb_table.orders.arn] }]
}

# A partner's orders, by the id that the partner chose: two partners may choose the same.
resource "aws_dynamodb_table" "orders" {
  name                        = local.name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "partner"
  range_key                   = "order_id"
  deletion_protection_enabled = local.keep_data

  attribute {
    name = "partner"
    type = "S"
  }
  attribute {
    name = "order_id"
    type = "S"
  }
  attribute {
    name = "day"
    type = "S"
  }
  attribute {
    name = "placed_at"
    type = "S"
  }

  global_secondary_index {
    name               = "by-day"
    hash_key           = "day"
    range_key          = "placed_at"
    projection_type    = "INCLUDE"
    non_key_attributes = ["status", "reason", "amount"]
  }

  point_in_time_recovery { enabled = local.keep_data }
}
