variable "name" {
  description = "Prefix of the secret's name, such as postern-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9/_+=.@-]{1,200}$", var.name))
    error_message = "name is up to 200 letters, digits and /_+=.@-, such as \"postern-dev\"."
  }
}

variable "generate" {
  description = "Whether to generate the first key. False leaves the secret empty, for a JWK set of your own with `aws secretsmanager put-secret-value`."
  type        = bool
  default     = true
}

variable "recovery_window_days" {
  description = "Number of days in which a deleted secret can be restored; 0 deletes it immediately."
  type        = number
  default     = 30

  validation {
    condition     = var.recovery_window_days == 0 || contains(range(7, 31), var.recovery_window_days)
    error_message = "recovery_window_days is 0, or a whole number from 7 to 30."
  }
}

variable "kms_key_arn" {
  description = "ARN of the key that encrypts the secret; null uses the key of Secrets Manager."
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
