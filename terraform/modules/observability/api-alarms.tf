locals {
  in_api = { ApiId = var.api.id, Stage = var.api.stage_name }

  # Names are those of HTTP APIs; an alarm on a REST API's 5XXError would never go off and never say so.
  api_alarms = {
    for key, alarm in {
      api-5xx-rate = {
        level       = "essential"
        metric      = "5xx"
        statistic   = "Sum"
        expression  = "100 * value / requests"
        label       = "5xx in percent of requests"
        threshold   = var.thresholds.server_error_percent
        description = "Too many requests fail on this side. See the errors by route on the dashboard, then the function's log."
      }
      api-4xx-rate = {
        level       = "further"
        metric      = "4xx"
        statistic   = "Sum"
        expression  = "100 * value / requests"
        label       = "4xx in percent of requests"
        threshold   = var.thresholds.client_error_percent
        description = "Too many requests are refused: a client's release, expired sessions, a limit too low, or somebody trying doors."
      }
      api-latency-p95 = {
        level       = "further"
        metric      = "Latency"
        statistic   = "p95"
        expression  = "value"
        label       = "p95 in ms"
        threshold   = var.thresholds.latency_p95_ms
        description = "One request in twenty is slow. See which route and upstream on the dashboard."
      }
      api-latency-p99 = {
        level       = "essential"
        metric      = "Latency"
        statistic   = "p99"
        expression  = "value"
        label       = "p99 in ms"
        threshold   = var.thresholds.latency_p99_ms
        description = "One request in a hundred is slow: cold starts, or an upstream near its timeout."
      }
    } : key => alarm if contains(local.levels[var.alarms], alarm.level)
  }
}

resource "aws_cloudwatch_metric_alarm" "api" {
  for_each = local.api_alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${each.value.description} Runbook: ${var.runbooks_url}/${try(each.value.runbook, each.key)}.md"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  # Of a handful of requests, one that fails or meets a cold start says nothing yet.
  metric_query {
    id          = "judged"
    label       = each.value.label
    expression  = "IF(requests >= ${var.thresholds.least_requests_per_minute}, ${each.value.expression}, 0)"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = {
      requests = { metric = "Count", statistic = "Sum" }
      value    = { metric = each.value.metric, statistic = each.value.statistic }
    }
    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ApiGateway"
        metric_name = metric_query.value.metric
        dimensions  = local.in_api
        stat        = metric_query.value.statistic
        period      = 60
      }
    }
  }
}
