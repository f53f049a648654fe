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

run "passes_all_resource_names_to_the_function" {
  command = plan

  assert {
    condition = {
      for name, value in module.function.environment_variables : name => value if !startswith(name, "UPSTREAM_")
      } == {
      GATEWAY_NAME                     = "postern-test"
      GATEWAY_ENV                      = "test"
      GATEWAY_LOG_LEVEL                = "INFO"
      GATEWAY_SESSION_TABLE_NAME       = "postern-test-sessions"
      GATEWAY_RATELIMIT_TABLE_NAME     = "postern-test-rate-limits"
      GATEWAY_TOKEN_SIGNING_SECRET_ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key"
      GATEWAY_LOG_SAMPLE_RATE          = "1"
      GATEWAY_SESSION_CACHE_SECONDS    = "0"
      GATEWAY_FAULT_INJECTION          = "false"
      GLIBC_TUNABLES                   = "glibc.malloc.mmap_threshold=16777216:glibc.malloc.trim_threshold=67108864"
    }
    error_message = "The names are those the function reads."
  }
  assert {
    condition = {
      for name, value in module.function.environment_variables : name => value if startswith(name, "UPSTREAM_")
      } == {
      UPSTREAM_USERS_SERVICE_URL       = "https://users.example.com"
      UPSTREAM_PRODUCTS_SERVICE_URL    = "https://products.example.com:8443/base"
      UPSTREAM_PRICE_LISTS_SERVICE_URL = "http://10.0.0.1:8080"
    }
    error_message = "Each upstream has its variable."
  }
}

run "gives_the_function_the_values_of_the_contracts_access_tokens" {
  command = plan

  variables {
    contract_file = "tests/package-with-tokens/contract.json"
    values        = { issuer = "https://login.example.com", origins = "https://app.example.com" }
  }

  assert {
    condition     = { for name, value in module.function.environment_variables : name => value if startswith(name, "GATEWAY_VALUE_") } == { GATEWAY_VALUE_issuer = "https://login.example.com" }
    error_message = "The function has the values that it reads, and no other."
  }
}

run "takes_the_address_by_which_browsers_know_the_gateway_for_its_own_origin" {
  command = plan

  variables {
    contract_file = "tests/package-with-browser-sign-in/contract.json"
    values        = { domain = "app.example.com" }
  }

  assert {
    condition     = module.function.environment_variables.GATEWAY_ALLOWED_ORIGINS == "https://app.example.com"
    error_message = "Forms of its pages, such as that of the sign-out, are accepted."
  }
}

run "keeps_the_table_that_an_earlier_version_may_use_and_tells_only_that_version_of_it" {
  command = plan

  variables {
    kept_permissions = {
      "7" = jsonencode([{ actions = ["dynamodb:GetItem"], leading_keys = [], resources = ["arn:aws:dynamodb:us-east-1:123456789012:table/postern-test-credentials"] }])
    }
  }

  assert {
    condition     = output.stack.further_table_names == { credentials = "postern-test-credentials" } && !can(module.function.environment_variables.GATEWAY_CREDENTIALS_TABLE_NAME)
    error_message = "A variable less in the next version would publish another one when the table goes."
  }
}

run "makes_a_table_of_credentials_for_a_contract_with_consumers" {
  command = plan

  variables {
    contract_file = "tests/package-with-credentials/contract.json"
  }

  assert {
    condition     = module.function.environment_variables.GATEWAY_CREDENTIALS_TABLE_NAME == "postern-test-credentials" && output.stack.further_table_names.credentials == "postern-test-credentials" && output.stack.api_key_prefixes == tolist(["shop"])
    error_message = "The function and the commands get the name of the table."
  }
}

