locals {
  error_rates = {
    for key, alarm in {
      api-5xx-rate = {
        level       = "essential"
        metric      = "5xx"
        threshold   = var.thresholds.server_error_percent
        description = "Too many requests fail on this side. See the errors by route on the dashboard, then the function's log."
      }
      api-4xx-rate = {
        level       = "further"
        metric      = "4xx"
        threshold   = var.thresholds.client_error_percent
        description = "Too many requests are refused: a client's release, expired sessions, a limit too low, or somebody trying doors."
      }
    } : key => alarm if contains(local.levels[var.alarms], alarm.level)
  }
}

resource "aws_cloudwatch_metric_alarm" "error_rate" {
  for_each = local.error_rates

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "percent"
    label       = "${each.value.metric} in percent of requests"
    expression  = "IF(requests >= ${var.thresholds.least_requests_per_minute}, 100 * errors / requests, 0)"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { errors = each.value.metric, requests = "Count" }
    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ApiGateway"
        metric_name = metric_query.value
        dimensions  = local.in_api
        stat        = "Sum"
        period      = 60
      }
    }
  }
}
