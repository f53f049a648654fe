locals {
  month = { start = "-P30D", period = 3600 }

  judged_queries = {
    for key, metric in { requests = ["Count", "Sum"], value = ["5xx", "Sum"], within = ["Latency", "PR(:${var.slo.latency_p95_ms})"] } :
    key => concat(["AWS/ApiGateway", metric[0]], local.in_api_list, [{ id = key, stat = metric[1], visible = false }])
  }
  slow = "(100 - within) / 100 * requests"

  # With few requests, one failure is more than the whole budget. A new stack is therefore not evaluated, and the curves
  # end at -100 so that the graph stays readable.
  budgets_left = {
    for key, bad in { availability = "FILL(value, 0)", latency = "FILL(${local.slow}, 0)" } :
    key => "100 - 100 * RUNNING_SUM(${bad}) / (SUM(requests) * ${local.objectives[key].allowed})"
  }
  budget_graph = {
    for key, label in { availability = "availability ${var.slo.availability_percent} %", latency = "p95 under ${var.slo.latency_p95_ms} ms" } :
    key => {
      expression = "IF(RUNNING_SUM(FILL(requests, 0)) < ${var.slo.least_requests}, 100, IF(${key}_left < -100, -100, ${key}_left))"
      label      = label
    }
  }

  objective_graphs = [
    {
      title = "Objectives: error budget left, of 30 days"
      unit  = "%"
      lines = [{ label = "all spent", value = 0 }]
      span  = local.month
      metrics = concat(
        values(local.judged_queries),
        [for key, expression in local.budgets_left : [{ id = "${key}_left", expression = expression, visible = false }]],
        [for key, curve in local.budget_graph : [curve]],
      )
    },
    {
      title = "Objectives: burn rate"
      unit  = "times the budget's share"
      lines = [for speed, burn in local.burns : { label = "alarm, ${speed}", value = burn.rate }]
      span  = { period = 300 }
      metrics = concat(values(local.judged_queries), [
        [{ expression = "FILL(value, 0) / requests / ${local.objectives.availability.allowed}", label = "availability" }],
        [{ expression = "${local.slow} / requests / ${local.objectives.latency.allowed}", label = "latency" }],
      ])
    },
    {
      title = "Objectives: by day"
      unit  = "% of requests"
      lines = [{ label = "availability", value = var.slo.availability_percent }, { label = "latency", value = 95 }]
      span  = { start = "-P30D", period = 86400 }
      metrics = concat(values(local.judged_queries), [
        [{ expression = "100 - 100 * FILL(value, 0) / requests", label = "without 5xx" }],
        [{ expression = "FILL(within, 100)", label = "within ${var.slo.latency_p95_ms} ms" }],
      ])
    },
  ]

  spend_queries = [
    for key, query in local.spend_metrics :
    concat([query.namespace, query.metric], flatten([for name, value in query.dimensions : [name, value]]), [{ id = key, stat = "Sum", visible = false }])
  ]

  spend_graphs = [
    {
      title   = "Spend: rate"
      unit    = "USD a day"
      lines   = [{ label = "alarm", value = var.spend_alarm_usd_per_day }]
      span    = { period = 300 }
      metrics = concat(local.spend_queries, [[{ expression = local.spend_per_day, label = "requests, compute, tables, logs, transfer" }]])
    },
    {
      title   = "Spend: by day"
      unit    = "USD"
      lines   = []
      span    = { start = "-P30D", period = 86400 }
      metrics = concat(local.spend_queries, [[{ expression = local.spend, label = "that day" }]])
    },
    {
      title = "Spend: log and transfer"
      unit  = "bytes a minute"
      lines = []
      metrics = [
        ["AWS/Logs", "IncomingBytes", "LogGroupName", var.function.log_group_name, { stat = "Sum", label = "log" }],
        concat(["AWS/ApiGateway", "DataProcessed"], local.in_api_list, [{ stat = "Sum", label = "transfer" }]),
      ]
    },
  ]

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
      metrics = concat([
        ["AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", var.tables.sessions, { stat = "Sum", label = "sessions, read" }],
        ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", var.tables.rate_limits, { stat = "Sum", label = "rate limits, written" }],
        ],
        [for key, table in local.further_accessed : ["AWS/DynamoDB", "Consumed${table.does}CapacityUnits", "TableName", table.name, { stat = "Sum", label = "${key}, ${table.does == "Read" ? "read" : "written"}" }]],
      )
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
      title = "Errors: function, by route"
      unit  = "a minute"
      lines = []
      metrics = [
        [{ expression = "SEARCH('${local.search.serverErrors}', 'Sum', 60)", label = "5xx ${local.by_route}" }],
        [{ expression = "SEARCH('${local.search.clientErrors}', 'Sum', 60)", label = "4xx ${local.by_route}" }],
      ]
    },
    {
      title = "Errors: refusals"
      unit  = "a minute"
      lines = []
      metrics = [
        [{ expression = "SEARCH('${local.search.authFailures}', 'Sum', 60)", label = "not signed in, or without the role" }],
        [{ expression = "SEARCH('${local.search.rateLimited}', 'Sum', 60)", label = "over the limit ${local.by_rule}" }],
        [{ expression = "SEARCH('${local.search.shadowRefusals}', 'Sum', 60)", label = "shadow limit ${local.by_rule}" }],
      ]
    },
  ]

  health_graphs = [
    {
      title   = "Health: upstreams, slowest by route"
      unit    = "ms"
      lines   = []
      metrics = [[{ expression = "SEARCH('${local.search.upstreamLatency}', 'Maximum', 60)", label = local.by_route }]]
    },
    {
      title   = "Health: breakers"
      unit    = "times opened a minute"
      lines   = []
      metrics = [[{ expression = "SEARCH('${local.search.breakerOpenings}', 'Sum', 60)", label = local.by_upstream }]]
    },
    {
      title = "Health: limiter"
      unit  = "requests a minute"
      lines = []
      metrics = [
        [{ expression = "SEARCH('${local.search.limiterStoreFailures}', 'Sum', 60)", label = "limit not known: store down" }],
        [{ expression = "SEARCH('${local.search.rateLimited}', 'Sum', 60)", label = "refused by ${local.by_rule}" }],
      ]
    },
  ]

  cache_graphs = [
    for key in ["cache"] : {
      title = "Health: cache"
      unit  = "requests a minute"
      lines = []
      metrics = [
        [{ expression = "SEARCH('${local.search.cacheHits}', 'Sum', 60)", label = "from the cache ${local.by_route}" }],
        [{ expression = "SEARCH('${local.search.cacheMisses}', 'Sum', 60)", label = "from the service ${local.by_route}" }],
      ]
    } if contains(keys(var.tables.further), key)
  ]

  # Of a contract with several upstreams for a route, which has a table of weights.
  target_graphs = [
    for graph in [
      {
        title   = "Targets: requests"
        unit    = "a minute"
        lines   = []
        metrics = [[{ expression = "SEARCH('${local.search.upstreamLatencyByUpstream}', 'SampleCount', 60)", label = local.by_upstream }]]
      },
      {
        title   = "Targets: latency"
        unit    = "ms"
        lines   = []
        metrics = [[{ expression = "SEARCH('${local.search.upstreamLatencyByUpstream}', 'p95', 60)", label = "${local.by_upstream} p95" }]]
      },
      {
        title   = "Targets: failures"
        unit    = "a minute"
        lines   = []
        metrics = [[{ expression = "SEARCH('${local.search.upstreamFailures}', 'Sum', 60)", label = local.by_upstream }]]
      },
    ] : graph if contains(keys(var.tables.further), "traffic")
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
      metrics = concat([
        ["AWS/DynamoDB", "ReadThrottleEvents", "TableName", var.tables.sessions, { stat = "Sum", label = "sessions, refused" }],
        ["AWS/DynamoDB", "WriteThrottleEvents", "TableName", var.tables.rate_limits, { stat = "Sum", label = "rate limits, refused" }],
        ["AWS/DynamoDB", "SuccessfulRequestLatency", "TableName", var.tables.sessions, "Operation", "GetItem", { stat = "p99", label = "sessions, p99 ms" }],
        ["AWS/DynamoDB", "SuccessfulRequestLatency", "TableName", var.tables.rate_limits, "Operation", "UpdateItem", { stat = "p99", label = "rate limits, p99 ms" }],
        ],
        [for key, table in local.further_accessed : ["AWS/DynamoDB", "${table.does}ThrottleEvents", "TableName", table.name, { stat = "Sum", label = "${key}, refused" }]],
      )
    },
  ]
}
