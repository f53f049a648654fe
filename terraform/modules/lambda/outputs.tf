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
  value       = local.alias.name
}

output "alias_invoke_arn" {
  description = "ARN with which API Gateway calls the alias."
  value       = local.alias.invoke_arn
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = local.log_group.name
}

output "role_name" {
  description = "Name of the function's role."
  value       = local.role.name
}

output "environment_variables" {
  description = "Environment variables of the function."
  value       = one(aws_lambda_function.this.environment).variables
}

output "alias_arn" {
  description = "ARN of the alias that API Gateway calls."
  value       = local.alias.arn
}

output "log_group_arn" {
  description = "ARN of the function's log group."
  value       = local.log_group.arn
}

output "role_arn" {
  description = "ARN of the function's role."
  value       = local.role.arn
}

output "policy_json" {
  description = "What the function's role must allow, for a role that is made elsewhere."
  value       = local.policy
}
