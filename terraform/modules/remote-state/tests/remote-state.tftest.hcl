mock_provider "aws" {
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::postern-state-test" }
  }
}

variables {
  bucket_name = "postern-state-test"
}

run "keeps_states_safe" {
  assert {
    condition     = aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled"
    error_message = "An older state can be fetched back."
  }
  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.state.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"
    error_message = "States are encrypted."
  }
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.state.block_public_acls, aws_s3_bucket_public_access_block.state.block_public_policy,
      aws_s3_bucket_public_access_block.state.ignore_public_acls, aws_s3_bucket_public_access_block.state.restrict_public_buckets,
    ])
    error_message = "Nothing of the bucket can be made public."
  }
  assert {
    condition     = !aws_s3_bucket.state.force_destroy
    error_message = "A bucket with states in it is not deleted."
  }
}

run "refuses_to_speak_without_tls" {
  assert {
    condition = jsondecode(aws_s3_bucket_policy.state.policy).Statement[0] == {
      Sid       = "RefuseWithoutTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::postern-state-test", "arn:aws:s3:::postern-state-test/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }
    error_message = "Whatever comes without TLS is denied, the bucket and all in it."
  }
}

run "forgets_old_states" {
  command = plan

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.state["state"].rule[0].noncurrent_version_expiration[0].noncurrent_days == 90
    error_message = "Old versions are kept for 90 days."
  }
}

run "keeps_all_states_if_set" {
  command = plan

  variables {
    keep_old_states_days = null
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.state) == 0
    error_message = "There is no rule."
  }
}

run "locks_by_s3_alone_by_default" {
  command = plan

  assert {
    condition     = length(aws_dynamodb_table.lock) == 0 && output.lock_table_name == null
    error_message = "There is no lock table."
  }
}

run "makes_a_lock_table_if_set" {
  command = plan

  variables {
    lock_table_name = "postern-state-lock"
  }

  assert {
    condition     = output.lock_table_name == "postern-state-lock" && aws_dynamodb_table.lock["postern-state-lock"].hash_key == "LockID"
    error_message = "The key is the one Terraform's S3 backend writes."
  }
}

run "refuses_an_invalid_bucket_name" {
  command = plan

  variables {
    bucket_name = "Postern_State"
  }

  expect_failures = [var.bucket_name]
}

run "refuses_an_invalid_lock_table_name" {
  command = plan

  variables {
    lock_table_name = "a b"
  }

  expect_failures = [var.lock_table_name]
}

run "refuses_to_forget_at_once" {
  command = plan

  variables {
    keep_old_states_days = 0
  }

  expect_failures = [var.keep_old_states_days]
}
