locals {
  in_function = { FunctionName = var.function.name }

  function_alarms = merge(
    {
      function-errors = {
        level       = "essential"
        description = "The function crashed, ran out of memory or timed out; it handles every other failure itself. See its log."
        namespace   = "AWS/Lambda"
        metric      = "Errors"
        dimensions  = local.in_function
        statistic   = "Sum"
        threshold   = 0
      }
      function-throttles = {
        level       = "essential"
        description = "Lambda throttles requests because the concurrency limit is reached. Raise reserved_concurrency or the account's limit."
        namespace   = "AWS/Lambda"
        metric      = "Throttles"
        dimensions  = local.in_function
        statistic   = "Sum"
        threshold   = 0
      }
      function-duration = {
        level       = "further"
        description = "Requests take more than 80 % of the function's timeout. The timeout of an upstream is too long."
        namespace   = "AWS/Lambda"
        metric      = "Duration"
        dimensions  = local.in_function
        statistic   = "Maximum"
        threshold   = var.function.timeout_seconds * 1000 * 0.8
      }
    },
    {
      # If nothing is reserved, the account's limit applies, which this stack does not watch.
      for key, limit in { function-concurrency = var.function.reserved_concurrency } : key => {
        level                                  = "further"
        description                            = "More than 80 % of reserved_concurrency is in use."
        namespace                              = "AWS/Lambda"
        metric                                 = "ConcurrentExecutions"
        dimensions                             = local.in_function
        statistic                              = "Maximum"
        threshold                              = limit * 0.8
      } if limit != null
    },
  )
}
