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
  target = module.encryption.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.observability.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

variables {
  name          = "postern-test"
  environment   = "test"
  contract_file = "tests/package/contract.json"
  package       = { path = "tests/package/gateway.zip" }
  security      = { create_key = false }

  upstreams = {
    users       = "https://users.example.com"
    products    = "https://products.example.com:8443/base"
    price-lists = "http://10.0.0.1:8080"
  }
}

run "fails_without_a_contract_and_names_the_build_command" {
  command = plan

  variables {
    contract_file = "tests/none.json"
  }

  expect_failures = [output.base_url]
}

run "refuses_a_build_of_another_version_of_postern" {
  command = plan

  variables {
    contract_file = "tests/package-of-another-version/contract.json"
  }

  expect_failures = [output.base_url]
}

run "refuses_a_build_from_before_builds_had_a_version" {
  command = plan

  variables {
    contract_file = "tests/package-of-0-1/contract.json"
  }

  expect_failures = [output.base_url]
}

run "refuses_no_package" {
  command = plan

  variables {
    package = {}
  }

  expect_failures = [var.package]
}

run "refuses_an_unknown_choice_of_traffic" {
  command = plan

  variables {
    function = { traffic = "never" }
  }

  expect_failures = [var.function]
}

run "refuses_a_budget_that_alerts_nobody" {
  command = plan

  variables {
    operations = { budget_usd = 20 }
  }

  expect_failures = [var.operations]
}

run "requires_every_upstream" {
  command = plan

  variables {
    upstreams = {
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [output.base_url]
}

run "refuses_an_unknown_upstream" {
  command = plan

  variables {
    upstreams = {
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
    contract_file = "tests/package-with-stage/contract.json"
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
    contract_file = "tests/package-with-cors/contract.json"
    values        = { origins = "https://app.example.com" }
  }

  expect_failures = [output.base_url]
}

run "refuses_an_upstream_without_scheme" {
  command = plan

  variables {
    upstreams = {
      users       = "users.example.com"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstreams]
}

run "refuses_a_scheme_that_is_not_http" {
  command = plan

  variables {
    upstreams = {
      users       = "ftp://users.example.com"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstreams]
}

run "refuses_a_password_in_a_url" {
  command = plan

  variables {
    upstreams = {
      users       = "https://me:secret@users.example.com"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstreams]
}

run "refuses_a_query_in_a_url" {
  command = plan

  variables {
    upstreams = {
      users       = "https://users.example.com/?a=b"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstreams]
}

run "refuses_a_fragment_in_a_url" {
  command = plan

  variables {
    upstreams = {
      users       = "https://users.example.com/#a"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstreams]
}

run "refuses_a_path_that_climbs" {
  command = plan

  variables {
    upstreams = {
      users       = "https://users.example.com/a/../b"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstreams]
}

run "refuses_a_path_that_climbs_encoded" {
  command = plan

  variables {
    upstreams = {
      users       = "https://users.example.com/a/%2E%2e"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstreams]
}

run "refuses_an_unknown_log_level" {
  command = plan

  variables {
    function = { log_level = "TRACE" }
  }

  expect_failures = [var.function]
}

run "refuses_to_believe_sessions_for_days" {
  command = plan

  variables {
    function = { session_cache_seconds = 86400 }
  }

  expect_failures = [var.function]
}

run "refuses_to_log_more_than_every_request" {
  command = plan

  variables {
    function = { log_sample_rate = 1.5 }
  }

  expect_failures = [var.function]
}

run "refuses_a_problem_type_base_that_is_not_an_https_url" {
  command = plan

  variables {
    api = { problem_type_base = "http://docs.example.com/errors" }
  }

  expect_failures = [var.api]
}

run "refuses_a_zip_without_faults_if_they_are_allowed" {
  command = plan

  variables {
    operations = { fault_injection = true }
  }

  expect_failures = [output.base_url]
}

run "refuses_a_zip_with_faults_if_they_are_not_allowed" {
  command = plan

  variables {
    contract_file = "tests/package-with-faults/contract.json"
  }

  expect_failures = [output.base_url]
}

run "refuses_a_zip_without_the_trusted_proxy_that_the_tfvars_set" {
  command = plan

  variables {
    api = { trusted_proxy = { secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf" } }
  }

  expect_failures = [output.base_url]
}

run "refuses_a_zip_with_a_trusted_proxy_that_the_tfvars_do_not_set" {
  command = plan

  variables {
    contract_file = "tests/package-with-proxy/contract.json"
  }

  expect_failures = [output.base_url]
}

run "refuses_an_allowed_origin_with_a_pattern" {
  command = plan

  variables {
    api = { allowed_origins = ["https://*.example.com"] }
  }

  expect_failures = [var.api]
}

run "refuses_half_an_arn_of_a_proxys_secret" {
  command = plan

  variables {
    api = { trusted_proxy = {
      secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin"
    } }
  }

  expect_failures = [var.api]
}

run "refuses_a_proxys_header_that_others_use" {
  command = plan

  variables {
    api = { trusted_proxy = {
      secret_arn  = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf"
      header_name = "x-forwarded-for"
    } }
  }

  expect_failures = [var.api]
}

run "refuses_a_proxys_header_in_capitals" {
  command = plan

  variables {
    api = { trusted_proxy = {
      secret_arn  = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf"
      header_name = "X-Origin-Secret"
    } }
  }

  expect_failures = [var.api]
}

run "refuses_a_proxys_secret_of_another_region" {
  command = plan

  variables {
    api = { trusted_proxy = { secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:origin-AbCdEf" } }
  }

  expect_failures = [var.api]
}

run "refuses_a_name_in_capitals" {
  command = plan

  variables {
    name = "Shop"
  }

  expect_failures = [var.name]
}

run "refuses_an_environment_in_capitals" {
  command = plan

  variables {
    environment = "Prod"
  }

  expect_failures = [var.environment]
}

run "refuses_client_certificates_without_a_trust_store" {
  command = plan

  variables {
    contract_file = "tests/package-with-certificates/contract.json"
  }

  expect_failures = [output.base_url]
}
