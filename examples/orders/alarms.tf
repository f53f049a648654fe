# Beside those of the gateway, and to the same topic.

locals {
  alarms = {
    dead-letters = {
      description = "Orders are in the dead-letter queue: they were accepted, and are not processed."
      namespace   = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", statistic = "Maximum", threshold = 0
      dimensions  = { QueueName = aws_sqs_queue.dead_letters.name }
    }
    oldest-order = {
      description = "The oldest order has been in the queue for more than 10 minutes: place is too slow, or fails."
      namespace   = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", statistic = "Maximum", threshold = 600
      dimensions  = { QueueName = aws_sqs_queue.orders.name }
    }
    workflow-failures = {
      description = "An order could not be completed, and not be undone. Its execution names the step; fix the cause, then redrive it."
      namespace   = "AWS/States", metric = "ExecutionsFailed", statistic = "Sum", threshold = 0
      dimensions  = { StateMachineArn = aws_sfn_state_machine.order.arn }
    }
    report-errors = {
      description = "The report of a day was not written. Call the function again with the same scheduled_at."
      namespace   = "AWS/Lambda", metric = "Errors", statistic = "Sum", threshold = 0
      dimensions  = { FunctionName = module.report.name }
    }
    notification-failures = {
      description = "EventBridge could not put a status into the queue of notifications."
      namespace   = "AWS/Events", metric = "FailedInvocations", statistic = "Sum", threshold = 0
      dimensions  = { EventBusName = aws_cloudwatch_event_bus.orders.name, RuleName = aws_cloudwatch_event_rule.notifications.name }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [module.gateway.arns.alarm_topic]
  ok_actions          = [module.gateway.arns.alarm_topic]
}
