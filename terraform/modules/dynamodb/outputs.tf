output "sessions_table" {
  description = "Name and ARN of the sessions table in use."
  value       = var.restored_sessions_table == null ? local.used.sessions : local.made[var.restored_sessions_table]
}

output "sessions_table_arns" {
  description = "ARNs of the tables from which any version of the function reads sessions: the sessions table, and the pattern of the restored ones."
  value       = var.sessions_table == null ? [local.used.sessions.arn, "${local.used.sessions.arn}-*"] : [local.used.sessions.arn]
}

output "rate_limits_table" {
  description = "Name and ARN of the rate-limits table."
  value       = local.used.rate_limits
}

output "further_tables" {
  description = "Name and ARN of each of the further tables."
  value       = { for key in keys(var.further_tables) : key => local.used[key] }
}
