variable "package_path" {
  description = "The function's zip as `make build` writes it, seen from this folder."
  type        = string
  default     = "../handler/dist/gateway.zip"
  nullable    = false
}

variable "log_level" {
  description = "Least weight of the lines the function logs."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN", "ERROR"], var.log_level)
    error_message = "log_level is \"DEBUG\", \"INFO\", \"WARN\" or \"ERROR\"."
  }
}

variable "log_sample_rate" {
  description = "Share of successful requests that get a line in the log, from 0 to 1; refusals and faults always get one, and metrics count every request."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.log_sample_rate >= 0 && var.log_sample_rate <= 1
    error_message = "log_sample_rate is from 0 to 1, such as 0.1 for one request in ten."
  }
}

variable "problem_type_base" {
  description = "The https URL that the type of problem details begins with; the error code is appended. Null: the errors page of Postern."
  type        = string
  default     = null

  validation {
    condition     = var.problem_type_base == null || can(regex("^https://[!-~]+[#/=]$", var.problem_type_base))
    error_message = "problem_type_base is an https URL that ends in \"#\", \"/\" or \"=\", such as \"https://docs.example.com/errors#\"."
  }
}

variable "session_cache_seconds" {
  description = "How long a session that was read is believed without another look; so long may a revoked one still pass."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.session_cache_seconds >= 0 && var.session_cache_seconds <= 3600 && floor(var.session_cache_seconds) == var.session_cache_seconds
    error_message = "session_cache_seconds is a whole number from 0 to 3600."
  }
}

variable "fault_injection" {
  description = "Whether `make fault` may inject faults into requests, to rehearse failures."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.fault_injection || var.environment != "prod" || var.fault_injection_in_prod
    error_message = "fault_injection lets real users meet faults in prod. If that is meant, set fault_injection_in_prod = true as well."
  }
}

variable "chaos_experiments" {
  description = "Experiments of AWS Fault Injection Service on the function, which a person starts: how long, on how many invocations, and how late; null makes none."
  type = object({
    duration_minutes = optional(number, 5)
    percentage       = optional(number, 20)
    delay_ms         = optional(number, 1000)
  })
  default = null

  validation {
    condition     = var.chaos_experiments == null || var.environment != "prod" || var.fault_injection_in_prod
    error_message = "chaos_experiments lets real users meet faults in prod. If that is meant, set fault_injection_in_prod = true as well."
  }

  validation {
    condition     = var.chaos_experiments == null || var.alarms != "none"
    error_message = "chaos_experiments needs alarms: an experiment that nothing stops is an outage."
  }
}

variable "fault_injection_in_prod" {
  description = "Whether faults may be injected, and experiments made, even where the environment is prod."
  type        = bool
  default     = false
  nullable    = false
}

variable "runtime" {
  description = "Lambda runtime. nodejs24.x needs version 6.21 or newer of the AWS provider; version 5 knows none newer than nodejs22.x."
  type        = string
  default     = "nodejs22.x"
  nullable    = false
}

variable "architecture" {
  description = "Processor of the function: arm64 (a fifth cheaper) or x86_64."
  type        = string
  default     = "arm64"
  nullable    = false
}

variable "memory_mb" {
  description = "Memory in MB, at least 256; Lambda gives processor time in proportion, a whole core at 1769."
  type        = number
  default     = 256
  nullable    = false
}

variable "timeout_seconds" {
  description = "Longest time for one request, at most 29: API Gateway itself waits 30."
  type        = number
  default     = 29
  nullable    = false
}

variable "reserved_concurrency" {
  description = "Most requests at work at once, taken from the account's limit; null shares that limit with every function."
  type        = number
  default     = null
}

variable "provisioned_concurrency" {
  description = "Execution environments kept warm, paid for by the hour; 0 keeps none."
  type        = number
  default     = 0
  nullable    = false
}

variable "system_log_level" {
  description = "Least weight of Lambda's own lines: WARN keeps those of failures, INFO adds start and report of every request."
  type        = string
  default     = "WARN"
  nullable    = false
}

variable "log_retention_days" {
  description = "Days that the function's log and the API's access log are kept."
  type        = number
  default     = 30
  nullable    = false
}

variable "tracing" {
  description = "Whether Lambda sends traces to X-Ray, at $5 a million."
  type        = bool
  default     = false
  nullable    = false
}

variable "vpc" {
  description = "Subnets and security groups for upstreams that only a VPC reaches; null stays outside. Inside, AWS's services need endpoints or a NAT gateway."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null
}
