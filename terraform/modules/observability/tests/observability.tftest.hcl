mock_provider "aws" {
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:123456789012:postern-test-alarms" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
}

variables {
  name        = "postern-test"
  environment = "test"
  region      = "us-east-1"
  upstreams   = ["users", "price-lists"]
  metrics     = jsondecode(file("../../../handler/src/telemetry/metrics.json"))
  api         = { id = "a1b2c3", stage_name = "v1" }
  function    = { name = "postern-test", timeout_seconds = 20, reserved_concurrency = 50 }
  tables      = { sessions = "sessions", rate_limits = "rate-limits" }
}

run "watches_the_golden_signals" {
  assert {
    condition = toset([for name in output.alarm_names : trimprefix(name, "postern-test-")]) == toset([
      "api-4xx-rate", "api-5xx-rate", "api-latency-p95", "api-latency-p99",
      "function-concurrency", "function-duration", "function-errors", "function-throttles",
      "sessions-throttles", "sessions-system-errors", "rate-limits-throttles", "rate-limits-system-errors",
      "limiter-store-failures", "breaker-users", "breaker-price-lists",
    ])
    error_message = "Each way to fail has its alarm."
  }
  assert {
    condition     = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.api)) : alarm.alarm_actions == toset([aws_sns_topic.alarms.arn]) && alarm.ok_actions == toset([aws_sns_topic.alarms.arn]) && alarm.treat_missing_data == "notBreaching"])
    error_message = "Each tells the topic, of its end too, and is quiet where there is no traffic."
  }
}

run "tells_of_each_alarm_where_its_runbook_is" {
  variables {
    runbooks_url = "https://git.example.com/docs/runbooks/alarms"
  }

  assert {
    condition = toset([
      for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.api)) :
      one(regex("Runbook: https://git\\.example\\.com/docs/runbooks/alarms/(.+)$", alarm.alarm_description))
    ]) == fileset("../../../docs/runbooks/alarms", "*.md")
    error_message = "Each alarm has its page under docs/runbooks/alarms, and each page its alarm."
  }
}

run "uses_the_names_that_http_apis_have" {
  assert {
    condition = {
      for key, alarm in aws_cloudwatch_metric_alarm.api : key => toset([for query in alarm.metric_query : one(query.metric).metric_name if length(query.metric) > 0])
      } == {
      api-4xx-rate    = toset(["4xx", "Count"])
      api-5xx-rate    = toset(["5xx", "Count"])
      api-latency-p95 = toset(["Latency", "Count"])
      api-latency-p99 = toset(["Latency", "Count"])
    }
    error_message = "5XXError and ApiName are REST APIs' names."
  }
  assert {
    condition = alltrue(flatten([for alarm in aws_cloudwatch_metric_alarm.api : [
      for query in alarm.metric_query : one(query.metric).dimensions == tomap({ ApiId = "a1b2c3", Stage = "v1" }) if length(query.metric) > 0
    ]]))
    error_message = "The metrics are the stage's."
  }
  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.api["api-5xx-rate"].metric_query : query.expression if query.id == "judged"]) == "IF(requests >= 20, 100 * value / requests, 0)"
    error_message = "A share of few requests is not judged."
  }
}

run "warns_before_the_limits_are_met" {
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["function-duration"].threshold == 16000 && aws_cloudwatch_metric_alarm.this["function-concurrency"].threshold == 40
    error_message = "Four fifths of the timeout and of the concurrency."
  }
}

run "follows_the_functions_own_names" {
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["breaker-price-lists"].namespace == "Postern" && aws_cloudwatch_metric_alarm.this["breaker-price-lists"].dimensions == tomap({ Environment = "test", Upstream = "price-lists" })
    error_message = "The dimensions are those of metrics.json."
  }
  assert {
    condition     = strcontains(aws_cloudwatch_dashboard.this["postern-test"].dashboard_body, "SEARCH('{Postern,Environment,Route} MetricName=\\\"Latency\\\" Environment=\\\"test\\\"', 'p99', 60)")
    error_message = "The dashboard finds each route by itself."
  }
}

run "shows_all_four_signals_side_by_side" {
  assert {
    condition     = jsonencode([for row in range(4) : distinct([for widget in jsondecode(aws_cloudwatch_dashboard.this["postern-test"].dashboard_body).widgets : split(":", widget.properties.title)[0] if widget.y == row * 6])]) == jsonencode([["Latency"], ["Traffic"], ["Errors"], ["Saturation"]])
    error_message = "A row for each signal."
  }
  assert {
    condition     = alltrue([for stat in ["p50", "p95", "p99"] : contains([for metric in jsondecode(aws_cloudwatch_dashboard.this["postern-test"].dashboard_body).widgets[0].properties.metrics : try(metric[length(metric) - 1].stat, "") if metric[1] == "Latency"], stat)])
    error_message = "Latency is shown as p50, p95 and p99."
  }
}

run "lets_alarms_of_this_account_alone_publish" {
  assert {
    condition     = jsondecode(aws_sns_topic_policy.alarms.policy).Statement[0].Condition == { StringEquals = { "aws:SourceAccount" = "123456789012" } }
    error_message = "Another account's alarms cannot cry here."
  }
}

run "has_fewer_alarms_where_told" {
  variables {
    alarms    = "essential"
    dashboard = false
  }

  assert {
    condition     = toset([for name in output.alarm_names : trimprefix(name, "postern-test-")]) == toset(["api-5xx-rate", "api-latency-p99", "function-errors", "function-throttles", "limiter-store-failures"])
    error_message = "Failures and slowness, no causes."
  }
  assert {
    condition     = output.dashboard_name == null
    error_message = "There is no dashboard."
  }
}

run "has_no_alarms_where_told" {
  variables {
    alarms = "none"
  }

  assert {
    condition     = length(output.alarm_names) == 0
    error_message = "There are none."
  }
}

run "leaves_the_accounts_own_concurrency_alone" {
  variables {
    function = { name = "postern-test", timeout_seconds = 29 }
  }

  assert {
    condition     = !contains(output.alarm_names, "postern-test-function-concurrency")
    error_message = "Where nothing is reserved there is nothing to near."
  }
}

run "writes_to_the_address_given" {
  variables {
    alarm_email = "team@example.com"
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234"
  }

  assert {
    condition     = aws_sns_topic_subscription.email["team@example.com"].protocol == "email" && aws_sns_topic.alarms.kms_master_key_id == var.kms_key_arn
    error_message = "The topic is encrypted and has its reader."
  }
}
