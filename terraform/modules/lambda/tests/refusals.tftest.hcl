mock_provider "aws" {}

variables {
  name                  = "postern-test"
  package               = { path = "tests/none.zip", sha256 = "VgyaB1WdZY7GWxgSECSRurAQHTZaA8LBHjVZ/01kLTk=" }
  environment_variables = {}
}

run "refuses_a_zip_of_another_build" {
  command = plan

  variables {
    package = { path = "tests/package.txt", sha256 = "VgyaB1WdZY7GWxgSECSRurAQHTZaA8LBHjVZ/01kLTk=" }
  }

  expect_failures = [aws_lambda_function.this]
}

run "refuses_an_invalid_function_name" {
  command = plan

  variables {
    name = "postern test"
  }

  expect_failures = [var.name]
}

run "refuses_an_old_runtime" {
  command = plan

  variables {
    runtime = "nodejs20.x"
  }

  expect_failures = [var.runtime]
}

run "refuses_an_unknown_processor" {
  command = plan

  variables {
    architecture = "arm"
  }

  expect_failures = [var.architecture]
}

run "refuses_too_little_memory" {
  command = plan

  variables {
    memory_mb = 128
  }

  expect_failures = [var.memory_mb]
}

run "refuses_to_outlast_the_api" {
  command = plan

  variables {
    timeout_seconds = 30
  }

  expect_failures = [var.timeout_seconds]
}

run "refuses_to_reserve_nothing" {
  command = plan

  variables {
    reserved_concurrency = 0
  }

  expect_failures = [var.reserved_concurrency]
}

run "refuses_half_an_environment" {
  command = plan

  variables {
    provisioned_concurrency = 0.5
  }

  expect_failures = [var.provisioned_concurrency]
}

run "refuses_more_warm_than_reserved" {
  command = plan

  variables {
    reserved_concurrency    = 2
    provisioned_concurrency = 3
  }

  expect_failures = [var.provisioned_concurrency]
}

run "refuses_unsupported_log_retention" {
  command = plan

  variables {
    log_retention_days = 10
  }

  expect_failures = [var.log_retention_days]
}

run "refuses_a_vpc_without_subnets" {
  command = plan

  variables {
    vpc = { subnet_ids = [], security_group_ids = ["sg-1"] }
  }

  expect_failures = [var.vpc]
}

run "refuses_an_invalid_security_group" {
  command = plan

  variables {
    vpc = { subnet_ids = ["subnet-1"], security_group_ids = ["default"] }
  }

  expect_failures = [var.vpc]
}

run "refuses_an_invalid_key" {
  command = plan

  variables {
    kms_key_arn = "1234"
  }

  expect_failures = [var.kms_key_arn]
}

run "refuses_to_retain_an_invalid_key" {
  command = plan

  variables {
    further_kms_key_arns = ["1234"]
  }

  expect_failures = [var.further_kms_key_arns]
}

run "refuses_an_invalid_log_level" {
  command = plan

  variables {
    system_log_level = "ERROR"
  }

  expect_failures = [var.system_log_level]
}

run "refuses_two_packages" {
  command = plan

  variables {
    package = { path = "tests/none.zip", s3 = { bucket = "releases", key = "gateway.zip" }, sha256 = "VgyaB1WdZY7GWxgSECSRurAQHTZaA8LBHjVZ/01kLTk=" }
  }

  expect_failures = [var.package]
}

run "refuses_an_unknown_choice_of_traffic" {
  command = plan

  variables {
    traffic = "never"
  }

  expect_failures = [var.traffic]
}

run "refuses_half_a_path_of_iam" {
  command = plan

  variables {
    iam_path = "gateways"
  }

  expect_failures = [var.iam_path]
}

run "refuses_a_permission_with_a_wildcard" {
  command = plan

  variables {
    permissions = [{ actions = ["dynamodb:Get*"], resources = ["arn:aws:dynamodb:us-east-1:123456789012:table/sessions"] }]
  }

  expect_failures = [var.permissions]
}

run "refuses_a_policy_that_iam_would_refuse" {
  command = plan

  variables {
    log_group   = { name = "own", arn = "arn:aws:logs:us-east-1:123456789012:log-group:own" }
    permissions = [for index in range(100) : { actions = ["sqs:SendMessage"], resources = ["arn:aws:sqs:us-east-1:123456789012:a-queue-with-a-long-name-${index}"] }]
  }

  expect_failures = [aws_iam_role_policy.this]
}
