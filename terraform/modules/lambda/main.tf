# Created before the function: a log group that Lambda creates keeps logs for ever and blocks a later apply.
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_338:Each environment chooses its log_retention_days.
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

locals {
  # The extension of AWS Fault Injection Service wraps the runtime and looks here for the active fault.
  fault_extension_variables = merge([for extension in var.fault_extension[*] : {
    AWS_LAMBDA_EXEC_WRAPPER        = "/opt/aws-fis/bootstrap"
    AWS_FIS_CONFIGURATION_LOCATION = "${extension.bucket_arn}/${extension.prefix}/"
  }]...)
}

resource "aws_lambda_function" "this" {
  # checkov:skip=CKV_AWS_116:Every call is synchronous; only asynchronous calls can use a dead letter queue.
  # checkov:skip=CKV_AWS_272:The zip has the same bytes on every machine, and only roles that may apply can upload it.
  function_name                  = var.name
  description                    = "Checks, limits and forwards each request to the API"
  role                           = aws_iam_role.this.arn
  filename                       = var.package_path
  source_code_hash               = fileexists(var.package_path) ? filebase64sha256(var.package_path) : null
  handler                        = "index.handler"
  runtime                        = var.runtime
  architectures                  = [var.architecture]
  memory_size                    = var.memory_mb
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = coalesce(var.reserved_concurrency, -1)
  kms_key_arn                    = var.kms_key_arn
  publish                        = true
  layers                         = var.fault_extension[*].layer_arn

  environment {
    variables = merge(var.environment_variables, local.fault_extension_variables)
  }

  # Lambda can filter its own lines only with the format JSON. The function's lines are already JSON and do not change.
  # Lambda treats a line without a level, such as those of metrics, as INFO. The function applies log_level itself, so
  # Lambda's filter for it stays open.
  logging_config {
    log_format            = "JSON"
    application_log_level = "TRACE"
    system_log_level      = var.system_log_level
    log_group             = aws_cloudwatch_log_group.this.name
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  dynamic "vpc_config" {
    for_each = var.vpc[*]
    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  lifecycle {
    precondition {
      condition     = fileexists(var.package_path)
      error_message = "${var.package_path} does not exist. Run `make build` first."
    }
  }

  # A function that starts before it has its permissions fails its first requests.
  depends_on = [aws_iam_role_policy.this]
}

# API Gateway calls this alias. It is created for the first version. After that, an apply publishes versions, and a
# release moves the alias to one of them and writes into its description which version served before.
resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "Serves requests"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    ignore_changes = [description, function_version, routing_config]
  }
}

resource "aws_lambda_provisioned_concurrency_config" "live" {
  for_each = toset(var.provisioned_concurrency > 0 ? ["live"] : [])

  function_name                     = aws_lambda_function.this.function_name
  qualifier                         = aws_lambda_alias.live.name
  provisioned_concurrent_executions = var.provisioned_concurrency
}
