variable "name" {
  description = "Name of the key's alias, such as postern-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9/_-]{1,200}$", var.name)) && !startswith(var.name, "aws/")
    error_message = "name is up to 200 letters, digits, slashes, hyphens and underscores, such as \"postern-dev\", and does not begin with \"aws/\"."
  }
}

variable "region" {
  description = "Region of the key and of what it encrypts. It is an input because the provider's data source names it differently in versions 5 and 6."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is the name of an AWS region, such as \"us-east-1\" or \"eu-central-1\"."
  }
}

variable "create" {
  description = "Whether to make the key; false only returns the policy that a key needs."
  type        = bool
  default     = true
}

variable "deletion_window_days" {
  description = "Number of days in which the deletion of the key can be canceled."
  type        = number
  default     = 30

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 30 && floor(var.deletion_window_days) == var.deletion_window_days
    error_message = "deletion_window_days is a whole number from 7 to 30."
  }
}

variable "tags" {
  description = "Tags of every resource, beside those of the provider."
  type        = map(string)
  default     = {}
}
