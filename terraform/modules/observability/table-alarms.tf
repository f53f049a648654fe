locals {
  # Tables report these only when they happen.
  table_alarms = merge(local.further_table_alarms, {
    sessions-throttles = {
      level       = "further"
      description = "DynamoDB throttles session reads. Traffic has more than doubled, or one session is read more than 3,000 times a second."
      namespace   = "AWS/DynamoDB"
      metric      = "ReadThrottleEvents"
      dimensions  = { TableName = var.tables.sessions }
      statistic   = "Sum"
      threshold   = 0
    }
    rate-limits-throttles = {
      level       = "further"
      description = "DynamoDB throttles limiter writes. The key of one client may be hot: a key allows 1,000 writes a second."
      namespace   = "AWS/DynamoDB"
      metric      = "WriteThrottleEvents"
      dimensions  = { TableName = var.tables.rate_limits }
      statistic   = "Sum"
      threshold   = 0
    }
    sessions-system-errors = {
      level       = "further"
      description = "DynamoDB fails to read sessions. Requests that need a session get 503."
      namespace   = "AWS/DynamoDB"
      metric      = "SystemErrors"
      dimensions  = { TableName = var.tables.sessions, Operation = "GetItem" }
      statistic   = "Sum"
      threshold   = 0
    }
    rate-limits-system-errors = {
      level       = "further"
      description = "DynamoDB fails to count requests. The onStoreFailure of each limit decides about them."
      namespace   = "AWS/DynamoDB"
      metric      = "SystemErrors"
      dimensions  = { TableName = var.tables.rate_limits, Operation = "UpdateItem" }
      statistic   = "Sum"
      threshold   = 0
    }
  })

  # What requests do with each of the tables that only some contracts need.
  further_accesses = {
    cache       = { does = "Read", means = "DynamoDB throttles reads of the cache. Responses come from the services, and purges take longer than 10 seconds." }
    credentials = { does = "Read", means = "DynamoDB throttles reads of credentials. Consumers whose key or password an execution environment has not read get 503." }
    idempotency = { does = "Write", means = "DynamoDB throttles writes of idempotency keys. Requests with such a key get 503." }
    traffic     = { does = "Read", means = "DynamoDB throttles reads of the weights of upstreams. The weights that were read last stay." }
    usage       = { does = "Write", means = "DynamoDB throttles counts of quotas. The onStoreFailure of each quota decides about the requests." }
  }
  further_accessed = { for key, name in var.tables.further : key => merge({ name = name }, local.further_accesses[key]) }
  further_table_alarms = {
    for key, table in local.further_accessed : "${key}-throttles" => {
      level       = "further"
      description = table.means
      runbook     = "further-tables-throttles"
      namespace   = "AWS/DynamoDB"
      metric      = "${table.does}ThrottleEvents"
      dimensions  = { TableName = table.name }
      statistic   = "Sum"
      threshold   = 0
    }
  }
}
