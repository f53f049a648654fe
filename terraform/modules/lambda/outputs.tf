output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "function_arn" {
  description = "ARN of the function, without a version or alias."
  value       = aws_lambda_function.this.arn
}

output "alias_name" {
  description = "Name of the alias that API Gateway calls."
  value       = aws_lambda_alias.live.name
}

output "alias_invoke_arn" {
  description = "ARN with which API Gateway calls the alias."
  value       = aws_lambda_alias.live.invoke_arn
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "role_name" {
  description = "Name of the function's role."
  value       = aws_iam_role.this.name
}

output "environment_variables" {
  description = "Environment variables of the function."
  value       = one(aws_lambda_function.this.environment).variables
}
