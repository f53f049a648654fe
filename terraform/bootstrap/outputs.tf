output "bucket" {
  description = "What goes into -backend-config=\"bucket=…\"."
  value       = module.remote_state.bucket_name
}

output "lock_table" {
  description = "What goes into -backend-config=\"dynamodb_table=…\"; null where S3 alone locks."
  value       = module.remote_state.lock_table_name
}

output "github_role_arns" {
  description = "What goes into the repository's variables AWS_PLAN_ROLE_ARN, AWS_DRIFT_ROLE_ARN and AWS_APPLY_ROLE_ARN; null without GitHub Actions."
  value       = one([for github in module.github : github.role_arns])
}

output "permissions_boundary_arn" {
  description = "What goes into permissions_boundary_arn of the environments' tfvars; null without GitHub Actions."
  value       = one([for github in module.github : github.permissions_boundary_arn])
}
