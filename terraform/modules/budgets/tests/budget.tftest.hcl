mock_provider "aws" {}

variables {
  name   = "postern-test"
  emails = ["team@example.com"]
}

run "warns_at_half_four_fifths_and_the_forecast_of_all" {
  command = plan

  assert {
    condition     = aws_budgets_budget.monthly["monthly"].limit_amount == "20.0" && aws_budgets_budget.monthly["monthly"].time_unit == "MONTHLY"
    error_message = "By default, the budget is 20 dollars a month."
  }
  assert {
    condition = toset([for alert in aws_budgets_budget.monthly["monthly"].notification : "${alert.notification_type} ${alert.threshold}"]) == toset([
      "ACTUAL 50", "ACTUAL 80", "FORECASTED 100",
    ])
    error_message = "The alerts are 50 % and 80 % spent, 100 % forecast."
  }
  assert {
    condition     = alltrue([for alert in aws_budgets_budget.monthly["monthly"].notification : alert.subscriber_email_addresses == toset(["team@example.com"])])
    error_message = "Each alert goes to the address."
  }
}

run "is_omitted_without_an_email_address" {
  command = plan

  variables {
    emails = []
  }

  assert {
    condition     = length(aws_budgets_budget.monthly) == 0 && output.budget_name == null
    error_message = "AWS refuses an alert without a subscriber."
  }
}

run "can_count_some_costs_alone" {
  command = plan

  variables {
    cost_filters = { TagKeyValue = ["user:Environment$test"] }
  }

  assert {
    condition     = one(aws_budgets_budget.monthly["monthly"].cost_filter).name == "TagKeyValue"
    error_message = "The filter is set."
  }
}

run "refuses_a_budget_of_nothing" {
  command = plan

  variables {
    monthly_limit_usd = 0
  }

  expect_failures = [var.monthly_limit_usd]
}

run "refuses_an_invalid_address" {
  command = plan

  variables {
    emails = ["team.example.com"]
  }

  expect_failures = [var.emails]
}

run "refuses_a_filter_that_nothing_passes" {
  command = plan

  variables {
    cost_filters = { Service = [] }
  }

  expect_failures = [var.cost_filters]
}

run "refuses_an_invalid_budget_name" {
  command = plan

  variables {
    name = "postern:test"
  }

  expect_failures = [var.name]
}
