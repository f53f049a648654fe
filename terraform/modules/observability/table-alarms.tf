locals {
  # Tables report these only when they happen.
  table_alarms = {
    sessions-throttles = {
      level       = "further"
      description = "Session reads were refused. Traffic has more than doubled, or one session is read over 3,000 times a second."
      namespace   = "AWS/DynamoDB"
      metric      = "ReadThrottleEvents"
      dimensions  = { TableName = var.tables.sessions }
      statistic   = "Sum"
      threshold   = 0
    }
    rate-limits-throttles = {
      level       = "further"
      description = "Limiter writes were refused. One client's key may be hot: a key takes 1,000 writes a second."
      namespace   = "AWS/DynamoDB"
      metric      = "WriteThrottleEvents"
      dimensions  = { TableName = var.tables.rate_limits }
      statistic   = "Sum"
      threshold   = 0
    }
    sessions-system-errors = {
      level       = "further"
      description = "DynamoDB fails to read sessions: signed-in requests get 503."
      namespace   = "AWS/DynamoDB"
      metric      = "SystemErrors"
      dimensions  = { TableName = var.tables.sessions, Operation = "GetItem" }
      statistic   = "Sum"
      threshold   = 0
    }
    rate-limits-system-errors = {
      level       = "further"
      description = "DynamoDB fails to count requests: each limit's onStoreFailure decides."
      namespace   = "AWS/DynamoDB"
      metric      = "SystemErrors"
      dimensions  = { TableName = var.tables.rate_limits, Operation = "UpdateItem" }
      statistic   = "Sum"
      threshold   = 0
    }
  }
}
