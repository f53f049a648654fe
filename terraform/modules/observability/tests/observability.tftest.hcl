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
  api         = { id = "a1b2c3", stage_name = "v1" }
  function    = { name = "postern-test", log_group_name = "/aws/lambda/postern-test", memory_mb = 512, architecture = "arm64", timeout_seconds = 20, reserved_concurrency = 50 }
  tables      = { sessions = "sessions", rate_limits = "rate-limits" }
}

run "watches_the_tables_that_only_some_contracts_need" {
  variables {
    tables = { sessions = "sessions", rate_limits = "rate-limits", further = { cache = "cache", credentials = "credentials", traffic = "traffic", usage = "usage" } }
  }

  assert {
    condition = { for key, alarm in aws_cloudwatch_metric_alarm.this : key => [alarm.metric_name, alarm.dimensions.TableName] if alarm.namespace == "AWS/DynamoDB" && alarm.metric_name != "SystemErrors" } == {
      cache-throttles       = ["ReadThrottleEvents", "cache"]
      credentials-throttles = ["ReadThrottleEvents", "credentials"]
      rate-limits-throttles = ["WriteThrottleEvents", "rate-limits"]
      sessions-throttles    = ["ReadThrottleEvents", "sessions"]
      traffic-throttles     = ["ReadThrottleEvents", "traffic"]
      usage-throttles       = ["WriteThrottleEvents", "usage"]
    }
    error_message = "Each table has an alarm for what requests do with it."
  }
  assert {
    condition     = alltrue([for name in ["cache", "credentials", "traffic", "usage"] : strcontains(aws_cloudwatch_dashboard.this["postern-test"].dashboard_body, "\"${name}, refused\"")]) && !strcontains(aws_cloudwatch_dashboard.this["postern-test"].dashboard_body, "idempotency")
    error_message = "The dashboard shows the tables that there are."
  }
  assert {
    condition     = alltrue([for name in ["CacheHits", "CacheMisses"] : strcontains(aws_cloudwatch_dashboard.this["postern-test"].dashboard_body, "MetricName=\\\"${name}\\\"")])
    error_message = "The dashboard shows what comes from the cache."
  }
  assert {
    condition     = alltrue([for text in ["Targets: requests", "Targets: latency", "MetricName=\\\"UpstreamFailures\\\""] : strcontains(aws_cloudwatch_dashboard.this["postern-test"].dashboard_body, text)])
    error_message = "The dashboard shows each of several upstreams."
  }
  assert {
    condition = alltrue([
      for id, metric in { credentials_units = "ConsumedReadCapacityUnits", usage_units = "ConsumedWriteCapacityUnits" } :
      contains([for query in aws_cloudwatch_metric_alarm.spend["spend-rate"].metric_query : [query.id, one(query.metric).metric_name] if length(query.metric) > 0], [id, metric])
    ])
    error_message = "What requests cost in these tables counts as well."
  }
}

run "watches_the_golden_signals" {
  assert {
    condition = toset([for name in output.alarm_names : trimprefix(name, "postern-test-")]) == toset([
      "api-4xx-rate", "api-5xx-rate", "api-latency-p95", "api-latency-p99",
      "function-concurrency", "function-duration", "function-errors", "function-throttles",
      "sessions-throttles", "sessions-system-errors", "rate-limits-throttles", "rate-limits-system-errors",
      "limiter-store-failures", "breaker-users", "breaker-price-lists", "spend-rate", "slo-fast-burn", "slo-slow-burn",
      "slo-availability-burn-1h", "slo-availability-burn-5m", "slo-availability-burn-6h", "slo-availability-burn-30m",
      "slo-latency-burn-1h", "slo-latency-burn-5m", "slo-latency-burn-6h", "slo-latency-burn-30m",
    ])
    error_message = "Each kind of failure has an alarm."
  }
  assert {
    condition     = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.api), values(aws_cloudwatch_metric_alarm.spend)) : alarm.alarm_actions == toset([aws_sns_topic.alarms["own"].arn]) && alarm.ok_actions == toset([aws_sns_topic.alarms["own"].arn]) && alarm.treat_missing_data == "notBreaching"])
    error_message = "Each alarm notifies the topic when it starts and ends, and is quiet without traffic."
  }
}

