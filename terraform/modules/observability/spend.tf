locals {
  # In US dollars for a million of each.
  prices_per_million = merge(local.further_prices, {
    requests = local.prices.httpApiPerMillion + local.prices.lambdaPerMillion
    # A millisecond of the function at its memory.
    duration_ms = local.prices.lambdaPerGbSecond[var.function.architecture] * 1000 * var.function.memory_mb / 1024
    reads       = local.prices.dynamoDbPerMillionStrongReads
    writes      = local.prices.dynamoDbPerMillionWrites
    log_bytes   = local.prices.logsPerGb / 1000
    bytes       = local.prices.transferOutPerGb / 1000
  })

  spend_metrics = merge(local.further_spend_metrics, {
    requests    = { namespace = "AWS/ApiGateway", metric = "Count", dimensions = local.in_api }
    duration_ms = { namespace = "AWS/Lambda", metric = "Duration", dimensions = local.in_function }
    reads       = { namespace = "AWS/DynamoDB", metric = "ConsumedReadCapacityUnits", dimensions = { TableName = var.tables.sessions } }
    writes      = { namespace = "AWS/DynamoDB", metric = "ConsumedWriteCapacityUnits", dimensions = { TableName = var.tables.rate_limits } }
    log_bytes   = { namespace = "AWS/Logs", metric = "IncomingBytes", dimensions = { LogGroupName = var.function.log_group_name } }
    bytes       = { namespace = "AWS/ApiGateway", metric = "DataProcessed", dimensions = local.in_api }
  })

  # A metric for each, of the ten that an alarm can have.
  further_prices        = { for key, table in local.further_accessed : "${key}_units" => table.does == "Read" ? local.prices.dynamoDbPerMillionStrongReads : local.prices.dynamoDbPerMillionWrites }
  further_spend_metrics = { for key, table in local.further_accessed : "${key}_units" => { namespace = "AWS/DynamoDB", metric = "Consumed${table.does}CapacityUnits", dimensions = { TableName = table.name } } }

  spend         = "(${join(" + ", [for key, price in local.prices_per_million : "${format("%.9f", price)} * FILL(${key}, 0)"])}) / 1000000"
  spend_per_day = "${local.spend} * 86400 / PERIOD(requests)"
}

# AWS Budgets reports hours later. This uses the metrics of the last minutes and the price list.
resource "aws_cloudwatch_metric_alarm" "spend" {
  for_each = toset(contains(local.levels[var.alarms], "essential") ? ["spend-rate"] : [])

  alarm_name          = "${var.name}-${each.key}"
  tags                = var.tags
  alarm_description   = "For ten minutes, requests, compute, tables, logs and transfer have cost more than $${var.spend_alarm_usd_per_day} a day. Runbook: ${var.runbooks_url}/${each.key}.md"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.spend_alarm_usd_per_day
  evaluation_periods  = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topic_arns
  ok_actions          = local.topic_arns

  metric_query {
    id          = "judged"
    label       = "US dollars a day"
    expression  = local.spend_per_day
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.spend_metrics
    content {
      id = metric_query.key

      metric {
        namespace   = metric_query.value.namespace
        metric_name = metric_query.value.metric
        dimensions  = metric_query.value.dimensions
        stat        = "Sum"
        period      = 300
      }
    }
  }
}
