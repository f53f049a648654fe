mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/postern-test-codedeploy" }
  }
}

variables {
  name         = "postern-test"
  function_arn = "arn:aws:lambda:us-east-1:123456789012:function:postern-test"
  alarm_names  = ["postern-test-api-5xx-rate"]
}

run "moves_a_tenth_first" {
  assert {
    condition     = aws_codedeploy_deployment_config.this.traffic_routing_config[0].type == "TimeBasedCanary" && one(aws_codedeploy_deployment_config.this.traffic_routing_config[0].time_based_canary) == { percentage = 10, interval = 5 }
    error_message = "A tenth for five minutes, then the rest."
  }
  assert {
    condition     = aws_codedeploy_app.this.compute_platform == "Lambda" && aws_codedeploy_deployment_config.this.compute_platform == "Lambda"
    error_message = "It deploys a function."
  }
  assert {
    condition     = output.name == "postern-test" && aws_codedeploy_deployment_group.this.app_name == "postern-test"
    error_message = "Application and group have one name."
  }
}

run "moves_equal_shares_where_told" {
  variables {
    shift = { percent = 25, minutes = 2, linear = true }
  }

  assert {
    condition     = aws_codedeploy_deployment_config.this.traffic_routing_config[0].type == "TimeBasedLinear" && one(aws_codedeploy_deployment_config.this.traffic_routing_config[0].time_based_linear) == { percentage = 25, interval = 2 }
    error_message = "A quarter each two minutes."
  }
}

run "rolls_back_by_itself" {
  assert {
    condition     = aws_codedeploy_deployment_group.this.auto_rollback_configuration[0].enabled && length(aws_codedeploy_deployment_group.this.auto_rollback_configuration[0].events) == 3
    error_message = "On a failure, an alarm and a stop."
  }
  assert {
    condition     = aws_codedeploy_deployment_group.this.alarm_configuration[0].enabled && aws_codedeploy_deployment_group.this.alarm_configuration[0].alarms == toset(["postern-test-api-5xx-rate"]) && !aws_codedeploy_deployment_group.this.alarm_configuration[0].ignore_poll_alarm_failure
    error_message = "Its alarms stop it, and so does one that cannot be read."
  }
  assert {
    condition     = aws_codedeploy_deployment_group.this.deployment_style[0].deployment_option == "WITH_TRAFFIC_CONTROL"
    error_message = "Traffic moves in shares."
  }
}

run "may_move_this_alias_and_no_more" {
  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement == [
      {
        Sid      = "MoveTheAlias"
        Effect   = "Allow"
        Action   = ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"]
        Resource = ["arn:aws:lambda:us-east-1:123456789012:function:postern-test", "arn:aws:lambda:us-east-1:123456789012:function:postern-test:*"]
      },
      {
        Sid      = "LookAtAlarms"
        Effect   = "Allow"
        Action   = ["cloudwatch:DescribeAlarms"]
        Resource = ["*"]
      },
    ]
    error_message = "The role moves one function's alias."
  }
}

run "refuses_more_alarms_than_codedeploy_takes" {
  command = plan
  variables {
    alarm_names = [for number in range(11) : "alarm-${number}"]
  }
  expect_failures = [var.alarm_names]
}

run "refuses_a_share_that_is_none" {
  command = plan
  variables {
    shift = { percent = 100 }
  }
  expect_failures = [var.shift]
}

run "refuses_no_time_at_all" {
  command = plan
  variables {
    shift = { minutes = 0 }
  }
  expect_failures = [var.shift]
}

run "refuses_a_name_too_long_for_its_role" {
  command = plan
  variables {
    name = join("", [for number in range(54) : "a"])
  }
  expect_failures = [var.name]
}

run "refuses_the_arn_of_an_alias" {
  command = plan
  variables {
    function_arn = "arn:aws:lambda:us-east-1:123456789012:function:postern-test:live"
  }
  expect_failures = [var.function_arn]
}

run "is_bounded_where_told" {
  variables {
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/github-postern-boundary"
  }

  assert {
    condition     = aws_iam_role.this.permissions_boundary == "arn:aws:iam::123456789012:policy/github-postern-boundary"
    error_message = "Who may make roles only under the boundary can make this one."
  }
}
