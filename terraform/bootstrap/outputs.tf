output "bucket" {
  description = "What goes into -backend-config=\"bucket=…\"."
  value       = module.remote_state.bucket_name
}

output "lock_table" {
  description = "What goes into -backend-config=\"dynamodb_table=…\"; null where S3 alone locks."
  value       = module.remote_state.lock_table_name
}

output "github_role_arns" {
  description = "By environment, what goes into GitHub's variables: docs/github-actions.md says which. Empty without GitHub Actions."
  value       = { for environment, github in module.github : environment => github.role_arns }
}

output "permissions_boundary_arns" {
  description = "By environment, what goes into permissions_boundary_arn of its tfvars. Empty without GitHub Actions."
  value       = { for environment, github in module.github : environment => github.permissions_boundary_arn }
}
