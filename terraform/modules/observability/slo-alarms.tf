locals {
  # The share of requests that each objective allows to fail, and how many times faster than that the budget burns.
  objectives = {
    availability = {
      allowed   = format("%.6f", (100 - var.slo.availability_percent) / 100)
      metric    = "5xx"
      statistic = "Sum"
      bad       = "FILL(value, 0)"
    }
    latency = {
      allowed   = "0.05"
      metric    = "Latency"
      statistic = "PR(:${var.slo.latency_p95_ms})"
      bad       = "(100 - value) / 100 * requests"
    }
  }

  burn_rates = { for key, objective in local.objectives : key => "(${objective.bad}) / requests / ${objective.allowed}" }

  # Google's SRE workbook, chapter 5: 2 % of a month's budget in one hour, 5 % in six. The short window ends the alarm
  # soon after the failures end.
  burns = {
    fast = { rate = 14.4, windows = { "1h" = 3600, "5m" = 300 } }
    slow = { rate = 6, windows = { "6h" = 21600, "30m" = 1800 } }
  }

  burn_windows = flatten([
    for speed, burn in local.burns : [
      for window, seconds in burn.windows : { speed = speed, rate = burn.rate, window = window, seconds = seconds }
    ]
  ])

  watched_objectives = contains(local.levels[var.alarms], "further") ? keys(local.objectives) : []

  slo_alarms = {
    for pair in setproduct(local.watched_objectives, local.burn_windows) :
    "slo-${pair[0]}-burn-${pair[1].window}" => merge(pair[1], { objective = pair[0], runbook = "slo-${pair[1].speed}-burn" })
  }
}

# An alarm has one period, so each window has a separate alarm without actions.
resource "aws_cloudwatch_metric_alarm" "slo" {
  for_each = local.slo_alarms

  alarm_name          = "${var.name}-${each.key}"
  tags                = var.tags
  alarm_description   = "Part of ${var.name}-slo-${each.value.speed}-burn: ${each.value.objective} over ${each.value.window}. Runbook: ${var.runbooks_url}/${each.value.runbook}.md"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.rate
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"

  # One failure in a hundred requests is a burn rate of ten.
  metric_query {
    id          = "judged"
    label       = "burn rate"
    expression  = "IF(requests >= ${var.slo.least_requests}, ${local.burn_rates[each.value.objective]}, 0)"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = {
      requests = { metric = "Count", statistic = "Sum" }
      value    = local.objectives[each.value.objective]
    }
    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ApiGateway"
        metric_name = metric_query.value.metric
        dimensions  = local.in_api
        stat        = metric_query.value.statistic
        period      = each.value.seconds
      }
    }
  }
}

resource "aws_cloudwatch_composite_alarm" "slo" {
  for_each = { for speed, burn in local.burns : speed => burn if length(local.slo_alarms) > 0 }

  alarm_name        = "${var.name}-slo-${each.key}-burn"
  tags              = var.tags
  alarm_description = "The error budget of 30 days burns ${each.value.rate} times too fast, over both ${join(" and ", reverse(sort(keys(each.value.windows))))}. Runbook: ${var.runbooks_url}/slo-${each.key}-burn.md"
  alarm_rule = join(" OR ", [
    for objective in local.watched_objectives : format("(%s)", join(" AND ", [
      for window in keys(each.value.windows) :
      format("ALARM(\"%s\")", aws_cloudwatch_metric_alarm.slo["slo-${objective}-burn-${window}"].alarm_name)
    ]))
  ])
  alarm_actions = local.topic_arns
  ok_actions    = local.topic_arns
}
