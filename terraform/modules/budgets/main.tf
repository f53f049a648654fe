locals {
  alerts = [
    { type = "ACTUAL", percent = 50 },
    { type = "ACTUAL", percent = 80 },
    { type = "FORECASTED", percent = 100 },
  ]
}

# A budget without a notification has no effect, and AWS refuses an alert without a subscriber.
resource "aws_budgets_budget" "monthly" {
  for_each = toset(length(var.emails) > 0 ? ["monthly"] : [])

  name         = "${var.name}-${each.key}"
  budget_type  = "COST"
  limit_amount = format("%.1f", var.monthly_limit_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
  tags         = var.tags

  dynamic "cost_filter" {
    for_each = var.cost_filters
    content {
      name   = cost_filter.key
      values = cost_filter.value
    }
  }

  dynamic "notification" {
    for_each = local.alerts
    content {
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value.percent
      threshold_type             = "PERCENTAGE"
      notification_type          = notification.value.type
      subscriber_email_addresses = var.emails
    }
  }

  # Those of earlier versions have no region in their names, and would be replaced.
  lifecycle {
    ignore_changes = [name]
  }
}
