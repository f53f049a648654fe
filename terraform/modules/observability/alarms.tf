locals {
  alarms = {
    for key, alarm in merge(local.api_alarms, local.function_alarms, local.table_alarms, local.gateway_alarms) :
    key => alarm if contains(local.levels[var.alarms], alarm.level)
  }
  levels = { none = [], essential = ["essential"], all = ["essential", "further"] }

  in_api      = { ApiId = var.api.id, Stage = var.api.stage_name }
  in_function = { FunctionName = var.function.name }

  api_alarms = {
    api-latency-p95 = {
      level       = "further", namespace = "AWS/ApiGateway", metric = "Latency", dimensions = local.in_api, statistic = "p95"
      threshold   = var.thresholds.latency_p95_ms
      description = "One request in twenty is slow. See which route and upstream on the dashboard."
    }
    api-latency-p99 = {
      level       = "essential", namespace = "AWS/ApiGateway", metric = "Latency", dimensions = local.in_api, statistic = "p99"
      threshold   = var.thresholds.latency_p99_ms
      description = "One request in a hundred is slow: cold starts, or an upstream near its timeout."
    }
  }

  function_alarms = merge({
    function-errors = {
      level       = "essential", namespace = "AWS/Lambda", metric = "Errors", dimensions = local.in_function, statistic = "Sum"
      threshold   = 0
      description = "The function crashed, ran out of memory or out of time: it answers every other fault itself. See its log."
    }
    function-throttles = {
      level       = "essential", namespace = "AWS/Lambda", metric = "Throttles", dimensions = local.in_function, statistic = "Sum"
      threshold   = 0
      description = "Requests were refused for want of concurrency. Raise reserved_concurrency or the account's limit."
    }
    function-duration = {
      level       = "further", namespace = "AWS/Lambda", metric = "Duration", dimensions = local.in_function, statistic = "Maximum"
      threshold   = var.function.timeout_seconds * 1000 * 0.8
      description = "A request took four fifths of the time there is. An upstream's timeout is too long."
    }
    },
    {
      for key, limit in { function-concurrency = var.function.reserved_concurrency } : key => {
        level                                  = "further", namespace = "AWS/Lambda", metric = "ConcurrentExecutions", dimensions = local.in_function, statistic = "Maximum"
        threshold                              = limit * 0.8
        description                            = "Four fifths of reserved_concurrency are at work at once."
      } if limit != null
    }
  )

  # On-demand tables report these only when it happens.
  table_alarms = {
    sessions-throttles = {
      level       = "further", namespace = "AWS/DynamoDB", metric = "ReadThrottleEvents", dimensions = { TableName = var.tables.sessions }, statistic = "Sum"
      threshold   = 0
      description = "Session reads were refused. Traffic has doubled within 30 minutes, or one session is asked for over 3,000 times a second."
    }
    rate-limits-throttles = {
      level       = "further", namespace = "AWS/DynamoDB", metric = "WriteThrottleEvents", dimensions = { TableName = var.tables.rate_limits }, statistic = "Sum"
      threshold   = 0
      description = "Limiter writes were refused. One client's key may be hot: a key takes 1,000 writes a second."
    }
    sessions-system-errors = {
      level       = "further", namespace = "AWS/DynamoDB", metric = "SystemErrors", dimensions = { TableName = var.tables.sessions, Operation = "GetItem" }, statistic = "Sum"
      threshold   = 0
      description = "DynamoDB fails to read sessions: signed-in requests get 503."
    }
    rate-limits-system-errors = {
      level       = "further", namespace = "AWS/DynamoDB", metric = "SystemErrors", dimensions = { TableName = var.tables.rate_limits, Operation = "UpdateItem" }, statistic = "Sum"
      threshold   = 0
      description = "DynamoDB fails to count requests: each limit's onStoreFailure decides."
    }
  }

  gateway_alarms = merge({
    limiter-store-failures = {
      level       = "essential", namespace = var.metrics.namespace, metric = var.metrics.metrics.limiterStoreFailures.name, dimensions = local.in_environment, statistic = "Sum"
      threshold   = 0
      description = "Requests were let through or refused without a look at the limit, as each limit's onStoreFailure says."
    }
    },
    {
      for upstream in var.upstreams : "breaker-${upstream}" => {
        level       = "further", namespace = var.metrics.namespace, metric = var.metrics.metrics.breakerOpenings.name, statistic = "Sum"
        dimensions  = merge(local.in_environment, { (var.metrics.dimensions.upstream) = upstream })
        threshold   = 0
        description = "The upstream ${upstream} failed so often that requests to it were refused for a while."
      }
    }
  )
  in_environment = { (var.metrics.dimensions.environment) = var.environment }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold

  # Three bad minutes out of five: one alone may be a deploy or a cold start.
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3

  # No traffic is no data, and nothing is wrong with a gateway that nobody calls.
  treat_missing_data                    = "notBreaching"
  evaluate_low_sample_count_percentiles = startswith(each.value.statistic, "p") ? "ignore" : null

  alarm_actions = [aws_sns_topic.alarms.arn]
  ok_actions    = [aws_sns_topic.alarms.arn]
}
