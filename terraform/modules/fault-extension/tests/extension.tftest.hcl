mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_ssm_parameter" {
    defaults = { insecure_value = "arn:aws:lambda:us-east-1:123456789012:layer:aws-fis-extension-arm64:9" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::postern-test-faults-123456789012" }
  }
}

variables {
  name         = "postern-test"
  architecture = "arm64"
}

run "is_the_extension_for_the_functions_processor" {
  assert {
    condition     = data.aws_ssm_parameter.extension.name == "/aws/service/fis/lambda-extension/AWS-FIS-extension-arm64/1.x.x" && endswith(output.layer_arn, "arm64:9")
    error_message = "AWS names the newest of its versions."
  }
}

run "keeps_faults_to_itself_and_not_for_long" {
  assert {
    condition     = aws_s3_bucket.faults.bucket == "postern-test-faults-123456789012" && aws_s3_bucket_public_access_block.faults.restrict_public_buckets && aws_s3_bucket_public_access_block.faults.block_public_policy
    error_message = "The bucket is the account's own."
  }
  assert {
    condition     = jsondecode(aws_s3_bucket_policy.faults.policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "Nothing passes without TLS."
  }
  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.faults.rule[0].expiration).days == 1
    error_message = "Old faults are forgotten."
  }
}

run "refuses_an_unknown_processor" {
  command = plan

  variables {
    architecture = "arm"
  }

  expect_failures = [var.architecture]
}

run "refuses_a_name_that_no_bucket_can_have" {
  command = plan

  variables {
    name = "Postern"
  }

  expect_failures = [var.name]
}
