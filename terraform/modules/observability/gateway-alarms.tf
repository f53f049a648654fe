locals {
  in_gateway = {
    (local.catalog.dimensions.gateway)     = var.name
    (local.catalog.dimensions.environment) = var.environment
  }

  # Alarms on the function's own metrics.
  gateway_alarms = merge(
    {
      limiter-store-failures = {
        level       = "essential"
        description = "The rate limits cannot be checked. The onStoreFailure of each limit allows or refuses the requests."
        namespace   = local.catalog.namespace
        metric      = local.catalog.metrics.limiterStoreFailures.name
        dimensions  = local.in_gateway
        statistic   = "Sum"
        threshold   = 0
      }
    },
    {
      for upstream in var.upstreams : "breaker-${upstream}" => {
        level       = "further"
        runbook     = "breaker"
        description = "The upstream ${upstream} failed so often that the gateway refuses requests to it for a while."
        namespace   = local.catalog.namespace
        metric      = local.catalog.metrics.breakerOpenings.name
        dimensions  = merge(local.in_gateway, { (local.catalog.dimensions.upstream) = upstream })
        statistic   = "Sum"
        threshold   = 0
      }
    },
  )
}
