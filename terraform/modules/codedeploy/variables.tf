variable "name" {
  description = "Name of the application, its deployment group and its configuration, such as postern-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,53}$", var.name))
    error_message = "name is up to 53 letters, digits, hyphens and underscores, such as \"postern-prod\"."
  }
}

variable "function_arn" {
  description = "ARN of the function, without a version or alias."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:[a-zA-Z0-9_-]+$", var.function_arn))
    error_message = "function_arn is a function's, without a version or alias, such as \"arn:aws:lambda:us-east-1:123456789012:function:postern-prod\"."
  }
}

variable "alarm_names" {
  description = "Alarms that stop a deployment; CodeDeploy takes ten at most."
  type        = list(string)

  validation {
    condition     = length(var.alarm_names) <= 10
    error_message = "alarm_names are at most ten: CodeDeploy takes no more for a deployment group."
  }
}

variable "shift" {
  description = "The share of requests that moves first and how long it is watched before the rest follows; linear: before each further share of the same size."
  type = object({
    percent = optional(number, 10)
    minutes = optional(number, 5)
    linear  = optional(bool, false)
  })
  default = {}

  validation {
    condition     = var.shift.percent >= 1 && var.shift.percent <= 99 && floor(var.shift.percent) == var.shift.percent
    error_message = "shift.percent is a whole number from 1 to 99."
  }

  validation {
    condition     = var.shift.minutes >= 1 && var.shift.minutes <= 2880 && floor(var.shift.minutes) == var.shift.minutes
    error_message = "shift.minutes is a whole number from 1 to 2880, two days."
  }
}

variable "permissions_boundary_arn" {
  description = "ARN of the policy that bounds the role; null is none."
  type        = string
  default     = null
}