run "follows_the_contracts_cors_with_the_environments_values" {
  command = plan

  variables {
    contract_file = "tests/package-with-cors/contract.json"
    values        = { origins = "https://app.example.com, https://*", host = "shop" }
    api           = { allowed_origins = ["https://www.example.com", "https://app.example.com"] }
    emulator_url  = "http://127.0.0.1:4566"
  }

  assert {
    condition     = module.function.environment_variables.GATEWAY_ALLOWED_ORIGINS == "https://app.example.com,https://shop.example.com,https://www.example.com,http://127.0.0.1:4566"
    error_message = "Each origin is there once, and no pattern."
  }
  assert {
    condition     = local.cors.allow_origins == ["https://app.example.com", "https://*", "https://shop.example.com"] && local.cors.max_age_seconds == 600
    error_message = "The policy is the contract's, with the values in place of their names."
  }
}

run "leaves_several_cors_policies_to_the_function" {
  command = plan

  variables {
    contract_file = "tests/package-with-several-cors/contract.json"
    values        = { origins = "https://www.example.com, https://*", host = "shop" }
  }

  assert {
    condition     = local.cors == null
    error_message = "API Gateway would respond to preflights itself."
  }
  assert {
    condition     = module.function.environment_variables.GATEWAY_VALUE_host == "shop" && module.function.environment_variables.GATEWAY_VALUE_origins == "https://www.example.com, https://*"
    error_message = "The function gets the values of the environment."
  }
  assert {
    condition     = module.function.environment_variables.GATEWAY_ALLOWED_ORIGINS == "https://www.example.com,https://shop.example.com,https://app.example.com"
    error_message = "The pages of all policies may use the session cookie."
  }
}

run "accepts_only_requests_from_the_trusted_proxy" {
  command = plan

  variables {
    contract_file = "tests/package-with-proxy/contract.json"
    api           = { trusted_proxy = { secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf" } }
  }

  assert {
    condition     = module.function.environment_variables.GATEWAY_TRUSTED_PROXY_HEADER == "x-origin-secret" && module.function.environment_variables.GATEWAY_TRUSTED_PROXY_SECRET_ARN == "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf"
    error_message = "The function gets the header and the ARN of the secret, not the secret."
  }
}

run "watches_every_upstream_of_the_contract" {
  command = plan

  variables {
    operations = { alarms = "all" }
  }

  assert {
    condition     = toset([for name in module.observability.alarm_names : trimprefix(name, "postern-test-breaker-") if strcontains(name, "breaker")]) == toset(["users", "products", "price-lists"])
    error_message = "Each upstream has an alarm for its breaker."
  }
}

run "has_a_budget_for_what_it_costs_if_set" {
  command = plan

  variables {
    operations = { budget_usd = 20, emails = ["team@example.com"] }
  }

  assert {
    condition     = output.stack.budget_name == "postern-test-us-east-1-monthly"
    error_message = "The budget is made if it is asked for."
  }
}

run "looks_for_experiments_of_fis_where_they_are" {
  command = plan

  variables {
    operations = { fault_extension = { layer_arn = "arn:aws:lambda:us-east-1:123456789012:layer:aws-fis-extension-arm64:9", bucket_arn = "arn:aws:s3:::faults", prefix = "faults" } }
  }

  assert {
    condition     = module.function.environment_variables["AWS_FIS_CONFIGURATION_LOCATION"] == "arn:aws:s3:::faults/faults/"
    error_message = "The function looks where the experiments write."
  }
}

run "logs_each_request_once_if_set" {
  command = plan

  variables {
    api = { access_log = false }
  }

  assert {
    condition     = module.api.access_log_group_name == null
    error_message = "The function's line is the one."
  }
}

run "logs_requests_that_the_api_refuses" {
  command = plan

  assert {
    condition     = module.api.access_log_group_name == "/aws/vendedlogs/http-api/postern-test"
    error_message = "The log is the API's own."
  }
}

run "has_no_key_if_set" {
  command = plan

  assert {
    condition     = module.encryption.key_arn == null
    error_message = "With AWS's keys there is none to pay for."
  }
}

run "keeps_the_key_of_earlier_encrypted_data" {
  command = plan

  variables {
    security = { create_key = false, retain_key = true }
  }

  override_module {
    target  = module.encryption
    outputs = { key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234", policy_json = "{}" }
  }

  assert {
    condition     = module.encryption.key_arn != null && output.arns.key == null
    error_message = "Versions, backups and log lines from before stay readable, and nothing new is encrypted under the key."
  }
}
