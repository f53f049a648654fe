variable "name" {
  description = "Prefix of the names of the bucket, role, log group and stack, such as postern-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,41}$", var.name))
    error_message = "name is up to 42 lower-case letters, digits and hyphens, beginning with a letter, such as \"postern-dev\"."
  }
}

variable "region" {
  description = "Region of the function, in the names that are global."
  type        = string
}

variable "iam_path" {
  description = "Path of the role."
  type        = string
  default     = "/"
}

variable "permissions_boundary_arn" {
  description = "ARN of the permissions boundary of the role, which must allow what an experiment does; null means none."
  type        = string
  default     = null
}

variable "architecture" {
  description = "Processor of the function: arm64 or x86_64. The extension is made for one of them."
  type        = string

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture is \"arm64\" or \"x86_64\"."
  }
}

variable "function_arn" {
  description = "ARN of the function that experiments affect, without a version."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:[a-zA-Z0-9_-]+$", var.function_arn))
    error_message = "function_arn is the ARN of a function without a version or alias."
  }
}

variable "stop_alarm_arns" {
  description = "ARNs of the alarms, by name, that stop an experiment."
  type        = map(string)

  validation {
    condition     = length(var.stop_alarm_arns) > 0 && length(var.stop_alarm_arns) <= 5
    error_message = "stop_alarm_arns has 1 to 5 alarms: an experiment that nothing stops is an outage."
  }
}

variable "duration_minutes" {
  description = "Duration of an experiment. The extension looks for it about once a minute."
  type        = number
  default     = 5

  validation {
    condition     = var.duration_minutes >= 2 && var.duration_minutes <= 60 && floor(var.duration_minutes) == var.duration_minutes
    error_message = "duration_minutes is a whole number from 2 to 60."
  }
}

variable "percentage" {
  description = "Share of the invocations that are affected, in percent."
  type        = number
  default     = 20

  validation {
    condition     = var.percentage >= 1 && var.percentage <= 100 && floor(var.percentage) == var.percentage
    error_message = "percentage is a whole number from 1 to 100."
  }
}

variable "delay_ms" {
  description = "Delay of an affected invocation, in ms."
  type        = number
  default     = 1000

  validation {
    condition     = var.delay_ms >= 1 && var.delay_ms <= 29000 && floor(var.delay_ms) == var.delay_ms
    error_message = "delay_ms is a whole number from 1 to 29000: API Gateway waits 30 s at most."
  }
}

variable "kms_key_arn" {
  description = "ARN of the key for the log, the bucket and the function's variables; null uses keys of AWS."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of every resource, beside those of the provider."
  type        = map(string)
  default     = {}
}
