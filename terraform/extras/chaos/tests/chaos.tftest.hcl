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
  mock_resource "aws_cloudformation_stack" {
    defaults = { outputs = { Delay = "EXT1", Error = "EXT2" } }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/postern-test-fis" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/fis/postern-test" }
  }
}

variables {
  name            = "postern-test"
  region          = "us-east-1"
  function_arn    = "arn:aws:lambda:us-east-1:123456789012:function:postern-test"
  architecture    = "arm64"
  stop_alarm_arns = { api-5xx-rate = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:postern-test-api-5xx-rate" }
}

run "delays_and_fails_the_function_alone" {
  assert {
    condition = {
      for name, template in jsondecode(aws_cloudformation_stack.experiments.template_body).Resources :
      name => one(values(template.Properties.Actions)).ActionId if template.Type == "AWS::FIS::ExperimentTemplate"
    } == { Delay = "aws:lambda:invocation-add-delay", Error = "aws:lambda:invocation-error" }
    error_message = "Each fault has a template."
  }
  assert {
    condition = alltrue([
      for template in values(jsondecode(aws_cloudformation_stack.experiments.template_body).Resources) :
      template.Properties.Targets == { gateway = { ResourceArns = [var.function_arn], ResourceType = "aws:lambda:function", SelectionMode = "ALL" } } &&
      one(values(template.Properties.Actions)).Targets == { Functions = "gateway" }
    ])
    error_message = "An experiment affects this function only."
  }
  assert {
    condition = one(values(jsondecode(aws_cloudformation_stack.experiments.template_body).Resources.Delay.Properties.Actions)).Parameters == {
      duration = "PT5M", invocationPercentage = "20", startupDelayMilliseconds = "1000"
    }
    error_message = "The parameters are those of FIS."
  }
  assert {
    condition = one(values(jsondecode(aws_cloudformation_stack.experiments.template_body).Resources.Error.Properties.Actions)).Parameters == {
      duration = "PT5M", invocationPercentage = "20", preventExecution = "true"
    }
    error_message = "The parameters are those of FIS."
  }
  assert {
    condition     = output.experiment_template_ids == { delay = "EXT1", error = "EXT2" }
    error_message = "The ids are those of the templates."
  }
}

run "is_stopped_by_the_alarm_and_logged" {
  assert {
    condition = alltrue([
      for template in values(jsondecode(aws_cloudformation_stack.experiments.template_body).Resources) :
      template.Properties.StopConditions == [{ Source = "aws:cloudwatch:alarm", Value = var.stop_alarm_arns["api-5xx-rate"] }]
    ])
    error_message = "The alarm stops the experiment."
  }
  assert {
    condition = alltrue([
      for template in values(jsondecode(aws_cloudformation_stack.experiments.template_body).Resources) :
      endswith(template.Properties.LogConfiguration.CloudWatchLogsConfiguration.LogGroupArn, ":log-group:/aws/fis/postern-test:*")
    ])
    error_message = "FIS requires the ARN of the log group with its streams."
  }
}

run "allows_fis_to_write_faults_only" {
  assert {
    condition     = toset(flatten([for statement in jsondecode(aws_iam_role_policy.fis.policy).Statement : statement.Action if contains(statement.Resource, "*")])) == toset(["tag:GetResources", "logs:CreateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"])
    error_message = "Only actions without resources are allowed everywhere."
  }
  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.fis.policy).Statement : one(statement.Resource) if statement.Sid == "SwitchFaults"]) == "arn:aws:s3:::postern-test-faults-123456789012/faults/*"
    error_message = "Faults are written where the extension looks."
  }
  assert {
    condition     = jsondecode(aws_iam_role.fis.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "Experiments of other accounts cannot use the role."
  }
}

run "uses_the_given_key" {
  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234"
  }

  assert {
    condition     = contains([for statement in jsondecode(aws_iam_role_policy.fis.policy).Statement : statement.Sid], "UseTheKey") && aws_cloudwatch_log_group.this.kms_key_id == var.kms_key_arn
    error_message = "FIS can read the function's variables and write the bucket."
  }
}

run "refuses_values_that_are_wrong" {
  command = plan

  variables {
    # An experiment that nothing stops.
    stop_alarm_arns = {}
    # A version of the function.
    function_arn = "arn:aws:lambda:us-east-1:123456789012:function:postern-test:live"
    # A duration that the extension can miss.
    duration_minutes = 1
    # More than 100 percent.
    percentage = 101
    # A delay that exceeds API Gateway's timeout.
    delay_ms = 30000
    # A name that no stack can have.
    name = "Postern"
    # An unknown processor.
    architecture = "arm"
  }

  expect_failures = [var.stop_alarm_arns, var.function_arn, var.duration_minutes, var.percentage, var.delay_ms, var.name, var.architecture]
}

run "has_the_extension_for_the_functions_processor" {
  assert {
    condition     = data.aws_ssm_parameter.extension.name == "/aws/service/fis/lambda-extension/AWS-FIS-extension-arm64/1.x.x" && endswith(output.extension.layer_arn, "arm64:9")
    error_message = "AWS publishes the newest version under this name."
  }
}

run "keeps_faults_private_and_for_a_day" {
  assert {
    condition     = startswith(aws_s3_bucket.faults.bucket, "postern-test-faults-") && length(aws_s3_bucket.faults.bucket) == 32 && aws_s3_bucket_public_access_block.faults.restrict_public_buckets && aws_s3_bucket_public_access_block.faults.block_public_policy
    error_message = "The bucket is private."
  }
  assert {
    condition     = jsondecode(aws_s3_bucket_policy.faults.policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "TLS is required."
  }
  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.faults.rule[0].expiration).days == 1
    error_message = "Old faults are deleted."
  }
}
