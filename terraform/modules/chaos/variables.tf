variable "name" {
  description = "Prefix of the names of role, log group and stack, such as postern-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z][a-zA-Z0-9-]{0,59}$", var.name))
    error_message = "name is up to 60 letters, digits and hyphens, beginning with a letter, such as \"postern-dev\"."
  }
}

variable "function_arn" {
  description = "ARN of the function that experiments are made on, without a version."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:[a-zA-Z0-9_-]+$", var.function_arn))
    error_message = "function_arn is the ARN of a function without a version or alias."
  }
}

variable "faults" {
  description = "Where the extension in the function looks for faults: a bucket and a prefix in it, without a slash."
  type = object({
    bucket_arn = string
    prefix     = string
  })
}

variable "stop_alarm_arns" {
  description = "ARNs of the alarms, by name, that end an experiment at once."
  type        = map(string)

  validation {
    condition     = length(var.stop_alarm_arns) > 0 && length(var.stop_alarm_arns) <= 5
    error_message = "stop_alarm_arns has 1 to 5 alarms: an experiment that nothing stops is an outage."
  }
}

variable "duration_minutes" {
  description = "How long an experiment lasts. The extension looks for it about once a minute."
  type        = number
  default     = 5

  validation {
    condition     = var.duration_minutes >= 2 && var.duration_minutes <= 60 && floor(var.duration_minutes) == var.duration_minutes
    error_message = "duration_minutes is a whole number from 2 to 60."
  }
}

variable "percentage" {
  description = "How many of the invocations meet the fault."
  type        = number
  default     = 20

  validation {
    condition     = var.percentage >= 1 && var.percentage <= 100 && floor(var.percentage) == var.percentage
    error_message = "percentage is a whole number from 1 to 100."
  }
}

variable "delay_ms" {
  description = "How much later a delayed invocation starts, in ms."
  type        = number
  default     = 1000

  validation {
    condition     = var.delay_ms >= 1 && var.delay_ms <= 29000 && floor(var.delay_ms) == var.delay_ms
    error_message = "delay_ms is a whole number from 1 to 29000: API Gateway itself waits no longer than 30 s."
  }
}

variable "kms_key_arn" {
  description = "ARN of the key that log, bucket and the function's variables are encrypted under; null is AWS's own keys."
  type        = string
  default     = null
}
