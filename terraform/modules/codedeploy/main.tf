# Instead of the steps that `make release` takes by itself. Which version is next is told by each deployment.
resource "aws_codedeploy_app" "this" {
  name             = var.name
  compute_platform = "Lambda"
}

resource "aws_codedeploy_deployment_config" "this" {
  deployment_config_name = var.name
  compute_platform       = "Lambda"

  traffic_routing_config {
    type = var.shift.linear ? "TimeBasedLinear" : "TimeBasedCanary"

    dynamic "time_based_canary" {
      for_each = var.shift.linear ? [] : [var.shift]
      content {
        percentage = time_based_canary.value.percent
        interval   = time_based_canary.value.minutes
      }
    }

    dynamic "time_based_linear" {
      for_each = var.shift.linear ? [var.shift] : []
      content {
        percentage = time_based_linear.value.percent
        interval   = time_based_linear.value.minutes
      }
    }
  }
}

resource "aws_codedeploy_deployment_group" "this" {
  app_name               = aws_codedeploy_app.this.name
  deployment_group_name  = var.name
  deployment_config_name = aws_codedeploy_deployment_config.this.deployment_config_name
  service_role_arn       = aws_iam_role.this.arn

  deployment_style {
    deployment_type   = "BLUE_GREEN"
    deployment_option = "WITH_TRAFFIC_CONTROL"
  }

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]
  }

  # An alarm that cannot be read stops a deployment, too.
  alarm_configuration {
    enabled                   = length(var.alarm_names) > 0
    alarms                    = var.alarm_names
    ignore_poll_alarm_failure = false
  }

  # Without its permissions the first deployment would fail.
  depends_on = [aws_iam_role_policy.this]
}

resource "aws_iam_role" "this" {
  name        = "${var.name}-codedeploy"
  description = "What CodeDeploy may do to move the gateway's traffic"

  permissions_boundary = var.permissions_boundary_arn

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "codedeploy.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "move-traffic"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "MoveTheAlias"
        Effect   = "Allow"
        Action   = ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"]
        Resource = [var.function_arn, "${var.function_arn}:*"]
      },
      {
        # DescribeAlarms asked for several alarms knows no resource to name.
        Sid      = "LookAtAlarms"
        Effect   = "Allow"
        Action   = ["cloudwatch:DescribeAlarms"]
        Resource = ["*"]
      },
    ]
  })
}
