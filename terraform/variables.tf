variable "environment" {
  description = "Name of the environment, a part of the name of every resource."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,14}[a-z0-9]$", var.environment))
    error_message = "environment is 2 to 16 lower-case letters, digits and hyphens, beginning with a letter, such as \"dev\" or \"prod\"."
  }
}

variable "project" {
  description = "First part of the name of every resource."
  type        = string
  default     = "postern"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.project))
    error_message = "project is 2 to 24 lower-case letters, digits and hyphens, beginning with a letter, such as \"postern\"."
  }
}

variable "region" {
  description = "Region of all resources."
  type        = string
  default     = "us-east-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is the name of an AWS region, such as \"us-east-1\" or \"eu-central-1\"."
  }

  validation {
    condition     = !can(regex("^(cn|us-gov|us-iso[a-z]*|eu-isoe)-", var.region))
    error_message = "region is in AWS China, GovCloud or an isolated partition, which are not supported: endpoints, service principals, AWS Budgets and prices differ there, and nothing was tested."
  }
}

variable "emulator_url" {
  description = "Address of an emulator of AWS, such as http://127.0.0.1:4566, for the output base_url; null on AWS. AWS_ENDPOINT_URL makes Terraform itself use it."
  type        = string
  default     = null
}

variable "customer_managed_key" {
  description = "Whether a key of this account ($1 a month) encrypts tables, signing key, logs, variables and alarms. False uses keys of AWS and leaves the topic of the alarms unencrypted. When you change true to false, also set retain_customer_managed_key."
  type        = bool
  default     = true
  nullable    = false
}

variable "retain_customer_managed_key" {
  description = "Whether to keep the key after customer_managed_key is set to false. Earlier versions of the function, backups of the tables (35 days) and older log lines need it: they become unreadable when it is deleted."
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
  description = "Name of a table restored by `make restore-sessions`, from which the gateway then reads sessions; null reads the sessions table itself."
  type        = string
  default     = null
}

variable "kept_sessions_tables" {
  description = "Names of earlier restored tables to keep. `make deploy` and `make release` refuse to delete one from which the serving version reads sessions."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "generate_signing_key" {
  description = "Whether to generate the first signing key of session tokens; false leaves the secret empty, for a JWK set of your own."
  type        = bool
  default     = true
  nullable    = false
}

variable "secret_recovery_days" {
  description = "Number of days in which the deleted signing secret can be restored; 0 deletes it immediately."
  type        = number
  default     = 30
  nullable    = false
}