run "links_each_alarm_to_its_runbook" {
  variables {
    runbooks_url = "https://git.example.com/docs/runbooks/alarms"
    tables       = { sessions = "sessions", rate_limits = "rate-limits", further = { cache = "cache", credentials = "credentials", idempotency = "idempotency", traffic = "traffic", usage = "usage" } }
  }

  assert {
    condition = toset([
      for description in concat(
        [for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.api), values(aws_cloudwatch_metric_alarm.slo), values(aws_cloudwatch_metric_alarm.spend)) : alarm.alarm_description],
        [for alarm in aws_cloudwatch_composite_alarm.slo : alarm.alarm_description],
      ) : one(regex("Runbook: https://git\\.example\\.com/docs/runbooks/alarms/(.+)$", description))
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

run "warns_before_the_limits_are_reached" {
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["function-duration"].threshold == 16000 && aws_cloudwatch_metric_alarm.this["function-concurrency"].threshold == 40
    error_message = "Four fifths of the timeout and of the concurrency."
  }
}

run "follows_the_functions_own_names" {
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["breaker-price-lists"].namespace == "Postern" && aws_cloudwatch_metric_alarm.this["breaker-price-lists"].dimensions == tomap({ Gateway = "postern-test", Environment = "test", Upstream = "price-lists" })
    error_message = "The dimensions are those of metrics.json."
  }
  assert {
    condition     = strcontains(aws_cloudwatch_dashboard.this["postern-test"].dashboard_body, "SEARCH('{Postern,Gateway,Environment,Route} MetricName=\\\"Latency\\\" Gateway=\\\"postern-test\\\" Environment=\\\"test\\\"', 'p99', 60)")
    error_message = "The dashboard finds each route by itself."
  }
}

run "shows_all_four_signals_side_by_side" {
  assert {
    condition     = jsonencode([for row in range(7) : distinct([for widget in jsondecode(aws_cloudwatch_dashboard.this["postern-test"].dashboard_body).widgets : split(":", widget.properties.title)[0] if widget.y == row * 6])]) == jsonencode([["Objectives"], ["Latency"], ["Traffic"], ["Errors"], ["Saturation"], ["Health"], ["Spend"]])
    error_message = "A row for each signal."
  }
  assert {
    condition     = alltrue([for stat in ["p50", "p95", "p99"] : contains([for metric in jsondecode(aws_cloudwatch_dashboard.this["postern-test"].dashboard_body).widgets[3].properties.metrics : try(metric[length(metric) - 1].stat, "") if metric[1] == "Latency"], stat)])
    error_message = "Latency is shown as p50, p95 and p99."
  }
}

run "allows_only_alarms_of_this_account_to_publish" {
  assert {
    condition     = jsondecode(aws_sns_topic_policy.alarms["own"].policy).Statement[0].Condition == { StringEquals = { "aws:SourceAccount" = "123456789012" } }
    error_message = "Alarms of other accounts cannot publish."
  }
}

run "has_as_many_alarmed_metrics_as_are_estimated" {
  variables {
    upstreams = ["status", "users", "products", "settings"]
  }

  assert {
    condition     = sum([for alarm in concat(values(aws_cloudwatch_metric_alarm.api), values(aws_cloudwatch_metric_alarm.slo), values(aws_cloudwatch_metric_alarm.spend)) : length([for query in alarm.metric_query : query if length(query.metric) > 0])]) + length(aws_cloudwatch_metric_alarm.this) == jsondecode(file("./alarms.json")).metrics.all
    error_message = "Each costs $0.10 a month: terraform/modules/observability/alarms.json."
  }
  assert {
    condition     = length(aws_cloudwatch_composite_alarm.slo) == jsondecode(file("./alarms.json")).compositesOfAll
    error_message = "Each costs $0.50 a month: terraform/modules/observability/alarms.json."
  }
}

run "has_fewer_alarms_if_set" {
  variables {
    alarms    = "essential"
    dashboard = false
  }

  assert {
    condition     = toset([for name in output.alarm_names : trimprefix(name, "postern-test-")]) == toset(["api-5xx-rate", "api-latency-p99", "function-errors", "function-throttles", "limiter-store-failures", "spend-rate"])
    error_message = "Failures, slowness and spend, no causes."
  }
  assert {
    condition     = sum([for alarm in concat(values(aws_cloudwatch_metric_alarm.api), values(aws_cloudwatch_metric_alarm.slo), values(aws_cloudwatch_metric_alarm.spend)) : length([for query in alarm.metric_query : query if length(query.metric) > 0])]) + length(aws_cloudwatch_metric_alarm.this) == jsondecode(file("./alarms.json")).metrics.essential
    error_message = "Each costs $0.10 a month: terraform/modules/observability/alarms.json."
  }
  assert {
    condition     = output.dashboard_name == null
    error_message = "There is no dashboard."
  }
}

run "has_no_alarms_if_set" {
  variables {
    alarms = "none"
  }

  assert {
    condition     = length(output.alarm_names) == 0
    error_message = "There are none."
  }
}

run "ignores_the_account_concurrency" {
  variables {
    function = { name = "postern-test", log_group_name = "/aws/lambda/postern-test", memory_mb = 512, architecture = "arm64", timeout_seconds = 29 }
  }

  assert {
    condition     = !contains(output.alarm_names, "postern-test-function-concurrency")
    error_message = "Without reserved concurrency, the alarm does not exist."
  }
}

run "writes_to_the_address_given" {
  variables {
    alarm_emails = ["team@example.com", "on-call@example.com"]
    kms_key_arn  = "arn:aws:kms:us-east-1:123456789012:key/1234"
  }

  assert {
    condition     = toset(keys(aws_sns_topic_subscription.email)) == toset(var.alarm_emails) && aws_sns_topic_subscription.email["team@example.com"].protocol == "email" && aws_sns_topic.alarms["own"].kms_master_key_id == var.kms_key_arn
    error_message = "The topic is encrypted and has its reader."
  }
}

