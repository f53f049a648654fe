output "role_arns" {
  description = "ARNs of the roles plan, drift and apply: the repository's variables AWS_PLAN_ROLE_ARN, AWS_DRIFT_ROLE_ARN and AWS_APPLY_ROLE_ARN."
  value       = { for name, role in aws_iam_role.this : name => role.arn }
}

output "permissions_boundary_arn" {
  description = "ARN of the boundary that every role of a deployment must have: permissions_boundary_arn in the tfvars."
  value       = aws_iam_policy.boundary.arn
}
