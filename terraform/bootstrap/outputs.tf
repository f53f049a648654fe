output "bucket" {
  description = "What goes into -backend-config=\"bucket=…\"."
  value       = module.remote_state.bucket_name
}

output "lock_table" {
  description = "What goes into -backend-config=\"dynamodb_table=…\"; null where S3 alone locks."
  value       = module.remote_state.lock_table_name
}
