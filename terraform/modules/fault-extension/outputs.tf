output "layer_arn" {
  description = "ARN of the extension, for the function's layers."
  value       = data.aws_ssm_parameter.extension.insecure_value
}

output "bucket_arn" {
  description = "ARN of the bucket that holds the fault in force."
  value       = aws_s3_bucket.faults.arn
}

output "prefix" {
  description = "Below this the extension looks for faults, about once a minute."
  value       = "faults"
}
