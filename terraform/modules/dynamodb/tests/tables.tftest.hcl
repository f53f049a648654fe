mock_provider "aws" {}

variables {
  name = "postern-test"
}

run "makes_both_tables" {
  command = plan

  assert {
    condition     = output.sessions_table.name == "postern-test-sessions" && output.rate_limits_table.name == "postern-test-rate-limits"
    error_message = "The names of the tables contain the environment's name."
  }
  assert {
    condition     = aws_dynamodb_table.this["sessions"].hash_key == "session_id" && aws_dynamodb_table.this["rate_limits"].hash_key == "rate_limit_key"
    error_message = "The keys are those the function uses."
  }
  assert {
    condition     = alltrue([for table in aws_dynamodb_table.this : table.billing_mode == "PAY_PER_REQUEST"])
    error_message = "The tables cost nothing without traffic."
  }
  assert {
    condition     = alltrue([for table in aws_dynamodb_table.this : table.ttl[0].enabled && table.ttl[0].attribute_name == "ttl"])
    error_message = "What has expired is deleted."
  }
}

run "finds_the_sessions_of_a_user_by_a_sparse_index" {
  command = plan

  variables {
    restored_sessions_table = "postern-test-sessions-20261121-103000"
  }

  assert {
    condition     = alltrue([for name, table in aws_dynamodb_table.this : name == "rate_limits" || length(table.global_secondary_index) == 1])
    error_message = "Every sessions table has the index, a restored one, too."
  }
  assert {
    condition     = alltrue(flatten([for table in aws_dynamodb_table.this : [for index in table.global_secondary_index : index.name == "by-user" && index.hash_key == "user_id" && index.projection_type == "KEYS_ONLY"]]))
    error_message = "The index has only the keys, and the name that make revoke uses."
  }
  assert {
    condition     = length(aws_dynamodb_table.this["rate_limits"].global_secondary_index) == 0
    error_message = "The rate limits are written with every request: no index makes that dearer."
  }
}

run "makes_no_further_table_unless_asked_for" {
  command = plan

  assert {
    condition     = output.further_tables == {} && !contains(keys(aws_dynamodb_table.this), "credentials")
    error_message = "A contract that needs no further table has none."
  }
}

run "finds_the_credentials_of_a_consumer_by_an_index" {
  command = plan

  variables {
    further_tables = { cache = null, credentials = null, idempotency = null, traffic = null, usage = null }
  }

  assert {
    condition     = output.further_tables.credentials.name == "postern-test-credentials" && aws_dynamodb_table.this["credentials"].hash_key == "credential_id"
    error_message = "The name has the environment's name, and the key is the one that the function uses."
  }
  assert {
    condition     = [for index in aws_dynamodb_table.this["credentials"].global_secondary_index : [index.name, index.hash_key, index.projection_type]] == [["by-consumer", "consumer", "KEYS_ONLY"]]
    error_message = "The index has only the keys, and the name that the commands use."
  }
  assert {
    condition     = output.further_tables.cache.name == "postern-test-cache" && aws_dynamodb_table.this["cache"].hash_key == "cache_key"
    error_message = "The table of the cache has the key that the function and the command use."
  }
  assert {
    condition     = output.further_tables.usage.name == "postern-test-usage" && aws_dynamodb_table.this["usage"].hash_key == "usage_id" && length(aws_dynamodb_table.this["usage"].global_secondary_index) == 0
    error_message = "The usage is written for requests: no index makes that dearer."
  }
  assert {
    condition     = output.further_tables.traffic.name == "postern-test-traffic" && aws_dynamodb_table.this["traffic"].hash_key == "traffic_id"
    error_message = "The table of weights has the key that the function and make traffic use."
  }
}

run "protects_by_default" {
  command = plan

  variables {
    further_tables = { cache = null, credentials = null, idempotency = null, traffic = null, usage = null }
  }

  assert {
    condition     = alltrue([for key, table in aws_dynamodb_table.this : table.deletion_protection_enabled && table.point_in_time_recovery[0].enabled == (key != "cache")])
    error_message = "Nothing is lost by a slip."
  }
}

run "needs_no_key" {
  command = plan

  assert {
    condition     = alltrue([for table in aws_dynamodb_table.this : length(table.server_side_encryption) == 0])
    error_message = "Without a key the tables are encrypted under AWS's own."
  }
}

run "is_deletable_if_set" {
  command = plan

  variables {
    deletion_protection    = false
    point_in_time_recovery = false
  }

  assert {
    condition     = alltrue([for table in aws_dynamodb_table.this : !table.deletion_protection_enabled && !table.point_in_time_recovery[0].enabled])
    error_message = "An environment to throw away can be thrown away."
  }
}

