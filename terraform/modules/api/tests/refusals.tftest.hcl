mock_provider "aws" {}

variables {
  name           = "postern-test"
  function_alias = { function_name = "postern-test", alias_name = "live", invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/postern-test:live/invocations" }
}

run "refuses_values_that_are_wrong" {
  command = plan

  variables {
    # A name with spaces.
    name = "postern test"
    # A rate that stops all traffic.
    throttle_rate_per_second = 0
    # A burst that stops all traffic.
    throttle_burst = 0
    # CORS without origins.
    cors = { allow_origins = [] }
    # A domain with a scheme.
    domain = { name = "https://api.example.com", certificate = { arn = "arn:aws:acm:us-east-1:123456789012:certificate/1" } }
    # A stage name with a slash.
    stage_name = "api/v1"
    # An emulator with a path.
    emulator_url = "http://127.0.0.1:4566/"
    # Unsupported log retention.
    log_retention_days = 10
    # An invalid key.
    kms_key_arn = "1234"
    # More routes than API Gateway has.
    routes = { aws_iam = [for index in range(300) : "GET /orders-${index}"] }
  }

  expect_failures = [var.name, var.throttle_rate_per_second, var.throttle_burst, var.cors, var.domain, var.stage_name, var.emulator_url, var.log_retention_days, var.kms_key_arn, var.routes]
}

run "refuses_values_that_are_wrong_in_another_way" {
  command = plan

  variables {
    # An origin with a path.
    cors = { allow_origins = ["https://app.example.com/"] }
    # An invalid certificate.
    domain = { name = "api.example.com", certificate = { arn = "1234" } }
    # A route without a method.
    routes = { open = ["/orders"] }
  }

  expect_failures = [var.routes, var.cors, var.domain]
}

run "refuses_values_that_are_wrong_in_a_third_way" {
  command = plan

  variables {
    # Any origin with credentials.
    cors = { allow_origins = ["*"], allow_credentials = true }
    # A domain that nothing proves.
    domain = { name = "api.example.com" }
  }

  expect_failures = [var.cors, var.domain]
}

run "refuses_further_wrong_values_1" {
  command = plan

  variables {
    # Any header with credentials.
    cors = { allow_origins = ["https://app.example.com"], allow_headers = ["*"], allow_credentials = true }
    # A trust store that is not in S3.
    default_endpoint = false
    domain = {
      name        = "api.example.com"
      certificate = { arn = "arn:aws:acm:us-east-1:123456789012:certificate/abc" }
      trust_store = { uri = "clients.pem" }
    }
  }

  expect_failures = [var.cors, var.domain]
}

run "refuses_further_wrong_values_2" {
  command = plan

  variables {
    # An unknown method.
    cors = { allow_origins = ["https://app.example.com"], allow_methods = ["FETCH"] }
  }

  expect_failures = [var.cors]
}

run "refuses_further_wrong_values_3" {
  command = plan

  variables {
    # An endless preflight.
    cors = { allow_origins = ["https://app.example.com"], max_age_seconds = 100000 }
  }

  expect_failures = [var.cors]
}

run "refuses_to_turn_off_the_only_address" {
  command = plan

  variables {
    default_endpoint = false
  }

  expect_failures = [var.default_endpoint]
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
