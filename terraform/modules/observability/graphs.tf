locals {
  latency_graphs = [
    {
      title = "Latency: API"
      unit  = "ms"
      lines = [{ label = "alarm, p95", value = var.thresholds.latency_p95_ms }, { label = "alarm, p99", value = var.thresholds.latency_p99_ms }]
      metrics = concat(
        [for stat in ["p50", "p95", "p99"] : concat(["AWS/ApiGateway", "Latency"], local.in_api_list, [{ stat = stat, label = stat }])],
        [concat(["AWS/ApiGateway", "IntegrationLatency"], local.in_api_list, [{ stat = "p95", label = "function, p95" }])],
      )
    },
    {
      title = "Latency: function, by route"
      unit  = "ms"
      lines = []
      metrics = [for stat in ["p50", "p95", "p99"] : [{
        expression = "SEARCH('${local.search.latency}', '${stat}', 60)", label = "${local.by_route} ${stat}"
      }]]
    },
    {
      title = "Latency: upstreams, by route"
      unit  = "ms"
      lines = []
      metrics = [for stat in ["p50", "p95", "p99"] : [{
        expression = "SEARCH('${local.search.upstreamLatency}', '${stat}', 60)", label = "${local.by_route} ${stat}"
      }]]
    },
  ]

  traffic_graphs = [
    {
      title = "Traffic: API"
      unit  = "requests a minute"
      lines = []
      metrics = [
        concat(["AWS/ApiGateway", "Count"], local.in_api_list, [{ stat = "Sum", label = "requests" }]),
      ]
    },
    {
      title   = "Traffic: by route"
      unit    = "requests a minute"
      lines   = []
      metrics = [[{ expression = "SEARCH('${local.search.requests}', 'Sum', 60)", label = local.by_route }]]
    },
    {
      title = "Traffic: tables"
      unit  = "capacity units a minute"
      lines = []
      metrics = [
        ["AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", var.tables.sessions, { stat = "Sum", label = "sessions, read" }],
        ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", var.tables.rate_limits, { stat = "Sum", label = "rate limits, written" }],
      ]
    },
  ]

  error_graphs = [
    {
      title = "Errors: API and function"
      unit  = "a minute"
      lines = []
      metrics = [
        concat(["AWS/ApiGateway", "5xx"], local.in_api_list, [{ stat = "Sum", label = "5xx" }]),
        concat(["AWS/ApiGateway", "4xx"], local.in_api_list, [{ stat = "Sum", label = "4xx" }]),
        concat(["AWS/Lambda", "Errors"], local.in_function_list, [{ stat = "Sum", label = "crashes and timeouts" }]),
      ]
    },
    {
      title = "Errors: refusals"
      unit  = "a minute"
      lines = []
      metrics = [
        [{ expression = "SEARCH('${local.search.authFailures}', 'Sum', 60)", label = "not signed in" }],
        [{ expression = "SEARCH('${local.search.rateLimited}', 'Sum', 60)", label = "over the limit ${local.by_rule}" }],
        [{ expression = "SEARCH('${local.search.limiterStoreFailures}', 'Sum', 60)", label = "limit not known" }],
      ]
    },
    {
      title = "Errors: upstreams"
      unit  = "a minute"
      lines = []
      metrics = [
        [{ expression = "SEARCH('${local.search.serverErrors}', 'Sum', 60)", label = "5xx ${local.by_route}" }],
        [{ expression = "SEARCH('${local.search.breakerOpenings}', 'Sum', 60)", label = "breaker opened ${local.by_upstream}" }],
      ]
    },
  ]

  saturation_graphs = [
    {
      title = "Saturation: function"
      unit  = "requests at once"
      lines = [for limit in var.function.reserved_concurrency[*] : { label = "reserved", value = limit }]
      metrics = [
        concat(["AWS/Lambda", "ConcurrentExecutions"], local.in_function_list, [{ stat = "Maximum", label = "at work" }]),
        concat(["AWS/Lambda", "Throttles"], local.in_function_list, [{ stat = "Sum", label = "refused" }]),
        [{ expression = "SEARCH('${local.search.coldStarts}', 'Sum', 60)", label = "cold starts" }],
      ]
    },
    {
      title = "Saturation: time against the timeout"
      unit  = "ms"
      lines = [{ label = "timeout", value = var.function.timeout_seconds * 1000 }]
      metrics = [for stat in ["p50", "p95", "p99", "Maximum"] :
        concat(["AWS/Lambda", "Duration"], local.in_function_list, [{ stat = stat, label = stat }])
      ]
    },
    {
      title = "Saturation: tables"
      unit  = "a minute; ms"
      lines = []
      metrics = [
        ["AWS/DynamoDB", "ReadThrottleEvents", "TableName", var.tables.sessions, { stat = "Sum", label = "sessions, refused" }],
        ["AWS/DynamoDB", "WriteThrottleEvents", "TableName", var.tables.rate_limits, { stat = "Sum", label = "rate limits, refused" }],
        ["AWS/DynamoDB", "SuccessfulRequestLatency", "TableName", var.tables.sessions, "Operation", "GetItem", { stat = "p99", label = "sessions, p99 ms" }],
        ["AWS/DynamoDB", "SuccessfulRequestLatency", "TableName", var.tables.rate_limits, "Operation", "UpdateItem", { stat = "p99", label = "rate limits, p99 ms" }],
      ]
    },
  ]
}
