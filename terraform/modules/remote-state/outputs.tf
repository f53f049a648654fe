output "bucket_name" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.state.bucket
}

output "lock_table_name" {
  description = "Name of the lock table; null if only S3 locks."
  value       = one([for table in aws_dynamodb_table.lock : table.name])
}
