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

run "refuses_values_that_are_wrong" {
  command = plan

  variables {
    # No package.
    package = {}
    # An unknown choice of traffic.
    function = { traffic = "never" }
    # A budget that alerts nobody.
    operations = { budget_usd = 20 }
    # An upstream without scheme.
    upstreams = {
      users       = "users.example.com"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
    # A problem type base that is not an HTTPS URL.
    api = { problem_type_base = "http://docs.example.com/errors" }
    # A name in capitals.
    name = "Shop"
    # An environment in capitals.
    environment = "Prod"
  }

  expect_failures = [var.package, var.function, var.operations, var.upstreams, var.api, var.name, var.environment]
}

run "refuses_values_that_are_wrong_in_another_way" {
  command = plan

  variables {
    # A scheme that is not HTTP.
    upstreams = {
      users       = "ftp://users.example.com"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
    # An unknown log level.
    function = { log_level = "TRACE" }
    # An allowed origin with a pattern.
    api = { allowed_origins = ["https://*.example.com"] }
  }

  expect_failures = [var.upstreams, var.function, var.api]
}

run "refuses_values_that_are_wrong_in_a_third_way" {
  command = plan

  variables {
    # A password in a URL.
    upstreams = {
      users       = "https://me:secret@users.example.com"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
    # Sessions that are believed for days.
    function = { session_cache_seconds = 86400 }
    # Half an ARN of a proxy's secret.
    api = { trusted_proxy = {
      secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin"
    } }
  }

  expect_failures = [var.upstreams, var.function, var.api]
}

run "refuses_further_wrong_values_1" {
  command = plan

  variables {
    # A query in a URL.
    upstreams = {
      users       = "https://users.example.com/?a=b"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
    # A log of more than every request.
    function = { log_sample_rate = 1.5 }
    # A proxy's header that others use.
    api = { trusted_proxy = {
      secret_arn  = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf"
      header_name = "x-forwarded-for"
    } }
  }

  expect_failures = [var.upstreams, var.function, var.api]
}

run "refuses_further_wrong_values_2" {
  command = plan

  variables {
    # A fragment in a URL.
    upstreams = {
      users       = "https://users.example.com/#a"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
    # A proxy's header in capitals.
    api = { trusted_proxy = {
      secret_arn  = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf"
      header_name = "X-Origin-Secret"
    } }
  }

  expect_failures = [var.upstreams, var.api]
}

run "refuses_further_wrong_values_3" {
  command = plan

  variables {
    # A path that climbs.
    upstreams = {
      users       = "https://users.example.com/a/../b"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
    # A proxy's secret of another region.
    api = { trusted_proxy = { secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:origin-AbCdEf" } }
  }

  expect_failures = [var.upstreams, var.api]
}

run "refuses_further_wrong_values_4" {
  command = plan

  variables {
    # A path that climbs encoded.
    upstreams = {
      users       = "https://users.example.com/a/%2E%2e"
      products    = "https://products.example.com"
      price-lists = "http://10.0.0.1:8080"
    }
  }

  expect_failures = [var.upstreams]
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

run "refuses_client_certificates_without_a_trust_store" {
  command = plan

  variables {
    contract_file = "tests/package-with-certificates/contract.json"
  }

  expect_failures = [output.base_url]
}
