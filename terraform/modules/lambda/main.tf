# Created before the function: a log group that Lambda creates keeps logs for ever and blocks a later apply.
resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(var.log_group == null ? ["own"] : [])

  # checkov:skip=CKV_AWS_338:Each environment chooses its log_retention_days.
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

locals {
  log_group = var.log_group == null ? { name = aws_cloudwatch_log_group.this["own"].name, arn = aws_cloudwatch_log_group.this["own"].arn } : var.log_group

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
  role                           = local.role.arn
  filename                       = var.package.path
  s3_bucket                      = try(var.package.s3.bucket, null)
  s3_key                         = try(var.package.s3.key, null)
  s3_object_version              = try(var.package.s3.version_id, null)
  source_code_hash               = var.package.sha256
  handler                        = "index.handler"
  runtime                        = var.runtime
  architectures                  = [var.architecture]
  memory_size                    = var.memory_mb
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = coalesce(var.reserved_concurrency, -1)
  kms_key_arn                    = var.kms_key_arn
  publish                        = true
  layers                         = var.fault_extension[*].layer_arn
  tags                           = var.tags

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
    log_group             = local.log_group.name
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
    # A plan needs no zip. An apply reads it if the function changes.
    precondition {
      condition     = var.package.path == null ? true : fileexists(var.package.path) ? filebase64sha256(var.package.path) == var.package.sha256 : true
      error_message = "${coalesce(var.package.path, "The zip")} is not the zip that contract.json was written with. Build again: `npx postern build`."
    }
  }

  # A function that starts before it has its permissions fails its first requests.
  depends_on = [aws_iam_role_policy.this]
}

# API Gateway calls the alias: one of the two, by var.traffic. When that changes, the other one is made first, and the API
# moves to it before the first is removed.

# A release moves it to a version that an apply has published, and writes into its description which version served before.
resource "aws_lambda_alias" "live" {
  for_each = toset(var.traffic == "release" ? ["live"] : [])

  name             = each.key
  description      = "Serves requests"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [description, function_version, routing_config]
  }
}

# Each apply moves it to the version that it publishes.
resource "aws_lambda_alias" "newest" {
  for_each = toset(var.traffic == "apply" ? ["newest"] : [])

  name             = each.key
  description      = "Serves requests with the version of the last apply"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  alias = one(concat(values(aws_lambda_alias.live), values(aws_lambda_alias.newest)))
}

resource "aws_lambda_provisioned_concurrency_config" "live" {
  for_each = toset(var.provisioned_concurrency > 0 ? ["live"] : [])

  function_name                     = aws_lambda_function.this.function_name
  qualifier                         = local.alias.name
  provisioned_concurrent_executions = var.provisioned_concurrency

  lifecycle {
    create_before_destroy = true
  }
}

moved {
  from = aws_cloudwatch_log_group.this
  to   = aws_cloudwatch_log_group.this["own"]
}

moved {
  from = aws_lambda_alias.live
  to   = aws_lambda_alias.live["live"]
}
