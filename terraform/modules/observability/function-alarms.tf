locals {
  in_function = { FunctionName = var.function.name }

  function_alarms = merge(
    {
      function-errors = {
        level       = "essential"
        description = "The function crashed, ran out of memory or out of time: it answers every other fault itself. See its log."
        namespace   = "AWS/Lambda"
        metric      = "Errors"
        dimensions  = local.in_function
        statistic   = "Sum"
        threshold   = 0
      }
      function-throttles = {
        level       = "essential"
        description = "Requests were refused for want of concurrency. Raise reserved_concurrency or the account's limit."
        namespace   = "AWS/Lambda"
        metric      = "Throttles"
        dimensions  = local.in_function
        statistic   = "Sum"
        threshold   = 0
      }
      function-duration = {
        level       = "further"
        description = "Requests take four fifths of the time there is. An upstream's timeout is too long."
        namespace   = "AWS/Lambda"
        metric      = "Duration"
        dimensions  = local.in_function
        statistic   = "Maximum"
        threshold   = var.function.timeout_seconds * 1000 * 0.8
      }
    },
    {
      # Where nothing is reserved, the account's limit is the ceiling, and that is not this stack's to watch.
      for key, limit in { function-concurrency = var.function.reserved_concurrency } : key => {
        level                                  = "further"
        description                            = "Four fifths of reserved_concurrency are at work at once."
        namespace                              = "AWS/Lambda"
        metric                                 = "ConcurrentExecutions"
        dimensions                             = local.in_function
        statistic                              = "Maximum"
        threshold                              = limit * 0.8
      } if limit != null
    },
  )
}
