locals {
  columns = 3
  width   = 8
  height  = 6

  # Objectives, the four golden signals with a row each, dependencies, and cost.
  graphs = concat(
    local.objective_graphs, local.latency_graphs, local.traffic_graphs, local.error_graphs, local.saturation_graphs,
    local.health_graphs, local.target_graphs, local.cache_graphs, local.spend_graphs,
  )

  # Metrics of the function, found by name: a new route or upstream appears by itself.
  search = {
    for key, metric in merge(local.catalog.metrics, local.further_metrics) : key => join(" ", [
      "{${join(",", concat([local.catalog.namespace, local.catalog.dimensions.gateway, local.catalog.dimensions.environment], [for by in metric.by : local.catalog.dimensions[by]]))}}",
      "MetricName=\"${metric.name}\"",
      "${local.catalog.dimensions.gateway}=\"${var.name}\"",
      "${local.catalog.dimensions.environment}=\"${var.environment}\"",
    ])
  }
  # Only routes with a cache or with several upstreams report these, so that no other function has their names.
  further_metrics = {
    cacheHits        = { name = "CacheHits", by = ["route"] }
    cacheMisses      = { name = "CacheMisses", by = ["route"] }
    upstreamFailures = { name = "UpstreamFailures", by = ["upstream"] }
  }

  by_route    = "$${PROP('Dim.${local.catalog.dimensions.route}')}"
  by_upstream = "$${PROP('Dim.${local.catalog.dimensions.upstream}')}"
  by_rule     = "$${PROP('Dim.${local.catalog.dimensions.rule}')}"

  in_api_list      = ["ApiId", var.api.id, "Stage", var.api.stage_name]
  in_function_list = ["FunctionName", var.function.name]
}

resource "aws_cloudwatch_dashboard" "this" {
  for_each = toset(var.dashboard ? [var.name] : [])

  # A dashboard of this name in another region would be the same one.
  dashboard_name = "${var.name}-${var.region}"
  dashboard_body = jsonencode({
    widgets = [for index, graph in local.graphs : {
      type   = "metric"
      x      = index % local.columns * local.width
      y      = floor(index / local.columns) * local.height
      width  = local.width
      height = local.height
      properties = merge(try(graph.span, { period = 60 }), {
        title       = graph.title
        region      = var.region
        view        = "timeSeries"
        yAxis       = { left = { min = 0, label = graph.unit, showUnits = false } }
        annotations = { horizontal = graph.lines }
        metrics     = graph.metrics
      })
    }]
  })

  # Those of earlier versions have no region in their names, and would be replaced.
  lifecycle {
    ignore_changes = [dashboard_name]
  }
}
