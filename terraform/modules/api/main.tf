locals {
  # Includes what the function cannot log: requests that the API itself refuses, and why. The path is left out: AWS does
  # not document that it escapes `$context.path` for JSON, and a client could break or forge a line with its path. Of a request that reached the function, the function's line with the same correlation_id has it.
  access_log_fields = {
    correlation_id    = "$context.requestId"
    invocation_id     = "$context.integration.requestId" # Lambda's id. An invocation that Lambda ends at the time limit has no other line with the request.
    client_ip         = "$context.identity.sourceIp"
    method            = "$context.httpMethod"
    status_code       = "$context.status"
    duration_ms       = "$context.responseLatency"
    error_message     = "$context.error.message"
    integration_error = "$context.integrationErrorMessage"
  }
}

# Log groups with this prefix do not count towards the limit of 10 in a resource policy.
resource "aws_cloudwatch_log_group" "access" {
  # checkov:skip=CKV_AWS_338:Each environment chooses its log_retention_days.
  for_each = toset(var.access_log ? ["api"] : [])

  name              = "/aws/vendedlogs/http-api/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

resource "aws_apigatewayv2_api" "this" {
  name                         = var.name
  description                  = "Sends every path to one function"
  protocol_type                = "HTTP"
  disable_execute_api_endpoint = !var.default_endpoint
  tags                         = var.tags

  # API Gateway responds to preflight requests itself: they never reach the function and need no session.
  dynamic "cors_configuration" {
    for_each = var.cors[*]
    content {
      allow_origins     = cors_configuration.value.allow_origins
      allow_methods     = cors_configuration.value.allow_methods
      allow_headers     = cors_configuration.value.allow_headers
      expose_headers    = cors_configuration.value.expose_headers
      allow_credentials = cors_configuration.value.allow_credentials
      max_age           = cors_configuration.value.max_age_seconds
    }
  }
}

resource "aws_apigatewayv2_integration" "function" {
  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = var.function_alias.invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = 30000

  # If the alias changes, the API may call the new one before it does.
  depends_on = [aws_lambda_permission.invoke, aws_lambda_permission.routes]
}

resource "aws_apigatewayv2_route" "default" {
  # checkov:skip=CKV_AWS_309:The function authorizes each route by handler/gateway.yaml; some routes are public.
  api_id    = aws_apigatewayv2_api.this.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.function.id}"
}

# API Gateway verifies the signature, and that the caller may execute-api:Invoke the route. The function admits none of
# these requests by $default.
resource "aws_apigatewayv2_route" "signed" {
  for_each = toset(var.routes.aws_iam)

  api_id             = aws_apigatewayv2_api.this.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.function.id}"
  authorization_type = "AWS_IAM"
}

resource "aws_apigatewayv2_route" "open" {
  # checkov:skip=CKV_AWS_309:The function authorizes each route by handler/gateway.yaml; some routes are public.
  for_each = toset(var.routes.open)

  api_id    = aws_apigatewayv2_api.this.id
  route_key = each.key
  target    = "integrations/${aws_apigatewayv2_integration.function.id}"
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = var.stage_name
  auto_deploy = true
  tags        = var.tags

  # Both are always set: a missing one can be planned as 0, which stops all traffic.
  default_route_settings {
    throttling_rate_limit    = var.throttle_rate_per_second
    throttling_burst_limit   = var.throttle_burst
    detailed_metrics_enabled = var.detailed_metrics
  }

  dynamic "access_log_settings" {
    for_each = aws_cloudwatch_log_group.access
    content {
      destination_arn = access_log_settings.value.arn
      format          = jsonencode(local.access_log_fields)
    }
  }
}

resource "aws_lambda_permission" "invoke" {
  # Another one for the other alias: the two exist beside each other while the API moves.
  statement_id  = var.function_alias.alias_name == "live" ? "http-api" : "http-api-${var.function_alias.alias_name}"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  function_name = var.function_alias.function_name
  qualifier     = var.function_alias.alias_name
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/${var.stage_name}/$default"

  lifecycle {
    create_before_destroy = true
  }
}

# For the routes beside $default.
resource "aws_lambda_permission" "routes" {
  for_each = toset(length(var.routes.aws_iam) > 0 ? [var.function_alias.alias_name] : [])

  statement_id  = "http-api-routes-${each.key}"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  function_name = var.function_alias.function_name
  qualifier     = each.key
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/${var.stage_name}/*"

  lifecycle {
    create_before_destroy = true
  }
}
