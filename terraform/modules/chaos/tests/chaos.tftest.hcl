mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
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
  function_arn    = "arn:aws:lambda:us-east-1:123456789012:function:postern-test"
  faults          = { bucket_arn = "arn:aws:s3:::faults", prefix = "faults" }
  stop_alarm_arns = { api-5xx-rate = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:postern-test-api-5xx-rate" }
}

run "delays_and_fails_the_function_alone" {
  assert {
    condition = {
      for name, template in jsondecode(aws_cloudformation_stack.experiments.template_body).Resources :
      name => one(values(template.Properties.Actions)).ActionId if template.Type == "AWS::FIS::ExperimentTemplate"
    } == { Delay = "aws:lambda:invocation-add-delay", Error = "aws:lambda:invocation-error" }
    error_message = "Both faults have their template."
  }
  assert {
    condition = alltrue([
      for template in values(jsondecode(aws_cloudformation_stack.experiments.template_body).Resources) :
      template.Properties.Targets == { gateway = { ResourceArns = [var.function_arn], ResourceType = "aws:lambda:function", SelectionMode = "ALL" } } &&
      one(values(template.Properties.Actions)).Targets == { Functions = "gateway" }
    ])
    error_message = "Nothing else in the account is touched."
  }
  assert {
    condition = one(values(jsondecode(aws_cloudformation_stack.experiments.template_body).Resources.Delay.Properties.Actions)).Parameters == {
      duration = "PT5M", invocationPercentage = "20", startupDelayMilliseconds = "1000"
    }
    error_message = "A delay has FIS's own parameters."
  }
  assert {
    condition = one(values(jsondecode(aws_cloudformation_stack.experiments.template_body).Resources.Error.Properties.Actions)).Parameters == {
      duration = "PT5M", invocationPercentage = "20", preventExecution = "true"
    }
    error_message = "An error has FIS's own parameters."
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
    error_message = "The alarm ends the experiment."
  }
  assert {
    condition = alltrue([
      for template in values(jsondecode(aws_cloudformation_stack.experiments.template_body).Resources) :
      endswith(template.Properties.LogConfiguration.CloudWatchLogsConfiguration.LogGroupArn, ":log-group:/aws/fis/postern-test:*")
    ])
    error_message = "FIS wants the log group's ARN with its streams."
  }
}

run "may_write_faults_and_nothing_else" {
  assert {
    condition     = toset(flatten([for statement in jsondecode(aws_iam_role_policy.fis.policy).Statement : statement.Action if contains(statement.Resource, "*")])) == toset(["tag:GetResources", "logs:CreateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"])
    error_message = "Only what knows no resource is allowed everywhere."
  }
  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.fis.policy).Statement : one(statement.Resource) if statement.Sid == "SwitchFaults"]) == "arn:aws:s3:::faults/faults/*"
    error_message = "Faults are written where the function looks."
  }
  assert {
    condition     = jsondecode(aws_iam_role.fis.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "No other account's experiments get the role."
  }
}

run "uses_the_key_where_there_is_one" {
  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234"
  }

  assert {
    condition     = contains([for statement in jsondecode(aws_iam_role_policy.fis.policy).Statement : statement.Sid], "UseTheKey") && aws_cloudwatch_log_group.this.kms_key_id == var.kms_key_arn
    error_message = "FIS can read the function's variables and write the bucket."
  }
}

run "refuses_an_experiment_that_nothing_stops" {
  command = plan

  variables {
    stop_alarm_arns = {}
  }

  expect_failures = [var.stop_alarm_arns]
}

run "refuses_a_version_of_the_function" {
  command = plan

  variables {
    function_arn = "arn:aws:lambda:us-east-1:123456789012:function:postern-test:live"
  }

  expect_failures = [var.function_arn]
}

run "refuses_what_the_extension_would_not_see" {
  command = plan

  variables {
    duration_minutes = 1
  }

  expect_failures = [var.duration_minutes]
}

run "refuses_more_than_all" {
  command = plan

  variables {
    percentage = 101
  }

  expect_failures = [var.percentage]
}

run "refuses_a_delay_past_api_gateways_patience" {
  command = plan

  variables {
    delay_ms = 30000
  }

  expect_failures = [var.delay_ms]
}

run "refuses_a_name_that_no_stack_can_have" {
  command = plan

  variables {
    name = "postern test"
  }

  expect_failures = [var.name]
}
