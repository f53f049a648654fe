variable "name" {
  description = "Prefix of the tables' names, such as postern-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{1,200}$", var.name))
    error_message = "name is up to 200 letters, digits, dots, hyphens and underscores, such as \"postern-dev\"."
  }
}

variable "sessions_table" {
  description = "A table that is made elsewhere, with the key session_id and the TTL attribute ttl; null makes one."
  type        = object({ name = string, arn = string })
  default     = null

  validation {
    condition     = var.sessions_table == null ? true : var.restored_sessions_table == null && length(var.kept_sessions_tables) == 0
    error_message = "sessions_table is made elsewhere: restore it there, and leave out restored_sessions_table and kept_sessions_tables."
  }
}

variable "rate_limits_table" {
  description = "A table that is made elsewhere, with the key rate_limit_key and the TTL attribute ttl; null makes one."
  type        = object({ name = string, arn = string })
  default     = null
}

variable "further_tables" {
  description = "The tables that only some contracts need: cache (of responses and their purges; key cache_key), credentials (of consumers, such as API keys; key credential_id, index by-consumer of the keys, with the key consumer), idempotency (keys and responses; key idempotency_key), traffic (weights of upstreams; key traffic_id) and usage (of quotas; key usage_id), all with the TTL attribute ttl. Each is one that is made elsewhere, or null, which makes one."
  type        = map(object({ name = string, arn = string }))
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.further_tables), ["cache", "credentials", "idempotency", "traffic", "usage"])) == 0
    error_message = "further_tables has the keys cache, credentials, idempotency, traffic and usage."
  }
}

variable "deletion_protection" {
  description = "Whether DynamoDB refuses to delete the tables."
  type        = bool
  default     = true
}

variable "point_in_time_recovery" {
  description = "Whether the tables, except that of the cache, can be restored to any second of the last 35 days."
  type        = bool
  default     = true
}

variable "restored_sessions_table" {
  description = "Name of a restored table to use instead of the sessions table; null uses the sessions table itself."
  type        = string
  default     = null

  validation {
    # The function's role names the tables of this prefix alone.
    condition     = var.restored_sessions_table == null ? true : length(var.restored_sessions_table) <= 255 && startswith(var.restored_sessions_table, "${var.name}-sessions-") && can(regex("^[a-zA-Z0-9_.-]+$", var.restored_sessions_table)) && !endswith(var.restored_sessions_table, "-sessions-")
    error_message = "restored_sessions_table is the name of a table that was restored from the sessions table, such as \"${var.name}-sessions-20261121-103000\", or null."
  }
}

variable "kept_sessions_tables" {
  description = "Names of earlier restored tables to keep, such as the one from which the serving version reads sessions."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.kept_sessions_tables : length(name) <= 255 && startswith(name, "${var.name}-sessions-") && can(regex("^[a-zA-Z0-9_.-]+$", name)) && !endswith(name, "-sessions-")])
    error_message = "kept_sessions_tables has the names of tables that were restored from the sessions table, such as \"${var.name}-sessions-20261121-103000\"."
  }

  validation {
    condition     = var.restored_sessions_table == null ? true : !contains(var.kept_sessions_tables, var.restored_sessions_table)
    error_message = "kept_sessions_tables names restored_sessions_table, which is in use anyway. Name the earlier ones alone."
  }
}

variable "kms_key_arn" {
  description = "ARN of the key that encrypts the tables; null uses a key that AWS owns."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:123456789012:key/…\", or null."
  }
}

variable "tags" {
  description = "Tags of every resource, beside those of the provider."
  type        = map(string)
  default     = {}
}
