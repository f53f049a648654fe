variable "name" {
  description = "Prefix of the names of alarms, topic and dashboard, and value of the dimension Gateway in the function's metrics, such as postern-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,200}$", var.name))
    error_message = "name is up to 200 letters, digits, hyphens and underscores, such as \"postern-dev\"."
  }
}

variable "environment" {
  description = "Value of the dimension Environment in the function's metrics."
  type        = string
}

variable "region" {
  description = "Region of the metrics on the dashboard."
  type        = string
}

variable "api" {
  description = "The HTTP API and its stage."
  type = object({
    id         = string
    stage_name = string
  })
}

variable "function" {
  description = "The function: its name, log group, memory, processor, timeout, and reserved concurrency if it has one."
  type = object({
    name                 = string
    log_group_name       = string
    memory_mb            = number
    architecture         = string
    timeout_seconds      = number
    reserved_concurrency = optional(number)
  })
}

variable "tables" {
  description = "Names of the tables, and of those that only some contracts need: cache, credentials, idempotency, traffic and usage."
  type = object({
    sessions    = string
    rate_limits = string
    further     = optional(map(string), {})
  })
}

variable "upstreams" {
  description = "Names of the contract's upstreams; each has an alarm for its breaker."
  type        = set(string)
}

variable "alarms" {
  description = "Which alarms to create: all, essential (failures, latency and spend, without causes and burn rates) or none. An alarm costs $0.10 a month for each of its metrics."
  type        = string
  default     = "all"

  validation {
    condition     = contains(["all", "essential", "none"], var.alarms)
    error_message = "alarms is \"all\", \"essential\" or \"none\"."
  }
}

variable "runbooks_url" {
  description = "Address at which docs/runbooks/alarms can be read. The description of each alarm links its page there."
  type        = string
  default     = "docs/runbooks/alarms"

  validation {
    condition     = can(regex("[^/\\s]$", var.runbooks_url))
    error_message = "runbooks_url is an address or a path without a slash at its end, such as \"https://git.example.com/postern/docs/runbooks/alarms\"."
  }
}

variable "dashboard" {
  description = "Whether to create a dashboard. The first three of an account are free, others cost $3 a month."
  type        = bool
  default     = true
}

variable "topic_arns" {
  description = "ARNs of topics that are made elsewhere and get the alarms; null makes one. Their policies must allow cloudwatch.amazonaws.com to publish."
  type        = list(string)
  default     = null

  validation {
    condition     = var.topic_arns == null ? true : length(var.topic_arns) > 0
    error_message = "topic_arns names at least one topic, or is null."
  }
}

variable "alarm_emails" {
  description = "Addresses that get the alarms, if the topic is made here. Others can subscribe to it."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "alarm_emails are addresses, such as [\"team@example.com\"]."
  }
}

variable "thresholds" {
  description = "Thresholds of the alarms. Those on the API only count minutes with at least least_requests_per_minute."
  type = object({
    latency_p95_ms            = optional(number, 1000)
    latency_p99_ms            = optional(number, 3000)
    server_error_percent      = optional(number, 1)
    client_error_percent      = optional(number, 25)
    least_requests_per_minute = optional(number, 20)
  })
  default = {}

  validation {
    condition     = alltrue([for value in values(var.thresholds) : value > 0])
    error_message = "thresholds are greater than 0."
  }

  validation {
    condition     = var.thresholds.server_error_percent <= 100 && var.thresholds.client_error_percent <= 100
    error_message = "thresholds.server_error_percent and client_error_percent are percentages, at most 100."
  }

  validation {
    condition     = var.thresholds.latency_p95_ms <= var.thresholds.latency_p99_ms
    error_message = "thresholds.latency_p95_ms cannot be above latency_p99_ms."
  }
}

variable "slo" {
  description = "Objectives over 30 days: the share of requests without 5xx, and the time within which 95 % of them are served. A burn rate needs least_requests in its window, the error budget as many in total."
  type = object({
    availability_percent = optional(number, 99.9)
    latency_p95_ms       = optional(number, 200)
    least_requests       = optional(number, 100)
  })
  default = {}

  validation {
    condition     = var.slo.availability_percent >= 90 && var.slo.availability_percent <= 99.99
    error_message = "slo.availability_percent is from 90 to 99.99, such as 99.9."
  }

  validation {
    condition     = var.slo.latency_p95_ms >= 1 && floor(var.slo.latency_p95_ms) == var.slo.latency_p95_ms
    error_message = "slo.latency_p95_ms is a whole number of milliseconds, such as 200."
  }

  validation {
    condition     = var.slo.least_requests >= 1
    error_message = "slo.least_requests is 1 or more."
  }
}

variable "spend_alarm_usd_per_day" {
  description = "Spending rate, in US dollars a day, above which an alarm goes off within minutes."
  type        = number
  default     = 2

  validation {
    condition     = var.spend_alarm_usd_per_day > 0
    error_message = "spend_alarm_usd_per_day is more than 0, such as 2."
  }
}

variable "saved_queries" {
  description = "Whether to save queries of the function's log in Logs Insights. They cost nothing until they are run."
  type        = bool
  default     = true
}

variable "kms_key_arn" {
  description = "ARN of the key that encrypts the topic. Its policy must allow cloudwatch.amazonaws.com to use it. Null leaves the topic unencrypted."
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
