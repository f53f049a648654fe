locals {
  # Tables report these only when they happen.
  table_alarms = {
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
  }
}
