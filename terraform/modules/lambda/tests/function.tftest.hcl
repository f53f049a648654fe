mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/postern-test" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/postern-test" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { version = "7" }
  }
}

variables {
  name                  = "postern-test"
  package               = { path = "tests/none.zip", sha256 = "VgyaB1WdZY7GWxgSECSRurAQHTZaA8LBHjVZ/01kLTk=" }
  environment_variables = { GATEWAY_ENV = "test" }
}

run "is_what_the_zip_was_built_for" {
  assert {
    condition     = aws_lambda_function.this.runtime == "nodejs22.x" && aws_lambda_function.this.architectures == tolist(["arm64"]) && aws_lambda_function.this.handler == "index.handler"
    error_message = "Runtime, processor and handler are the zip's."
  }
  assert {
    condition     = aws_lambda_function.this.memory_size == 256 && aws_lambda_function.this.timeout == 29
    error_message = "The function ends before API Gateway gives up."
  }
  assert {
    condition     = aws_lambda_function.this.source_code_hash == "VgyaB1WdZY7GWxgSECSRurAQHTZaA8LBHjVZ/01kLTk="
    error_message = "A changed zip is a changed function."
  }
  assert {
    condition     = aws_lambda_function.this.environment[0].variables == tomap({ GATEWAY_ENV = "test" })
    error_message = "The variables are those given."
  }
  assert {
    condition     = try(length(aws_lambda_function.this.layers), 0) == 0
    error_message = "Lambda runs the zip without a wrapper."
  }
}

run "releases_a_published_version" {
  assert {
    condition     = aws_lambda_function.this.publish && aws_lambda_alias.live["live"].function_version == "7" && output.alias_name == "live"
    error_message = "The alias names the version just published."
  }
}

run "logs_to_a_separate_group" {
  assert {
    condition     = aws_lambda_function.this.logging_config[0].log_group == "/aws/lambda/postern-test" && aws_cloudwatch_log_group.this["own"].retention_in_days == 30
    error_message = "The log is kept for as long as said."
  }
  assert {
    condition     = aws_lambda_function.this.logging_config[0].log_format == "JSON" && aws_lambda_function.this.logging_config[0].system_log_level == "WARN"
    error_message = "Lambda writes no line of its own for a request that went well."
  }
  assert {
    condition     = aws_lambda_function.this.logging_config[0].application_log_level == "TRACE"
    error_message = "Lambda drops none of the function's lines, metrics among them."
  }
}

run "logs_every_start_and_report_if_set" {
  variables {
    system_log_level = "INFO"
  }

  assert {
    condition     = aws_lambda_function.this.logging_config[0].system_log_level == "INFO"
    error_message = "Billed time and memory of each request are logged."
  }
}

run "costs_nothing_while_idle" {
  assert {
    condition     = length(aws_lambda_provisioned_concurrency_config.live) == 0 && aws_lambda_function.this.reserved_concurrent_executions == -1
    error_message = "By default, no execution environment is kept warm."
  }
}

run "keeps_environments_warm_if_set" {
  variables {
    reserved_concurrency    = 10
    provisioned_concurrency = 2
  }

  assert {
    condition     = aws_lambda_provisioned_concurrency_config.live["live"].provisioned_concurrent_executions == 2 && aws_lambda_provisioned_concurrency_config.live["live"].qualifier == "live"
    error_message = "They are the alias's."
  }
  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 10
    error_message = "Concurrency is reserved."
  }
}

run "follows_each_apply_if_set" {
  variables {
    traffic = "apply"
  }

  assert {
    condition     = aws_lambda_alias.newest["newest"].function_version == "7" && output.alias_name == "newest" && length(aws_lambda_alias.live) == 0
    error_message = "The API calls the version that this apply publishes."
  }
}

run "follows_releases_if_set" {
  variables {
    traffic = "release"
  }

  assert {
    condition     = output.alias_name == "live" && length(aws_lambda_alias.newest) == 0
    error_message = "The API calls the version of the last release."
  }
}

run "gets_its_zip_from_s3_if_set" {
  variables {
    package = { s3 = { bucket = "releases", key = "gateway.zip", version_id = "1" }, sha256 = "VgyaB1WdZY7GWxgSECSRurAQHTZaA8LBHjVZ/01kLTk=" }
  }

  assert {
    condition     = aws_lambda_function.this.s3_bucket == "releases" && aws_lambda_function.this.s3_key == "gateway.zip" && aws_lambda_function.this.s3_object_version == "1" && aws_lambda_function.this.filename == null
    error_message = "Lambda reads this version of the object."
  }
}

run "logs_to_a_group_that_is_made_elsewhere" {
  variables {
    log_group = { name = "/shared/gateway", arn = "arn:aws:logs:us-east-1:123456789012:log-group:/shared/gateway" }
  }

  assert {
    condition     = aws_lambda_function.this.logging_config[0].log_group == "/shared/gateway" && length(aws_cloudwatch_log_group.this) == 0 && strcontains(output.policy_json, "log-group:/shared/gateway:*")
    error_message = "The role may write to the group that is given, and none is made."
  }
}

run "has_a_role_that_is_made_elsewhere" {
  variables {
    role = { name = "shared", arn = "arn:aws:iam::123456789012:role/shared" }
  }

  assert {
    condition     = aws_lambda_function.this.role == "arn:aws:iam::123456789012:role/shared" && length(aws_iam_role.this) == 0 && length(aws_iam_role_policy.this) == 0
    error_message = "The role is neither made nor changed."
  }
  assert {
    condition     = jsondecode(output.policy_json).Statement[*].Sid == ["WriteLogs"]
    error_message = "The policy that the role needs is an output."
  }
}

run "has_a_role_with_path_and_boundary" {
  variables {
    role_name                = "postern-test-us-east-1"
    iam_path                 = "/gateways/"
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
  }

  assert {
    condition     = aws_iam_role.this["own"].name == "postern-test-us-east-1" && aws_iam_role.this["own"].path == "/gateways/" && aws_iam_role.this["own"].permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"
    error_message = "The role is named, placed and bounded as given."
  }
}
