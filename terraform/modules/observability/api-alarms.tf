locals {
  in_api = { ApiId = var.api.id, Stage = var.api.stage_name }

  # The metric names are those of HTTP APIs. An alarm on 5XXError, a name of REST APIs, would never go off.
  api_alarms = {
    for key, alarm in {
      api-5xx-rate = {
        level       = "essential"
        metric      = "5xx"
        statistic   = "Sum"
        expression  = "100 * value / requests"
        label       = "5xx in percent of requests"
        threshold   = var.thresholds.server_error_percent
        description = "Too many requests fail with 5xx. See the errors by route on the dashboard, then the function's log."
      }
      api-4xx-rate = {
        level       = "further"
        metric      = "4xx"
        statistic   = "Sum"
        expression  = "100 * value / requests"
        label       = "4xx in percent of requests"
        threshold   = var.thresholds.client_error_percent
        description = "Too many requests fail with 4xx: a new release of a client, expired sessions, a limit that is too low, or a scan for weaknesses."
      }
      api-latency-p95 = {
        level       = "further"
        metric      = "Latency"
        statistic   = "p95"
        expression  = "value"
        label       = "p95 in ms"
        threshold   = var.thresholds.latency_p95_ms
        description = "More than 5 % of the requests are slow. The dashboard shows the route and the upstream."
      }
      api-latency-p99 = {
        level       = "essential"
        metric      = "Latency"
        statistic   = "p99"
        expression  = "value"
        label       = "p99 in ms"
        threshold   = var.thresholds.latency_p99_ms
        description = "More than 1 % of the requests are slow: cold starts, or an upstream close to its timeout."
      }
    } : key => alarm if contains(local.levels[var.alarms], alarm.level)
  }
}

resource "aws_cloudwatch_metric_alarm" "api" {
  for_each = local.api_alarms

  alarm_name          = "${var.name}-${each.key}"
  tags                = var.tags
  alarm_description   = "${each.value.description} Runbook: ${var.runbooks_url}/${try(each.value.runbook, each.key)}.md"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topic_arns
  ok_actions          = local.topic_arns

  # Of few requests, one failure or cold start means nothing.
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
