mock_provider "aws" {}

variables {
  name           = "postern-test"
  function_alias = { function_name = "postern-test", alias_name = "live", invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/postern-test:live/invocations" }
}

run "refuses_a_name_with_spaces" {
  command = plan

  variables {
    name = "postern test"
  }

  expect_failures = [var.name]
}

run "refuses_a_rate_that_stops_all_traffic" {
  command = plan

  variables {
    throttle_rate_per_second = 0
  }

  expect_failures = [var.throttle_rate_per_second]
}

run "refuses_a_burst_that_stops_all_traffic" {
  command = plan

  variables {
    throttle_burst = 0
  }

  expect_failures = [var.throttle_burst]
}

run "refuses_cors_without_origins" {
  command = plan

  variables {
    cors = { allow_origins = [] }
  }

  expect_failures = [var.cors]
}

run "refuses_an_origin_with_a_path" {
  command = plan

  variables {
    cors = { allow_origins = ["https://app.example.com/"] }
  }

  expect_failures = [var.cors]
}

run "refuses_any_origin_with_credentials" {
  command = plan

  variables {
    cors = { allow_origins = ["*"], allow_credentials = true }
  }

  expect_failures = [var.cors]
}

run "refuses_any_header_with_credentials" {
  command = plan

  variables {
    cors = { allow_origins = ["https://app.example.com"], allow_headers = ["*"], allow_credentials = true }
  }

  expect_failures = [var.cors]
}

run "refuses_an_unknown_method" {
  command = plan

  variables {
    cors = { allow_origins = ["https://app.example.com"], allow_methods = ["FETCH"] }
  }

  expect_failures = [var.cors]
}

run "refuses_an_endless_preflight" {
  command = plan

  variables {
    cors = { allow_origins = ["https://app.example.com"], max_age_seconds = 100000 }
  }

  expect_failures = [var.cors]
}

run "refuses_a_domain_with_a_scheme" {
  command = plan

  variables {
    domain = { name = "https://api.example.com", certificate = { arn = "arn:aws:acm:us-east-1:123456789012:certificate/1" } }
  }

  expect_failures = [var.domain]
}

run "refuses_an_invalid_certificate" {
  command = plan

  variables {
    domain = { name = "api.example.com", certificate = { arn = "1234" } }
  }

  expect_failures = [var.domain]
}

run "refuses_to_turn_off_the_only_address" {
  command = plan

  variables {
    default_endpoint = false
  }

  expect_failures = [var.default_endpoint]
}

run "refuses_a_stage_name_with_a_slash" {
  command = plan

  variables {
    stage_name = "api/v1"
  }

  expect_failures = [var.stage_name]
}

run "refuses_an_emulator_with_a_path" {
  command = plan

  variables {
    emulator_url = "http://127.0.0.1:4566/"
  }

  expect_failures = [var.emulator_url]
}

run "refuses_unsupported_log_retention" {
  command = plan

  variables {
    log_retention_days = 10
  }

  expect_failures = [var.log_retention_days]
}

run "refuses_an_invalid_key" {
  command = plan

  variables {
    kms_key_arn = "1234"
  }

  expect_failures = [var.kms_key_arn]
}

run "refuses_a_domain_that_nothing_proves" {
  command = plan

  variables {
    domain = { name = "api.example.com" }
  }

  expect_failures = [var.domain]
}

run "refuses_a_trust_store_beside_an_address_that_asks_for_no_certificate" {
  command = plan

  variables {
    domain = {
      name        = "api.example.com"
      certificate = { arn = "arn:aws:acm:us-east-1:123456789012:certificate/abc" }
      trust_store = { uri = "s3://acme-trust/clients.pem" }
    }
  }

  expect_failures = [var.default_endpoint]
}

run "refuses_a_trust_store_that_is_not_in_s3" {
  command = plan

  variables {
    default_endpoint = false
    domain = {
      name        = "api.example.com"
      certificate = { arn = "arn:aws:acm:us-east-1:123456789012:certificate/abc" }
      trust_store = { uri = "clients.pem" }
    }
  }

  expect_failures = [var.domain]
}

run "refuses_more_routes_than_api_gateway_has" {
  command = plan

  variables {
    routes = { aws_iam = [for index in range(300) : "GET /orders-${index}"] }
  }

  expect_failures = [var.routes]
}
