mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

variables {
  name   = "postern-test"
  region = "eu-central-1"
}

run "rotates_and_can_be_called_back" {
  command = plan

  assert {
    condition     = aws_kms_key.this["own"].enable_key_rotation && aws_kms_key.this["own"].deletion_window_in_days == 30
    error_message = "The key is rotated, and not gone at once."
  }
  assert {
    condition     = aws_kms_alias.this["own"].name == "alias/postern-test"
    error_message = "The key can be found by its name."
  }
}

run "allows_only_this_account" {
  command = plan

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_kms_key.this["own"].policy).Statement :
      can(statement.Condition) || statement.Principal == { AWS = "arn:aws:iam::123456789012:root" }
    ])
    error_message = "Services have a condition that names the account."
  }
  assert {
    condition     = strcontains(aws_kms_key.this["own"].policy, "logs.eu-central-1.amazonaws.com") && strcontains(aws_kms_key.this["own"].policy, "arn:aws:logs:eu-central-1:123456789012:log-group:*")
    error_message = "Log groups of this region and account can be encrypted."
  }
  assert {
    condition = anytrue([
      for statement in jsondecode(aws_kms_key.this["own"].policy).Statement :
      try(statement.Principal.Service, "") == "cloudwatch.amazonaws.com" && contains(flatten([statement.Action]), "kms:GenerateDataKey*")
    ])
    error_message = "Alarms can publish to the encrypted topic."
  }
}

run "refuses_a_name_that_belongs_to_aws" {
  command = plan

  variables {
    name = "aws/postern"
  }

  expect_failures = [var.name]
}

run "refuses_an_invalid_kms_deletion_window" {
  command = plan

  variables {
    deletion_window_days = 5
  }

  expect_failures = [var.deletion_window_days]
}

run "refuses_an_invalid_region" {
  command = plan

  variables {
    region = "frankfurt"
  }

  expect_failures = [var.region]
}

run "only_says_what_a_key_needs_if_set" {
  command = plan

  variables {
    create = false
  }

  assert {
    condition     = length(aws_kms_key.this) == 0 && output.key_arn == null && strcontains(output.policy_json, "logs.eu-central-1.amazonaws.com")
    error_message = "A key that is made elsewhere gets the same policy."
  }
}