run "alarms_when_the_error_budget_burns_too_fast_over_both_windows" {
  assert {
    condition = aws_cloudwatch_composite_alarm.slo["fast"].alarm_rule == join(" OR ", [
      "(ALARM(\"postern-test-slo-availability-burn-1h\") AND ALARM(\"postern-test-slo-availability-burn-5m\"))",
      "(ALARM(\"postern-test-slo-latency-burn-1h\") AND ALARM(\"postern-test-slo-latency-burn-5m\"))",
    ])
    error_message = "The long window says that it matters, the short one that it goes on."
  }
  assert {
    condition     = { for key, alarm in aws_cloudwatch_metric_alarm.slo : key => alarm.threshold if strcontains(key, "availability") } == { slo-availability-burn-1h = 14.4, slo-availability-burn-5m = 14.4, slo-availability-burn-6h = 6, slo-availability-burn-30m = 6 }
    error_message = "2 % of the month's budget in an hour, 5 % in six."
  }
  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.slo["slo-availability-burn-1h"].metric_query : query.expression if query.id == "judged"]) == "IF(requests >= 100, (FILL(value, 0)) / requests / 0.001000, 0)"
    error_message = "The share of requests that failed, over the share that may."
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.slo : alarm.alarm_actions == null && toset([for query in alarm.metric_query : one(query.metric).stat if query.id == "value"]) == toset([strcontains(alarm.alarm_name, "latency") ? "PR(:200)" : "Sum"])])
    error_message = "The alarms of single windows have no actions."
  }
}

run "follows_the_objectives" {
  variables {
    slo = { availability_percent = 99.5, latency_p95_ms = 500, least_requests = 50 }
  }

  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.slo["slo-availability-burn-5m"].metric_query : query.expression if query.id == "judged"]) == "IF(requests >= 50, (FILL(value, 0)) / requests / 0.005000, 0)"
    error_message = "Half a percent may fail."
  }
  assert {
    condition     = strcontains(aws_cloudwatch_dashboard.this["postern-test"].dashboard_body, "availability 99.5 %") && strcontains(aws_cloudwatch_dashboard.this["postern-test"].dashboard_body, "PR(:500)")
    error_message = "The dashboard shows what is left of them."
  }
  assert {
    condition     = one([for row in jsondecode(aws_cloudwatch_dashboard.this["postern-test"].dashboard_body).widgets[0].properties.metrics : row[0].expression if try(row[0].label, "") == "availability 99.5 %"]) == "IF(RUNNING_SUM(FILL(requests, 0)) < 50, 100, IF(availability_left < -100, -100, availability_left))"
    error_message = "A budget of few requests is whole, and one that is overspent falls no further than twice."
  }
}

run "estimates_spend_at_the_function_memory_size" {
  variables {
    function                = { name = "postern-test", log_group_name = "/aws/lambda/postern-test", memory_mb = 1024, architecture = "x86_64", timeout_seconds = 29 }
    spend_alarm_usd_per_day = 5
  }

  assert {
    condition     = strcontains(one([for query in aws_cloudwatch_metric_alarm.spend["spend-rate"].metric_query : query.expression if query.id == "judged"]), "0.016666700 * FILL(duration_ms, 0)") && aws_cloudwatch_metric_alarm.spend["spend-rate"].threshold == 5
    error_message = "A gigabyte for a thousand seconds costs 1.67 cents on x86_64."
  }
}

run "saves_queries_of_the_functions_log" {
  assert {
    condition = keys(aws_cloudwatch_query_definition.this) == [
      "by-client-ip", "by-user", "error-rate", "latency-by-route", "refused-by-limit", "slowest-upstreams", "top-errors",
    ]
    error_message = "One for each question that is asked of a log."
  }
  assert {
    condition     = alltrue([for query in aws_cloudwatch_query_definition.this : query.log_group_names == tolist(["/aws/lambda/postern-test"])])
    error_message = "They look into the function's log."
  }
}

run "saves_no_queries_if_set" {
  variables {
    saved_queries = false
  }

  assert {
    condition     = length(aws_cloudwatch_query_definition.this) == 0
    error_message = "There are none."
  }
}

run "notifies_topics_that_are_made_elsewhere" {
  variables {
    topic_arns   = ["arn:aws:sns:us-east-1:123456789012:pager", "arn:aws:sns:us-east-1:123456789012:chat"]
    alarm_emails = ["team@example.com"]
  }

  assert {
    condition     = length(aws_sns_topic.alarms) == 0 && length(aws_sns_topic_policy.alarms) == 0 && length(aws_sns_topic_subscription.email) == 0
    error_message = "No topic is made, and none of another team's is changed."
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_actions == toset(var.topic_arns)]) && output.alarm_topic_arn == var.topic_arns[0]
    error_message = "Each alarm notifies all of them."
  }
}
