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

run "refuses_a_name_with_spaces" {
  command = plan

  variables {
    name = "postern test"
  }

  expect_failures = [var.name]
}

run "refuses_an_unknown_choice_of_alarms" {
  command = plan

  variables {
    alarms = "some"
  }

  expect_failures = [var.alarms]
}

run "refuses_an_invalid_address" {
  command = plan

  variables {
    alarm_emails = ["team@example.com", "team"]
  }

  expect_failures = [var.alarm_emails]
}

run "refuses_a_threshold_of_nothing" {
  command = plan

  variables {
    thresholds = { server_error_percent = 0 }
  }

  expect_failures = [var.thresholds]
}

run "refuses_more_than_all" {
  command = plan

  variables {
    thresholds = { client_error_percent = 101 }
  }

  expect_failures = [var.thresholds]
}

run "refuses_a_p95_above_the_p99" {
  command = plan

  variables {
    thresholds = { latency_p95_ms = 2000, latency_p99_ms = 1000 }
  }

  expect_failures = [var.thresholds]
}

run "refuses_an_invalid_key" {
  command = plan

  variables {
    kms_key_arn = "1234"
  }

  expect_failures = [var.kms_key_arn]
}

run "refuses_an_address_of_runbooks_with_a_slash_at_its_end" {
  command = plan

  variables {
    runbooks_url = "https://git.example.com/docs/"
  }

  expect_failures = [var.runbooks_url]
}

run "refuses_an_objective_without_any_room" {
  command = plan

  variables {
    slo = { availability_percent = 100 }
  }

  expect_failures = [var.slo]
}

run "refuses_an_objective_of_a_split_millisecond" {
  command = plan

  variables {
    slo = { latency_p95_ms = 0.5 }
  }

  expect_failures = [var.slo]
}

run "refuses_burn_rates_of_no_requests" {
  command = plan

  variables {
    slo = { least_requests = 0 }
  }

  expect_failures = [var.slo]
}

run "refuses_a_spend_of_nothing" {
  command = plan

  variables {
    spend_alarm_usd_per_day = 0
  }

  expect_failures = [var.spend_alarm_usd_per_day]
}

run "refuses_alarms_that_nobody_gets" {
  command = plan

  variables {
    topic_arns = []
  }

  expect_failures = [var.topic_arns]
}
