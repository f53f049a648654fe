# A function of this project with its log group, and a role that may do what `statements` says and nothing else.

variable "name" {
  type = string
}

variable "zip" {
  description = "Written by `npm run build`."
  type        = string
}

variable "environment" {
  type    = map(string)
  default = {}
}

variable "statements" {
  description = "Of the role's policy: actions on resources."
  type        = list(object({ actions = list(string), resources = list(string) }))
}

variable "timeout_seconds" {
  type    = number
  default = 10
}

variable "memory_mb" {
  type    = number
  default = 256
}

variable "concurrency" {
  description = "How many run at the same time; -1 for as many as the account allows."
  type        = number
  default     = -1
}

variable "log_retention_days" {
  type = number
}

# Created before the function: a log group that Lambda creates keeps logs for ever.
resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_iam_role" "this" {
  name = var.name

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "function"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{ Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = ["${aws_cloudwatch_log_group.this.arn}:*"] }],
      [for each in var.statements : { Effect = "Allow", Action = each.actions, Resource = each.resources }],
    )
  })
}

resource "aws_lambda_function" "this" {
  function_name    = var.name
  role             = aws_iam_role.this.arn
  filename         = var.zip
  source_code_hash = filebase64sha256(var.zip)
  handler          = "index.handler"
  runtime          = "nodejs22.x"
  architectures    = ["arm64"]
  memory_size      = var.memory_mb
  timeout          = var.timeout_seconds

  reserved_concurrent_executions = var.concurrency

  environment {
    variables = var.environment
  }

  logging_config {
    log_format       = "JSON"
    system_log_level = "WARN"
    log_group        = aws_cloudwatch_log_group.this.name
  }

  # A function that starts before it has its permissions fails its first calls.
  depends_on = [aws_iam_role_policy.this]
}

output "arn" {
  value = aws_lambda_function.this.arn
}

output "name" {
  value = aws_lambda_function.this.function_name
}
