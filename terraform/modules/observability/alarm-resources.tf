locals {
  alarms = {
    for key, alarm in merge(local.function_alarms, local.table_alarms, local.gateway_alarms) :
    key => alarm if contains(local.levels[var.alarms], alarm.level)
  }
  levels = { none = [], essential = ["essential"], all = ["essential", "further"] }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  tags                = var.tags
  alarm_description   = "${each.value.description} Runbook: ${var.runbooks_url}/${try(each.value.runbook, each.key)}.md"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold

  # Three bad minutes out of five: one alone may be a deploy or a cold start.
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3

  # Without traffic there is no data, and a gateway without traffic is healthy.
  treat_missing_data = "notBreaching"

  alarm_actions = local.topic_arns
  ok_actions    = local.topic_arns
}
