# Stock, payment, shipment. If a step fails for good, it and those before it are undone, and the order is rejected.

locals {
  # A failed step may have had its effect: it failed after it, or its response was lost. So it is undone as well.
  steps = {
    ReserveStock   = { function = module.service["stock"].arn, undo = "ReleaseStock", then = "ChargePayment" }
    ChargePayment  = { function = module.service["payment"].arn, undo = "RefundPayment", then = "CreateShipment" }
    CreateShipment = { function = module.service["shipment"].arn, undo = "CancelShipment", then = "Complete" }
  }
  undo_steps = {
    CancelShipment = { function = module.service["shipment"].arn, then = "RefundPayment" }
    RefundPayment  = { function = module.service["payment"].arn, then = "ReleaseStock" }
    ReleaseStock   = { function = module.service["stock"].arn, then = "Reject" }
  }

  # The execution's name is the key by which a service recognizes a step that is repeated.
  task = {
    Type           = "Task"
    TimeoutSeconds = 15
    ResultPath     = null
    Parameters = {
      "partner.$" = "$.partner"
      "order.$"   = "$.order"
      "key.$"     = "$$.Execution.Name"
      "retry.$"   = "$$.State.RetryCount"
    }
  }
  retry = { ErrorEquals = ["States.ALL"], IntervalSeconds = 1, BackoffRate = 2, MaxAttempts = try(local.settings.retries, 6), JitterStrategy = "FULL" }
  # A service refuses the order: another attempt changes nothing.
  final = { ErrorEquals = ["OutOfStock", "PaymentDeclined", "NoCarrier"], MaxAttempts = 0 }

  key_of_order = { partner = { "S.$" = "$.partner" }, order_id = { "S.$" = "$.order.order_id" } }
  update = {
    Type       = "Task"
    Resource   = "arn:aws:states:::dynamodb:updateItem"
    ResultPath = "$.outcome"
    Retry      = [local.retry]
    Next       = "Notify"
  }

  workflow = {
    StartAt = "ReserveStock"
    States = merge(
      { for name, step in local.steps : name => merge(local.task, {
        Resource   = step.function
        Parameters = merge(local.task.Parameters, { action = "do" })
        Retry      = [local.final, local.retry]
        Catch      = [{ ErrorEquals = ["States.ALL"], ResultPath = "$.failure", Next = step.undo }]
        Next       = step.then
      }) },
      { for name, step in local.undo_steps : name => merge(local.task, {
        Resource   = step.function
        Parameters = merge(local.task.Parameters, { action = "undo" })
        # An execution whose undo fails for good has failed: the alarm workflow-failures says so.
        Retry = [local.retry]
        Next  = step.then
      }) },
      {
        Complete = merge(local.update, {
          Parameters = {
            TableName                 = aws_dynamodb_table.orders.name
            Key                       = local.key_of_order
            UpdateExpression          = "SET #status = :status"
            ExpressionAttributeNames  = { "#status" = "status" }
            ExpressionAttributeValues = { ":status" = { S = "COMPLETED" } }
          }
          ResultSelector = { status = "COMPLETED" }
        })
        Reject = merge(local.update, {
          Parameters = {
            TableName                 = aws_dynamodb_table.orders.name
            Key                       = local.key_of_order
            UpdateExpression          = "SET #status = :status, reason = :reason"
            ExpressionAttributeNames  = { "#status" = "status" }
            ExpressionAttributeValues = { ":status" = { S = "REJECTED" }, ":reason" = { "S.$" = "$.failure.Error" } }
          }
          ResultSelector = { status = "REJECTED" }
        })
        Notify = {
          Type     = "Task"
          Resource = "arn:aws:states:::events:putEvents"
          Parameters = { Entries = [{
            EventBusName = aws_cloudwatch_event_bus.orders.name
            Source       = "orders"
            DetailType   = "OrderStatusChanged"
            Detail = {
              "partner.$"  = "$.partner"
              "order_id.$" = "$.order.order_id"
              "status.$"   = "$.outcome.status"
            }
          }] }
          Retry = [local.retry]
          End   = true
        }
      },
    )
  }
}

# Standard, not Express: an execution runs exactly once for its name, and its history is kept for 90 days.
resource "aws_sfn_state_machine" "order" {
  name       = local.name
  role_arn   = aws_iam_role.workflow.arn
  definition = jsonencode(local.workflow)

  depends_on = [aws_iam_role_policy.workflow]
}

resource "aws_iam_role" "workflow" {
  name = "${local.name}-workflow"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "states.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "workflow" {
  name = "workflow"
  role = aws_iam_role.workflow.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["lambda:InvokeFunction"], Resource = values(module.service)[*].arn },
      { Effect = "Allow", Action = ["dynamodb:UpdateItem"], Resource = [aws_dynamodb_table.orders.arn] },
      { Effect = "Allow", Action = ["events:PutEvents"], Resource = [aws_cloudwatch_event_bus.orders.arn] },
    ]
  })
}

# Three functions that stand for your services. `effects` is all that they know: what they have done, and undone.
module "service" {
  source   = "./function"
  for_each = toset(["stock", "payment", "shipment"])

  name               = "${local.name}-${each.key}"
  zip                = ".postern/functions/${each.key}.zip"
  log_retention_days = local.log_retention_days
  environment        = { EFFECTS_TABLE = aws_dynamodb_table.effects.name }
  statements         = [{ actions = ["dynamodb:UpdateItem"], resources = [aws_dynamodb_table.effects.arn] }]
}

resource "aws_dynamodb_table" "effects" {
  name         = "${local.name}-effects"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "order"
  range_key    = "effect"

  attribute {
    name = "order"
    type = "S"
  }
  attribute {
    name = "effect"
    type = "S"
  }
}

# Every service that needs the status of orders adds a rule. This one is for the queue of a service that sends e-mails.
resource "aws_cloudwatch_event_bus" "orders" {
  name = local.name
}

resource "aws_cloudwatch_event_rule" "notifications" {
  name           = "${local.name}-notifications"
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  event_pattern  = jsonencode({ source = ["orders"], detail-type = ["OrderStatusChanged"] })
}

resource "aws_cloudwatch_event_target" "notifications" {
  rule           = aws_cloudwatch_event_rule.notifications.name
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  arn            = aws_sqs_queue.notifications.arn
}

resource "aws_sqs_queue" "notifications" {
  name                    = "${local.name}-notifications"
  sqs_managed_sse_enabled = true
}

resource "aws_sqs_queue_policy" "notifications" {
  queue_url = aws_sqs_queue.notifications.url

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.notifications.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.notifications.arn } }
    }]
  })
}
