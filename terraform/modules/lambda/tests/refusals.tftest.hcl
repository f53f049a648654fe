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

run "refuses_values_that_are_wrong" {
  command = plan

  variables {
    # An invalid function name.
    name = "postern test"
    # An old runtime.
    runtime = "nodejs20.x"
    # An unknown processor.
    architecture = "arm"
    # Too little memory.
    memory_mb = 128
    # A time limit that outlasts API Gateway.
    timeout_seconds = 30
    # A concurrency of nothing.
    reserved_concurrency = 0
    # Unsupported log retention.
    log_retention_days = 10
    # A VPC without subnets.
    vpc = { subnet_ids = [], security_group_ids = ["sg-1"] }
    # An invalid key.
    kms_key_arn = "1234"
    # An invalid further key.
    further_kms_key_arns = ["1234"]
    # An invalid log level.
    system_log_level = "ERROR"
    # Two packages.
    package = { path = "tests/none.zip", s3 = { bucket = "releases", key = "gateway.zip" }, sha256 = "VgyaB1WdZY7GWxgSECSRurAQHTZaA8LBHjVZ/01kLTk=" }
    # An unknown choice of traffic.
    traffic = "never"
    # Half a path of IAM.
    iam_path = "gateways"
    # A permission with a wildcard.
    permissions = [{ actions = ["dynamodb:Get*"], resources = ["arn:aws:dynamodb:us-east-1:123456789012:table/sessions"] }]
  }

  expect_failures = [var.name, var.runtime, var.architecture, var.memory_mb, var.timeout_seconds, var.reserved_concurrency, var.log_retention_days, var.vpc, var.kms_key_arn, var.further_kms_key_arns, var.system_log_level, var.package, var.traffic, var.iam_path, var.permissions]
}

run "refuses_values_that_are_wrong_in_another_way" {
  command = plan

  variables {
    # An invalid security group.
    vpc = { subnet_ids = ["subnet-1"], security_group_ids = ["default"] }
  }

  expect_failures = [var.vpc]
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

run "refuses_a_policy_that_iam_would_refuse" {
  command = plan

  variables {
    log_group   = { name = "own", arn = "arn:aws:logs:us-east-1:123456789012:log-group:own" }
    permissions = [for index in range(100) : { actions = ["sqs:SendMessage"], resources = ["arn:aws:sqs:us-east-1:123456789012:a-queue-with-a-long-name-${index}"] }]
  }

  expect_failures = [aws_iam_role_policy.this]
}
