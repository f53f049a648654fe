mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::state" }
  }
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

run "takes_a_name_and_a_lock_table" {
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

run "refuses_what_is_no_region" {
  command = plan

  variables {
    region = "frankfurt"
  }

  expect_failures = [var.region]
}

run "lets_no_repository_in_unless_told" {
  command = plan

  assert {
    condition     = output.github_role_arns == null && output.permissions_boundary_arn == null
    error_message = "There is nobody to trust."
  }
}

run "lets_one_repository_in" {
  command = plan

  variables {
    bucket_name = "our-states"
    github      = { repository = "example/gateway" }
  }

  assert {
    condition     = keys(output.github_role_arns) == ["apply", "drift", "plan"]
    error_message = "Its three roles are told."
  }
}
