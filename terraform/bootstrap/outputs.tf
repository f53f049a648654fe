output "bucket" {
  description = "Value of -backend-config=\"bucket=…\"."
  value       = module.remote_state.bucket_name
}

output "lock_table" {
  description = "Value of -backend-config=\"dynamodb_table=…\"; null if only S3 locks."
  value       = module.remote_state.lock_table_name
}

output "github_role_arns" {
  description = "Values of GitHub's variables, by environment: see docs/github-actions.md. Empty without GitHub Actions."
  value       = { for environment, github in module.github : environment => github.role_arns }
}

output "permissions_boundary_arns" {
  description = "Value of permissions_boundary_arn in the tfvars, by environment. Empty without GitHub Actions."
  value       = { for environment, github in module.github : environment => github.permissions_boundary_arn }
}
