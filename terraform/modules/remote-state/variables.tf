variable "bucket_name" {
  description = "Name of the bucket, unique in all of AWS, such as postern-state-123456789012-us-east-1."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name is 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at each end."
  }
}

variable "lock_table_name" {
  description = "Name of a DynamoDB table that also locks the state, for Terraform older than 1.11; null locks with S3 only."
  type        = string
  default     = null

  validation {
    condition     = var.lock_table_name == null ? true : can(regex("^[a-zA-Z0-9_.-]{3,255}$", var.lock_table_name))
    error_message = "lock_table_name is 3 to 255 letters, digits, dots, hyphens and underscores, or null."
  }
}

variable "keep_old_states_days" {
  description = "Number of days that old versions of the state are kept; the ten newest are always kept. Null keeps all."
  type        = number
  default     = 90

  validation {
    condition     = var.keep_old_states_days == null ? true : var.keep_old_states_days >= 1 && floor(var.keep_old_states_days) == var.keep_old_states_days
    error_message = "keep_old_states_days is a whole number from 1, or null."
  }
}

variable "force_destroy" {
  description = "Whether a destroy deletes the bucket with all states in it."
  type        = bool
  default     = false
}
