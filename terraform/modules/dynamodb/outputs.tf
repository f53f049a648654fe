output "sessions_table" {
  description = "Name and ARN of the sessions table in use."
  value       = local.sessions_table
}

output "sessions_table_arns" {
  description = "ARNs of the tables from which any version of the function reads sessions: the sessions table, and the pattern of the restored ones."
  value       = var.sessions_table == null ? [local.made["sessions"].arn, "${local.made["sessions"].arn}-*"] : [var.sessions_table.arn]
}

output "rate_limits_table" {
  description = "Name and ARN of the rate-limits table."
  value       = var.rate_limits_table == null ? local.made["rate_limits"] : { name = var.rate_limits_table.name, arn = var.rate_limits_table.arn }
}

output "further_tables" {
  description = "Name and ARN of each of the further tables."
  value       = { for key, brought in var.further_tables : key => brought == null ? local.made[key] : { name = brought.name, arn = brought.arn } }
}
