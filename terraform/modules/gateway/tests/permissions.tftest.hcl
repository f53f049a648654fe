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
  target = module.tables
  outputs = {
    sessions_table      = { name = "sessions", arn = "arn:aws:dynamodb:us-east-1:123456789012:table/sessions" }
    sessions_table_arns = ["arn:aws:dynamodb:us-east-1:123456789012:table/sessions", "arn:aws:dynamodb:us-east-1:123456789012:table/sessions-*"]
    rate_limits_table   = { name = "rate-limits", arn = "arn:aws:dynamodb:us-east-1:123456789012:table/rate-limits" }
    further_tables      = {}
  }
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
  contract_file = "tests/package/contract.json"
  package       = { path = "tests/package/gateway.zip" }
  security      = { create_key = false }
  # Known at plan, and so is the policy.
  operations = { log_group = { name = "own", arn = "arn:aws:logs:us-east-1:123456789012:log-group:own" } }

  upstreams = {
    users       = "https://users.example.com"
    products    = "https://products.example.com"
    price-lists = "https://prices.example.com"
  }
}

run "permits_what_the_contract_needs_on_the_resources_that_it_names" {
  command = plan

  variables {
    contract_file = "tests/package-with-permissions/contract.json"
    upstreams     = { orders = "arn:aws:sqs:us-east-1:123456789012:orders", files = "arn:aws:s3:::files", workflow = "arn:aws:states:us-east-1:123456789012:stateMachine:workflow:live" }
    values        = { archive = "arn:aws:s3:::archive" }
  }

  assert {
    condition = [for statement in jsondecode(output.function_policy_json).Statement : jsonencode(statement) if !can(statement.Sid)] == [
      for statement in [
        { Action = ["secretsmanager:GetSecretValue"], Resource = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:key"] },
        { Action = ["dynamodb:GetItem"], Resource = ["arn:aws:dynamodb:us-east-1:123456789012:table/sessions", "arn:aws:dynamodb:us-east-1:123456789012:table/sessions-*"] },
        {
          Action    = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
          Resource  = ["arn:aws:dynamodb:us-east-1:123456789012:table/rate-limits"]
          Condition = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["issuer-keys/*"] } }
        },
        { Action = ["sqs:SendMessage"], Resource = ["arn:aws:sqs:us-east-1:123456789012:orders"] },
        { Action = ["s3:GetObject"], Resource = ["arn:aws:s3:::files/exports/*"] },
        { Action = ["states:StartExecution"], Resource = ["arn:aws:states:us-east-1:123456789012:stateMachine:workflow:live", "arn:aws:states:us-east-1:123456789012:stateMachine:workflow"] },
        { Action = ["s3:PutObject"], Resource = ["arn:aws:s3:::archive/*"] },
      ] : jsonencode(merge({ Effect = "Allow" }, statement))
    ]
    error_message = "Each permission is on its own resource."
  }
}

run "permits_nothing_to_a_contract_that_needs_nothing" {
  command = plan

  variables {
    contract_file = "tests/package-with-no-permissions/contract.json"
  }

  assert {
    condition     = jsondecode(output.function_policy_json).Statement[*].Sid == ["WriteLogs"]
    error_message = "The function may write its log."
  }
}

run "permits_what_every_zip_needed_to_a_build_that_does_not_say_what_it_needs" {
  command = plan

  assert {
    condition = [for statement in jsondecode(output.function_policy_json).Statement : [statement.Action, statement.Resource] if !can(statement.Sid)] == [
      [["dynamodb:GetItem"], ["arn:aws:dynamodb:us-east-1:123456789012:table/sessions", "arn:aws:dynamodb:us-east-1:123456789012:table/sessions-*"]],
      [["dynamodb:UpdateItem"], ["arn:aws:dynamodb:us-east-1:123456789012:table/rate-limits"]],
      [["secretsmanager:GetSecretValue"], ["arn:aws:secretsmanager:us-east-1:123456789012:secret:key"]],
    ]
    error_message = "A stack that is upgraded loses nothing."
  }
}

run "permits_a_build_of_then_with_access_tokens_the_keys_of_their_issuers" {
  command = plan

  variables {
    contract_file = "tests/package-with-tokens/contract.json"
    values        = { issuer = "https://login.example.com", origins = "" }
  }

  assert {
    condition     = anytrue([for statement in jsondecode(output.function_policy_json).Statement : try(statement.Condition, null) == { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["issuer-keys/*"] } } && statement.Action == ["dynamodb:GetItem"]])
    error_message = "No other item of the table can be read."
  }
}

