# A real provider that reaches nothing: mock providers refuse modules with ephemeral resources.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_module {
  target  = module.signing_key
  outputs = { secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key" }
}

override_data {
  target = module.observability.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}


variables {
  environment          = "test"
  package_path         = "tests/package/gateway.zip"
  customer_managed_key = false

  upstream_service_urls = {
    users       = "https://users.example.com"
    products    = "https://products.example.com:8443/base"
    price-lists = "http://10.0.0.1:8080"
  }
}

run "refuses_china" {
  command = plan

  variables {
    region = "cn-north-1"
  }

  expect_failures = [var.region]
}

run "refuses_govcloud" {
  command = plan

  variables {
    region = "us-gov-west-1"
  }

  expect_failures = [var.region]
}

run "fails_without_a_contract_and_names_the_build_command" {
  command = plan

  variables {
    package_path = "tests/refusals.tftest.hcl"
  }

  expect_failures = [output.base_url]
}

run "requires_every_upstream" {
  command = plan

  variables {
    upstream_service_urls = {
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [output.base_url]
}

run "refuses_an_unknown_upstream" {
  command = plan

  variables {
    upstream_service_urls = {
      users       = "https://users.example.com"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
      prodcts     = "https://products.example.com"
    }
  }

  expect_failures = [output.base_url]
}

run "refuses_a_route_that_begins_with_the_stage" {
  command = plan

  variables {
    package_path = "tests/package-with-stage/gateway.zip"
  }

  assert {
    condition     = local.routes_in_the_stage == ["GET /v1", "PUT /v1/users/{id}"]
    error_message = "Only a whole first segment counts."
  }

  expect_failures = [output.base_url]
}

run "requires_every_value_of_the_contract" {
  command = plan

  variables {
    package_path = "tests/package-with-cors/gateway.zip"
    values       = { origins = "https://app.example.com" }
  }

  expect_failures = [output.base_url]
}

run "refuses_an_upstream_without_scheme" {
  command = plan

  variables {
    upstream_service_urls = {
      users       = "users.example.com"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstream_service_urls]
}

run "refuses_a_scheme_that_is_not_http" {
  command = plan

  variables {
    upstream_service_urls = {
      users       = "ftp://users.example.com"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstream_service_urls]
}

run "refuses_a_password_in_a_url" {
  command = plan

  variables {
    upstream_service_urls = {
      users       = "https://me:secret@users.example.com"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstream_service_urls]
}

run "refuses_a_query_in_a_url" {
  command = plan

  variables {
    upstream_service_urls = {
      users       = "https://users.example.com/?a=b"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstream_service_urls]
}

run "refuses_a_fragment_in_a_url" {
  command = plan

  variables {
    upstream_service_urls = {
      users       = "https://users.example.com/#a"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstream_service_urls]
}

run "refuses_a_path_that_climbs" {
  command = plan

  variables {
    upstream_service_urls = {
      users       = "https://users.example.com/a/../b"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstream_service_urls]
}

run "refuses_a_path_that_climbs_encoded" {
  command = plan

  variables {
    upstream_service_urls = {
      users       = "https://users.example.com/a/%2E%2e"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstream_service_urls]
}

run "refuses_an_environment_in_capitals" {
  command = plan

  variables {
    environment = "Prod"
  }

  expect_failures = [var.environment]
}

run "refuses_a_project_in_capitals" {
  command = plan

  variables {
    project = "Postern"
  }

  expect_failures = [var.project]
}

run "refuses_an_invalid_region" {
  command = plan

  variables {
    region = "frankfurt"
  }

  expect_failures = [var.region]
}

run "refuses_a_budget_of_nothing" {
  command = plan

  variables {
    monthly_budget_usd = 0
  }

  expect_failures = [var.monthly_budget_usd]
}

run "refuses_an_unknown_log_level" {
  command = plan

  variables {
    log_level = "TRACE"
  }

  expect_failures = [var.log_level]
}

run "refuses_to_believe_sessions_for_days" {
  command = plan

  variables {
    session_cache_seconds = 86400
  }

  expect_failures = [var.session_cache_seconds]
}

run "refuses_to_log_more_than_every_request" {
  command = plan

  variables {
    log_sample_rate = 1.5
  }

  expect_failures = [var.log_sample_rate]
}

run "refuses_a_problem_type_base_that_is_not_an_https_url" {
  command = plan

  variables {
    problem_type_base = "http://docs.example.com/errors"
  }

  expect_failures = [var.problem_type_base]
}

run "refuses_an_invalid_secret_recovery_window" {
  command = plan

  variables {
    secret_recovery_days = 1
  }

  expect_failures = [var.secret_recovery_days]
}

run "refuses_a_zip_without_faults_if_they_are_allowed" {
  command = plan

  variables {
    fault_injection = true
  }

  expect_failures = [output.base_url]
}

run "refuses_a_zip_with_faults_if_they_are_not_allowed" {
  command = plan

  variables {
    package_path = "tests/package-with-faults/gateway.zip"
  }

  expect_failures = [output.base_url]
}

run "refuses_a_zip_without_the_trusted_proxy_that_the_tfvars_set" {
  command = plan

  variables {
    trusted_proxy = { secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf" }
  }

  expect_failures = [output.base_url]
}

run "refuses_a_zip_with_a_trusted_proxy_that_the_tfvars_do_not_set" {
  command = plan

  variables {
    package_path = "tests/package-with-proxy/gateway.zip"
  }

  expect_failures = [output.base_url]
}

run "refuses_faults_in_production" {
  command = plan

  variables {
    environment     = "prod"
    fault_injection = true
  }

  expect_failures = [var.fault_injection]
}

run "refuses_experiments_in_production" {
  command = plan

  variables {
    environment       = "prod"
    chaos_experiments = {}
  }

  expect_failures = [var.chaos_experiments]
}

run "refuses_experiments_that_nothing_stops" {
  command = plan

  variables {
    chaos_experiments = {}
    alarms            = "none"
  }

  expect_failures = [var.chaos_experiments]
}

run "refuses_an_allowed_origin_with_a_pattern" {
  command = plan

  variables {
    allowed_origins = ["https://*.example.com"]
  }

  expect_failures = [var.allowed_origins]
}

run "refuses_a_proxys_secret_of_another_region" {
  command = plan

  variables {
    trusted_proxy = {
      secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:origin-AbCdEf"
    }
  }

  expect_failures = [var.trusted_proxy]
}

run "refuses_half_an_arn_of_a_proxys_secret" {
  command = plan

  variables {
    trusted_proxy = {
      secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin"
    }
  }

  expect_failures = [var.trusted_proxy]
}

run "refuses_a_proxys_header_that_others_use" {
  command = plan

  variables {
    trusted_proxy = {
      secret_arn  = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf"
      header_name = "x-forwarded-for"
    }
  }

  expect_failures = [var.trusted_proxy]
}

run "refuses_a_proxys_header_in_capitals" {
  command = plan

  variables {
    trusted_proxy = {
      secret_arn  = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf"
      header_name = "X-Origin-Secret"
    }
  }

  expect_failures = [var.trusted_proxy]
}
