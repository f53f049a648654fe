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
  target  = module.gateway.module.signing_key
  outputs = { secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key" }
}

override_data {
  target = module.gateway.module.encryption.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.gateway.module.observability.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

variables {
  environment          = "test"
  package_path         = "modules/gateway/tests/package/gateway.zip"
  customer_managed_key = false

  upstream_service_urls = {
    users       = "https://users.example.com"
    products    = "https://products.example.com:8443/base"
    price-lists = "http://10.0.0.1:8080"
  }
}

run "names_everything_after_the_environment" {
  command = plan

  assert {
    condition = alltrue([for name in [
      output.stack.function_name, output.stack.session_table_name, output.stack.ratelimit_table_name, output.stack.log_group_name, output.stack.dashboard_name, output.stack.role_name,
    ] : strcontains(name, "postern-test")])
    error_message = "Several environments fit into one account."
  }
  assert {
    condition     = output.stack.stage_name == "v1" && output.stack.alias_name == "live" && output.stack.region == "us-east-1"
    error_message = "Stage, alias and region are as documented."
  }
  assert {
    condition     = output.stack.budget_name == null
    error_message = "Without an address there is no budget."
  }
}

run "accepts_an_environment_of_any_name" {
  command = plan

  variables {
    environment = "staging-2"
  }

  assert {
    condition     = output.stack.function_name == "postern-staging-2"
    error_message = "local, dev and prod are not the only ones."
  }
}

run "allows_faults_in_prod_if_both_variables_say_so" {
  command = plan

  variables {
    package_path            = "modules/gateway/tests/package-with-faults/gateway.zip"
    environment             = "prod"
    fault_injection         = true
    fault_injection_in_prod = true
  }

  assert {
    condition     = output.stack.fault_injection
    error_message = "In prod, fault_injection needs fault_injection_in_prod."
  }
}

run "makes_experiments_only_if_set" {
  command = plan

  assert {
    condition     = length(module.chaos) == 0
    error_message = "Experiments are off by default."
  }
}

run "makes_experiments_on_this_function" {
  command = plan

  variables {
    chaos_experiments = { percentage = 10 }
  }

  override_module {
    target = module.chaos
    outputs = {
      experiment_template_ids = { delay = "EXT1", error = "EXT2" }
      extension               = { layer_arn = "arn:aws:lambda:us-east-1:123456789012:layer:aws-fis-extension-arm64:9", bucket_arn = "arn:aws:s3:::faults", prefix = "faults" }
    }
  }

  assert {
    condition     = output.experiment_template_ids == { delay = "EXT1", error = "EXT2" }
    error_message = "The output has the ids of the templates."
  }
}

run "has_a_budget_if_alarms_have_an_address" {
  command = plan

  variables {
    alarm_emails = ["team@example.com"]
  }

  assert {
    condition     = output.stack.budget_name == "postern-test-us-east-1-monthly"
    error_message = "The alerts of the budget go where the alarms go."
  }
}
