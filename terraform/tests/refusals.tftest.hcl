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

run "refuses_values_that_are_wrong" {
  command = plan

  variables {
    # China.
    region = "cn-north-1"
    # An environment in capitals.
    environment = "Prod"
    # A project in capitals.
    project = "Postern"
    # A budget of nothing.
    monthly_budget_usd = 0
  }

  expect_failures = [var.region, var.environment, var.project, var.monthly_budget_usd]
}

run "refuses_values_that_are_wrong_in_another_way" {
  command = plan

  variables {
    # GovCloud.
    region = "us-gov-west-1"
  }

  expect_failures = [var.region]
}

run "refuses_values_that_are_wrong_in_a_third_way" {
  command = plan

  variables {
    # An invalid region.
    region = "frankfurt"
  }

  expect_failures = [var.region]
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