run "encrypts_under_the_key_given" {
  command = plan

  variables {
    further_tables = { cache = null, credentials = null, idempotency = null, traffic = null, usage = null }
    kms_key_arn    = "arn:aws:kms:us-east-1:123456789012:key/1234"
  }

  assert {
    condition     = alltrue([for table in aws_dynamodb_table.this : table.server_side_encryption[0].kms_key_arn == var.kms_key_arn && table.server_side_encryption[0].enabled])
    error_message = "All tables use the key."
  }
}

run "refuses_an_invalid_table_name" {
  command = plan

  variables {
    name = "postern test"
  }

  expect_failures = [var.name]
}

run "refuses_an_invalid_key" {
  command = plan

  variables {
    kms_key_arn = "alias/aws/dynamodb"
  }

  expect_failures = [var.kms_key_arn]
}

run "uses_a_restored_table_instead_of_the_sessions_table" {
  command = plan

  variables {
    restored_sessions_table = "postern-test-sessions-20261121-103000"
  }

  assert {
    condition     = output.sessions_table.name == var.restored_sessions_table
    error_message = "The function reads sessions from the restored table."
  }
  assert {
    condition     = aws_dynamodb_table.this["sessions"].name == "postern-test-sessions"
    error_message = "The table that was replaced is kept."
  }
  assert {
    condition     = alltrue([for table in aws_dynamodb_table.this : table.deletion_protection_enabled && table.point_in_time_recovery[0].enabled && table.ttl[0].enabled])
    error_message = "DynamoDB restores none of its settings: they are set here."
  }
}

run "refuses_a_table_that_is_no_restored_one" {
  command = plan

  variables {
    restored_sessions_table = "postern-test-rate-limits"
  }

  expect_failures = [var.restored_sessions_table]
}

run "refuses_a_restored_table_that_the_role_does_not_cover" {
  command = plan

  variables {
    restored_sessions_table = "postern-other-sessions-20261121-103000"
  }

  expect_failures = [var.restored_sessions_table]
}

run "keeps_the_table_of_the_version_that_serves_beside_the_restored_one" {
  variables {
    restored_sessions_table = "postern-test-sessions-20261122-103000"
    kept_sessions_tables    = ["postern-test-sessions-20261121-103000"]
  }

  assert {
    condition     = toset(keys(aws_dynamodb_table.this)) == toset(["sessions", "rate_limits", "postern-test-sessions-20261121-103000", "postern-test-sessions-20261122-103000"])
    error_message = "The table that was restored earlier is kept."
  }
  assert {
    condition     = output.sessions_table.name == "postern-test-sessions-20261122-103000"
    error_message = "A new version reads the table that was restored last."
  }
}

run "outputs_every_sessions_table_for_the_role" {
  variables {
    restored_sessions_table = "postern-test-sessions-20261121-103000"
  }

  assert {
    condition     = output.sessions_table_arns == tolist([aws_dynamodb_table.this["sessions"].arn, "${aws_dynamodb_table.this["sessions"].arn}-*"])
    error_message = "The version that serves still reads its own table when the settings name another."
  }
}

run "refuses_to_keep_a_table_that_is_no_restored_one" {
  command = plan

  variables {
    kept_sessions_tables = ["postern-test-rate-limits"]
  }

  expect_failures = [var.kept_sessions_tables]
}

run "refuses_to_keep_the_table_in_use" {
  command = plan

  variables {
    restored_sessions_table = "postern-test-sessions-20261121-103000"
    kept_sessions_tables    = ["postern-test-sessions-20261121-103000"]
  }

  expect_failures = [var.kept_sessions_tables]
}

run "refuses_a_further_table_that_no_contract_needs" {
  command = plan

  variables {
    further_tables = { carts = null }
  }

  expect_failures = [var.further_tables]
}

run "uses_tables_that_are_made_elsewhere" {
  variables {
    further_tables    = { credentials = { name = "keys", arn = "arn:aws:dynamodb:us-east-1:123456789012:table/keys" } }
    sessions_table    = { name = "logins", arn = "arn:aws:dynamodb:us-east-1:123456789012:table/logins" }
    rate_limits_table = { name = "limits", arn = "arn:aws:dynamodb:us-east-1:123456789012:table/limits" }
  }

  assert {
    condition     = length(aws_dynamodb_table.this) == 0 && output.sessions_table.name == "logins" && output.rate_limits_table.name == "limits" && output.further_tables.credentials.name == "keys"
    error_message = "No table is made."
  }
  assert {
    condition     = output.sessions_table_arns == tolist(["arn:aws:dynamodb:us-east-1:123456789012:table/logins"])
    error_message = "The function reads that table alone."
  }
}

run "refuses_to_restore_a_table_that_is_made_elsewhere" {
  command = plan

  variables {
    sessions_table          = { name = "logins", arn = "arn:aws:dynamodb:us-east-1:123456789012:table/logins" }
    restored_sessions_table = "postern-test-sessions-20261121-103000"
  }

  expect_failures = [var.sessions_table]
}
