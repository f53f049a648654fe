mock_provider "aws" {}

variables {
  name        = "postern-test"
  environment = "test"
  region      = "us-east-1"
  upstreams   = ["users"]
  api         = { id = "a1b2c3", stage_name = "v1" }
  function    = { name = "postern-test", log_group_name = "/aws/lambda/postern-test", memory_mb = 512, architecture = "arm64", timeout_seconds = 29 }
  tables      = { sessions = "sessions", rate_limits = "rate-limits" }
}

run "refuses_values_that_are_wrong" {
  command = plan

  variables {
    # A name with spaces.
    name = "postern test"
    # An unknown choice of alarms.
    alarms = "some"
    # An invalid address.
    alarm_emails = ["team@example.com", "team"]
    # A threshold of nothing.
    thresholds = { server_error_percent = 0 }
    # An invalid key.
    kms_key_arn = "1234"
    # An address of runbooks with a slash at its end.
    runbooks_url = "https://git.example.com/docs/"
    # An objective without any room.
    slo = { availability_percent = 100 }
    # A spend of nothing.
    spend_alarm_usd_per_day = 0
    # Alarms that nobody gets.
    topic_arns = []
  }

  expect_failures = [var.name, var.alarms, var.alarm_emails, var.thresholds, var.kms_key_arn, var.runbooks_url, var.slo, var.spend_alarm_usd_per_day, var.topic_arns]
}

run "refuses_values_that_are_wrong_in_another_way" {
  command = plan

  variables {
    # More than all.
    thresholds = { client_error_percent = 101 }
    # An objective of a split millisecond.
    slo = { latency_p95_ms = 0.5 }
  }

  expect_failures = [var.thresholds, var.slo]
}

run "refuses_values_that_are_wrong_in_a_third_way" {
  command = plan

  variables {
    # A p95 above the p99.
    thresholds = { latency_p95_ms = 2000, latency_p99_ms = 1000 }
    # Burn rates of no requests.
    slo = { least_requests = 0 }
  }

  expect_failures = [var.thresholds, var.slo]
}
