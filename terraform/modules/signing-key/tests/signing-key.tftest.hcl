# A real provider that reaches nothing: mock providers refuse modules with ephemeral resources.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  name = "postern-test"

  # Generating a key calls AWS: that is tested on the local stack.
  generate = false
}

run "writes_no_secret_with_an_own_key" {
  command = plan

  assert {
    condition     = length(aws_secretsmanager_secret_version.first) == 0
    error_message = "No version is written."
  }
  assert {
    condition     = aws_secretsmanager_secret.this.recovery_window_in_days == 30 && aws_secretsmanager_secret.this.name_prefix == "postern-test-token-signing-"
    error_message = "A deleted secret can be restored, and does not block the next one's name."
  }
}

run "can_be_deleted_at_once" {
  command = plan

  variables {
    recovery_window_days = 0
  }

  assert {
    condition     = aws_secretsmanager_secret.this.recovery_window_in_days == 0
    error_message = "An environment to throw away leaves no secret."
  }
}

run "encrypts_under_the_key_given" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234"
  }

  assert {
    condition     = aws_secretsmanager_secret.this.kms_key_id == var.kms_key_arn
    error_message = "The secret uses the key."
  }
}

run "refuses_an_invalid_secret_recovery_window" {
  command = plan

  variables {
    recovery_window_days = 3
  }

  expect_failures = [var.recovery_window_days]
}

run "refuses_a_name_with_spaces" {
  command = plan

  variables {
    name = "postern test"
  }

  expect_failures = [var.name]
}

run "refuses_an_invalid_key" {
  command = plan

  variables {
    kms_key_arn = "1234"
  }

  expect_failures = [var.kms_key_arn]
}