run "reads_the_proxys_secret_and_the_active_fault_only_where_they_are_switched_on" {
  command = plan

  variables {
    contract_file = "tests/package-with-proxy-and-faults/contract.json"
    api           = { trusted_proxy = { secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf" } }
    operations    = { fault_injection = true, log_group = { name = "own", arn = "arn:aws:logs:us-east-1:123456789012:log-group:own" } }
  }

  assert {
    condition = [for statement in jsondecode(output.function_policy_json).Statement : [statement.Action, statement.Resource, try(statement.Condition, null)] if !can(statement.Sid)] == [
      [["dynamodb:GetItem"], ["arn:aws:dynamodb:us-east-1:123456789012:table/rate-limits"], { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["fault-injection"] } }],
      [["secretsmanager:GetSecretValue"], ["arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf"], null],
    ]
    error_message = "Neither another item of the table nor another secret can be read."
  }
}

run "decrypts_with_the_keys_of_the_stores_that_are_made_elsewhere" {
  command = plan

  variables {
    stores = {
      rate_limits_table = { name = "limits", arn = "arn:aws:dynamodb:us-east-1:123456789012:table/limits" }
      traffic_table     = { name = "weights", arn = "arn:aws:dynamodb:us-east-1:123456789012:table/weights", kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/table" }
      signing_secret    = { arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key", kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/secret" }
    }
  }

  assert {
    condition     = toset(one([for statement in jsondecode(output.function_policy_json).Statement : statement.Resource if try(statement.Sid, "") == "DecryptWhatItReads"])) == toset(["arn:aws:kms:us-east-1:123456789012:key/table", "arn:aws:kms:us-east-1:123456789012:key/secret"])
    error_message = "The function can read what is encrypted under them."
  }
}

run "refuses_an_upstream_that_is_a_url_where_the_contract_needs_an_arn" {
  command = plan

  variables {
    contract_file = "tests/package-with-permissions/contract.json"
    upstreams     = { orders = "https://sqs.us-east-1.amazonaws.com/123456789012/orders", files = "arn:aws:s3:::files", workflow = "arn:aws:states:us-east-1:123456789012:stateMachine:workflow:live" }
    values        = { archive = "arn:aws:s3:::archive" }
  }

  expect_failures = [var.upstreams]
}

run "refuses_a_value_that_is_a_name_where_the_contract_needs_an_arn" {
  command = plan

  variables {
    contract_file = "tests/package-with-permissions/contract.json"
    upstreams     = { orders = "arn:aws:sqs:us-east-1:123456789012:orders", files = "arn:aws:s3:::files", workflow = "arn:aws:states:us-east-1:123456789012:stateMachine:workflow:live" }
    values        = { archive = "archive" }
  }

  expect_failures = [output.base_url]
}

run "keeps_what_versions_need_to_which_a_rollback_returns_with_the_arns_of_then" {
  command = plan

  variables {
    contract_file = "tests/package-with-no-permissions/contract.json"
    kept_permissions = {
      "7" = jsonencode([{ actions = ["sqs:SendMessage"], leading_keys = [], resources = ["arn:aws:sqs:us-east-1:123456789012:gone"] }])
      "8" = jsonencode([{ actions = ["sqs:SendMessage"], leading_keys = [], resources = ["arn:aws:sqs:us-east-1:123456789012:gone"] }])
      "9" = jsonencode([])
    }
  }

  assert {
    condition     = [for statement in jsondecode(output.function_policy_json).Statement : [statement.Action, statement.Resource] if !can(statement.Sid)] == [[["sqs:SendMessage"], ["arn:aws:sqs:us-east-1:123456789012:gone"]]]
    error_message = "Two versions that need the same have one statement."
  }
  assert {
    condition     = output.stack.permissions == "[]" && keys(output.stack.kept_permissions) == ["7", "8"]
    error_message = "The output has what the contract needs, and which versions need something else."
  }
}

run "permits_once_what_an_earlier_version_needs_as_well" {
  command = plan

  variables {
    kept_permissions = {
      "7" = jsonencode([{ actions = ["secretsmanager:GetSecretValue"], leading_keys = [], resources = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:key"] }])
    }
  }

  assert {
    condition     = length([for statement in jsondecode(output.function_policy_json).Statement : statement if !can(statement.Sid)]) == 3
    error_message = "The contract needs the secret as well."
  }
}

run "refuses_to_keep_what_the_output_does_not_have" {
  command = plan

  variables {
    kept_permissions = { "7" = "all" }
  }

  expect_failures = [var.kept_permissions]
}
