variable "package_path" {
  description = "Path of the function's zip, as `make build` writes it, relative to this folder."
  type        = string
  default     = "../handler/dist/gateway.zip"
  nullable    = false
}

variable "log_level" {
  description = "Minimum level of the lines that the function logs."
  type        = string
  default     = "INFO"
  nullable    = false
}

variable "log_sample_rate" {
  description = "Share of successful requests that get a log line, from 0 to 1. Refused and failed requests always get one, and metrics count every request."
  type        = number
  default     = 1
  nullable    = false
}

variable "problem_type_base" {
  description = "The https URL that the type of problem details begins with; the error code is appended. Null: the errors page of Postern."
  type        = string
  default     = null
}

variable "session_cache_seconds" {
  description = "Number of seconds for which the function uses a session without reading it again. A revoked session is accepted for as long."
  type        = number
  default     = 0
  nullable    = false
}

variable "fault_injection" {
  description = "Whether `make fault` can inject faults into requests, to rehearse failures. Only a zip that is built for this environment has the feature."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.fault_injection || var.environment != "prod" || var.fault_injection_in_prod
    error_message = "fault_injection affects real users in prod. If this is intended, also set fault_injection_in_prod = true."
  }
}

variable "chaos_experiments" {
  description = "Experiments of AWS Fault Injection Service on the function: their duration, the share of invocations that are affected, and the delay. Null creates none. Nothing starts them by itself."
  type = object({
    duration_minutes = optional(number, 5)
    percentage       = optional(number, 20)
    delay_ms         = optional(number, 1000)
  })
  default = null

  validation {
    condition     = var.chaos_experiments == null || var.environment != "prod" || var.fault_injection_in_prod
    error_message = "chaos_experiments affects real users in prod. If this is intended, also set fault_injection_in_prod = true."
  }

  validation {
    condition     = var.chaos_experiments == null || var.alarms != "none"
    error_message = "chaos_experiments needs alarms: an experiment that nothing stops is an outage."
  }
}

variable "fault_injection_in_prod" {
  description = "Whether faults and experiments are also allowed if the environment is prod."
  type        = bool
  default     = false
  nullable    = false
}

variable "runtime" {
  description = "Lambda runtime. nodejs24.x needs version 6.21 or newer of the AWS provider; version 5 supports nodejs22.x at most."
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
  description = "Memory in MB, at least 256. Lambda allocates CPU in proportion, one core at 1769."
  type        = number
  default     = 256
  nullable    = false
}

variable "timeout_seconds" {
  description = "Timeout of one request, at most 29: API Gateway waits 30 seconds at most."
  type        = number
  default     = 29
  nullable    = false
}

variable "reserved_concurrency" {
  description = "Maximum number of concurrent requests, reserved from the account's limit; null shares that limit with the other functions."
  type        = number
  default     = null
}

variable "provisioned_concurrency" {
  description = "Number of execution environments that are kept warm and cost money by the hour; 0 keeps none."
  type        = number
  default     = 0
  nullable    = false
}

variable "system_log_level" {
  description = "Minimum level of the log lines of Lambda itself: WARN keeps those of failures, INFO adds the start and report of every request."
  type        = string
  default     = "WARN"
  nullable    = false
}

variable "log_retention_days" {
  description = "Number of days that the function's log and the API's access log are kept."
  type        = number
  default     = 30
  nullable    = false
}

variable "tracing" {
  description = "Whether Lambda sends traces to X-Ray, which cost $5 a million."
  type        = bool
  default     = false
  nullable    = false
}

variable "vpc" {
  description = "Subnets and security groups, for upstreams that are reachable only from a VPC; null runs the function outside a VPC. Inside one, AWS services need endpoints or a NAT gateway."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null
}

variable "kept_permissions" {
  description = "What the role also permits, for versions that serve until the next release, or may again after a rollback. The commands fill it."
  type        = map(string)
  default     = {}
  nullable    = false
}
