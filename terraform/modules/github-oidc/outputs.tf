output "role_arns" {
  description = "ARNs of the environment's roles: drift, apply, and plan if pull requests are planned."
  value       = { for name, role in aws_iam_role.this : name => role.arn }
}

output "permissions_boundary_arn" {
  description = "ARN of the permissions boundary that every role of a deployment must have: permissions_boundary_arn in the environment's tfvars."
  value       = aws_iam_policy.boundary.arn
}
