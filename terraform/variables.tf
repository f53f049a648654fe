variable "environment" {
  description = "Name of the environment; part of every resource's name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,14}[a-z0-9]$", var.environment))
    error_message = "environment is 2 to 16 lower-case letters, digits and hyphens, beginning with a letter, such as \"dev\" or \"prod\"."
  }
}

variable "project" {
  description = "First part of every resource's name."
  type        = string
  default     = "postern"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.project))
    error_message = "project is 2 to 24 lower-case letters, digits and hyphens, beginning with a letter, such as \"postern\"."
  }
}

variable "region" {
  description = "Region that everything is made in."
  type        = string
  default     = "us-east-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is the name of an AWS region, such as \"us-east-1\" or \"eu-central-1\"."
  }

  validation {
    condition     = !can(regex("^(cn|us-gov|us-iso[a-z]*|eu-isoe)-", var.region))
    error_message = "region is in AWS China, GovCloud or an isolated partition, which are not supported: endpoints, service principals, AWS Budgets and prices differ there, and nothing was tried."
  }
}

variable "emulator_url" {
  description = "Address of an emulator of AWS, such as http://127.0.0.1:4566, for the base_url output; null on AWS. What sends Terraform there is AWS_ENDPOINT_URL."
  type        = string
  default     = null
}

variable "customer_managed_key" {
  description = "Whether tables, signing key, logs, variables and alarms are encrypted under a key of this account's own ($1 a month); false is AWS's keys, and a topic for alarms without one. From true to false, set retain_customer_managed_key as well."
  type        = bool
  default     = true
  nullable    = false
}

variable "retain_customer_managed_key" {
  description = "Whether the key stays once customer_managed_key is false. Versions published before, backups of the tables (35 days) and older log lines are encrypted under it: deleted, it is of no use at once."
  type        = bool
  default     = false
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether DynamoDB refuses to delete the tables."
  type        = bool
  default     = true
  nullable    = false
}

variable "point_in_time_recovery" {
  description = "Whether the tables can be restored to any second of the last 35 days."
  type        = bool
  default     = true
  nullable    = false
}

variable "restored_sessions_table" {
  description = "Name of a table restored by `make restore-sessions`, which the gateway then reads sessions from; null reads the sessions table itself."
  type        = string
  default     = null
}

variable "kept_sessions_tables" {
  description = "Names of earlier restored tables that stay. One that the serving version reads sessions from has to: `make deploy` and `make release` refuse to delete it."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "generate_signing_key" {
  description = "Whether the first key of session tokens is drawn here; false leaves its secret empty, for a JWK set of your own."
  type        = bool
  default     = true
  nullable    = false
}

variable "secret_recovery_days" {
  description = "Days in which the deleted signing secret can be restored; 0 deletes it at once."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.secret_recovery_days == 0 || contains(range(7, 31), var.secret_recovery_days)
    error_message = "secret_recovery_days is 0, or a whole number from 7 to 30."
  }
}
