output "sessions_table" {
  description = "Name and ARN of the sessions table in use."
  value = {
    name = local.sessions_table.name
    arn  = local.sessions_table.arn
  }
}

output "sessions_table_arns" {
  description = "ARNs of the tables from which any version of the function reads sessions: the sessions table, and the pattern of the restored ones."
  value       = [aws_dynamodb_table.this["sessions"].arn, "${aws_dynamodb_table.this["sessions"].arn}-*"]
}

output "rate_limits_table" {
  description = "Name and ARN of the rate-limits table."
  value = {
    name = aws_dynamodb_table.this["rate_limits"].name
    arn  = aws_dynamodb_table.this["rate_limits"].arn
  }
}
