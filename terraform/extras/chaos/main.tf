locals {
  experiments = {
    delay = {
      description = "Invocations start late. Checks timeouts, retries of clients, and latency alarms."
      action      = "aws:lambda:invocation-add-delay"
      parameters  = { startupDelayMilliseconds = tostring(var.delay_ms) }
    }
    error = {
      description = "Invocations fail before the gateway runs. Checks clients and alarms while the function is down."
      action      = "aws:lambda:invocation-error"
      parameters  = { preventExecution = "true" }
    }
  }
}

# Through CloudFormation: version 5 of the AWS provider rejects the FIS target `Functions` in
# `aws_fis_experiment_template`.
resource "aws_cloudformation_stack" "experiments" {
  # checkov:skip=CKV_AWS_124:Terraform waits for the stack and reports failures.
  tags = var.tags
  name = "${var.name}-experiments"

  template_body = jsonencode({
    Resources = { for key, experiment in local.experiments : title(key) => {
      Type = "AWS::FIS::ExperimentTemplate"
      Properties = {
        Description = "${var.name}: ${experiment.description}"
        RoleArn     = aws_iam_role.fis.arn
        Actions = {
          (key) = {
            ActionId    = experiment.action
            Description = experiment.description
            Targets     = { Functions = "gateway" }
            Parameters = merge(experiment.parameters, {
              duration             = "PT${var.duration_minutes}M"
              invocationPercentage = tostring(var.percentage)
            })
          }
        }
        Targets = {
          gateway = {
            ResourceType  = "aws:lambda:function"
            ResourceArns  = [var.function_arn]
            SelectionMode = "ALL"
          }
        }
        # The alarm that pages people also stops the experiment.
        StopConditions = [for arn in values(var.stop_alarm_arns) : { Source = "aws:cloudwatch:alarm", Value = arn }]
        LogConfiguration = {
          LogSchemaVersion            = 2
          CloudWatchLogsConfiguration = { LogGroupArn = "${aws_cloudwatch_log_group.this.arn}:*" }
        }
        Tags = { Name = "${var.name}-${key}" }
      }
    } }
    Outputs = { for key in keys(local.experiments) : title(key) => { Value = { Ref = title(key) } } }
  })

  depends_on = [aws_iam_role_policy.fis]
}

# Small, because experiments are rare. A year of them can be compared.
resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/fis/${var.name}"
  retention_in_days = 365
  tags              = var.tags
  kms_key_id        = var.kms_key_arn
}
