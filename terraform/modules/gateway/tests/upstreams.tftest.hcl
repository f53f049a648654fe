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

override_data {
  target = data.aws_caller_identity.this
  values = { account_id = "123456789012", arn = "arn:aws:sts::123456789012:assumed-role/deploy/me" }
}

variables {
  name          = "postern-test"
  contract_file = "tests/package-with-aws/contract.json"
  package       = { path = "tests/package/gateway.zip" }
  security      = { create_key = false }
  # Known at plan, and so is the policy.
  operations = { log_group = { name = "own", arn = "arn:aws:logs:us-east-1:123456789012:log-group:own" } }

  upstreams = {
    users  = "https://users.example.com"
    quotes = "arn:aws:lambda:us-east-1:123456789012:function:quotes:live"
  }
}

run "gives_the_function_the_arns_of_what_it_calls" {
  command = plan

  assert {
    condition = {
      for name, value in module.function.environment_variables : name => value if startswith(name, "UPSTREAM_")
      } == {
      UPSTREAM_USERS_SERVICE_URL = "https://users.example.com"
      UPSTREAM_QUOTES_ARN        = "arn:aws:lambda:us-east-1:123456789012:function:quotes:live"
    }
    error_message = "An HTTP service has a URL, a resource of AWS an ARN."
  }
}

run "completes_the_name_of_a_lambda_function" {
  command = plan

  variables {
    upstreams = {
      users  = "https://users.example.com"
      quotes = "quotes:live"
    }
  }

  assert {
    condition     = module.function.environment_variables.UPSTREAM_QUOTES_ARN == "arn:aws:lambda:us-east-1:123456789012:function:quotes:live"
    error_message = "The name is one of the account and the region."
  }
  assert {
    condition     = [for statement in jsondecode(output.function_policy_json).Statement : statement.Resource if contains(statement.Action, "lambda:InvokeFunction")] == [["arn:aws:lambda:us-east-1:123456789012:function:quotes:live"]]
    error_message = "The role may call exactly this function."
  }
}

run "refuses_the_arn_of_another_kind" {
  command = plan

  variables {
    upstreams = {
      users  = "https://users.example.com"
      quotes = "arn:aws:sqs:us-east-1:123456789012:quotes"
    }
  }

  expect_failures = [var.upstreams]
}

run "refuses_the_arn_of_another_account" {
  command = plan

  variables {
    upstreams = {
      users  = "https://users.example.com"
      quotes = "arn:aws:lambda:us-east-1:999999999999:function:quotes"
    }
  }

  expect_failures = [var.upstreams]
}

run "refuses_the_arn_of_another_region" {
  command = plan

  variables {
    upstreams = {
      users  = "https://users.example.com"
      quotes = "arn:aws:lambda:eu-west-1:123456789012:function:quotes"
    }
  }

  expect_failures = [var.upstreams]
}

run "refuses_the_arn_of_an_http_upstream" {
  command = plan

  variables {
    upstreams = {
      users  = "arn:aws:lambda:us-east-1:123456789012:function:users"
      quotes = "quotes"
    }
  }

  expect_failures = [var.upstreams]
}
