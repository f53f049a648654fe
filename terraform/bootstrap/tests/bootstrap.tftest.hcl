mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::state" }
  }
  mock_resource "aws_iam_openid_connect_provider" {
    override_during = plan
    defaults        = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
}

# A mocked provider cannot import.
override_resource {
  target = module.remote_state.aws_s3_bucket.state
  values = { arn = "arn:aws:s3:::state" }
}

# The settings of an environment must not affect these tests.
variables {
  github          = null
  bucket_name     = null
  lock_table_name = null
  region          = "us-east-1"
}

run "names_the_bucket_after_account_and_region" {
  command = plan

  variables {
    region = "eu-central-1"
  }

  assert {
    condition     = output.bucket == "postern-state-123456789012-eu-central-1" && output.lock_table == null
    error_message = "The name is one that no other account has."
  }
}

run "accepts_a_name_and_a_lock_table" {
  command = plan

  variables {
    bucket_name     = "our-states"
    lock_table_name = "our-locks"
  }

  assert {
    condition     = output.bucket == "our-states" && output.lock_table == "our-locks"
    error_message = "Both are as given."
  }
}

run "refuses_an_invalid_region" {
  command = plan

  variables {
    region = "frankfurt"
  }

  expect_failures = [var.region]
}

run "trusts_no_repository_by_default" {
  command = plan

  assert {
    condition     = length(output.github_role_arns) == 0 && length(output.permissions_boundary_arns) == 0 && length(aws_iam_openid_connect_provider.github) == 0
    error_message = "There are no roles and no provider."
  }
}

run "makes_roles_for_each_environment" {
  command = plan

  variables {
    bucket_name = "our-states"
    github      = { repository = "example/gateway", owner_id = "123456", repository_id = "456789" }
  }

  assert {
    condition     = { for environment, roles in output.github_role_arns : environment => keys(roles) } == { dev = ["apply", "drift", "plan"], prod = ["apply", "drift"] }
    error_message = "Pull requests are planned against dev only."
  }
  assert {
    condition     = keys(output.permissions_boundary_arns) == ["dev", "prod"]
    error_message = "Each environment has a boundary of its own."
  }
}

run "uses_the_accounts_provider" {
  command = plan

  variables {
    bucket_name = "our-states"
    github = {
      repository   = "example/gateway"
      provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    }
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && keys(output.github_role_arns) == ["dev", "prod"]
    error_message = "An account has one provider for GitHub at most."
  }
}

run "refuses_an_environment_whose_name_begins_with_anothers" {
  command = plan

  variables {
    github = { repository = "example/gateway", environments = { dev = {}, dev-eu = {} } }
  }

  expect_failures = [var.github]
}

run "refuses_roles_for_no_environment" {
  command = plan

  variables {
    github = { repository = "example/gateway", environments = {} }
  }

  expect_failures = [var.github]
}
