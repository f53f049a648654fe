output "sessions_table" {
  description = "Name and ARN of the sessions table that is in use."
  value = {
    name = local.sessions_table.name
    arn  = local.sessions_table.arn
  }
}

output "sessions_table_arns" {
  description = "ARNs that a version of the function, old or new, can read sessions from: the sessions table, and the pattern of every restored one."
  value       = [aws_dynamodb_table.this["sessions"].arn, "${aws_dynamodb_table.this["sessions"].arn}-*"]
}

output "rate_limits_table" {
  description = "Name and ARN of the rate-limits table."
  value = {
    name = aws_dynamodb_table.this["rate_limits"].name
    arn  = aws_dynamodb_table.this["rate_limits"].arn
  }
}
