variable "name" {
  description = "Name of the function and its role, such as postern-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,64}$", var.name))
    error_message = "name is up to 64 letters, digits, hyphens and underscores, such as \"postern-dev\"."
  }
}

variable "package_path" {
  description = "The function's zip, with index.js at its root."
  type        = string
}

variable "environment_variables" {
  description = "Environment variables of the function. Secrets do not belong here: pass the ARN of one."
  type        = map(string)
}

variable "sessions_table_arns" {
  description = "ARNs of the tables that sessions are read from, patterns allowed: those of the version that serves as well, which an apply does not replace."
  type        = list(string)
}

variable "rate_limits_table_arn" {
  description = "ARN of the table the function counts requests in."
  type        = string
}

variable "signing_secret_arn" {
  description = "ARN of the secret that holds the keys of session tokens."
  type        = string
}

variable "proxy_secret_arn" {
  description = "ARN of the secret that the proxy in front proves itself with; null is no proxy."
  type        = string
  default     = null
}

variable "runtime" {
  description = "Lambda runtime. nodejs24.x needs version 6.21 or newer of the AWS provider; version 5 knows none newer than nodejs22.x."
  type        = string
  default     = "nodejs22.x"

  validation {
    condition     = can(regex("^nodejs(2[2-9]|[3-9][0-9])\\.x$", var.runtime))
    error_message = "runtime is nodejs22.x or newer, such as \"nodejs22.x\"."
  }
}

variable "architecture" {
  description = "Processor of the function: arm64 (a fifth cheaper) or x86_64."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture is \"arm64\" or \"x86_64\"."
  }
}

variable "memory_mb" {
  description = "Memory in MB, at least 256; Lambda gives processor time in proportion, a whole core at 1769."
  type        = number
  default     = 256

  validation {
    condition     = var.memory_mb >= 256 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb is a whole number from 256 to 10240: bodies of 6 MB, the largest that Lambda takes, need 200."
  }
}

variable "timeout_seconds" {
  description = "Longest time for one request. API Gateway gives up after 30 seconds, so the function must end before."
  type        = number
  default     = 29

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 29 && floor(var.timeout_seconds) == var.timeout_seconds
    error_message = "timeout_seconds is a whole number from 1 to 29: API Gateway itself waits no longer than 30."
  }
}

variable "reserved_concurrency" {
  description = "Most requests at work at once, taken from the account's limit; null shares that limit with every function."
  type        = number
  default     = null

  validation {
    # Zero would refuse every request.
    condition     = var.reserved_concurrency == null ? true : var.reserved_concurrency >= 1 && floor(var.reserved_concurrency) == var.reserved_concurrency
    error_message = "reserved_concurrency is a whole number from 1, or null."
  }
}

variable "provisioned_concurrency" {
  description = "Execution environments kept warm, paid for by the hour; 0 keeps none."
  type        = number
  default     = 0

  validation {
    condition     = var.provisioned_concurrency >= 0 && floor(var.provisioned_concurrency) == var.provisioned_concurrency
    error_message = "provisioned_concurrency is a whole number from 0."
  }

  validation {
    condition     = var.reserved_concurrency == null ? true : var.provisioned_concurrency <= var.reserved_concurrency
    error_message = "provisioned_concurrency cannot be more than reserved_concurrency."
  }
}

variable "system_log_level" {
  description = "Least weight of Lambda's own lines: WARN keeps those of failures, INFO adds start and report of every request."
  type        = string
  default     = "WARN"

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN"], var.system_log_level)
    error_message = "system_log_level is \"DEBUG\", \"INFO\" or \"WARN\"."
  }
}

variable "log_retention_days" {
  description = "Days the function's log is kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is one of CloudWatch's own steps: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "tracing" {
  description = "Whether Lambda sends traces to X-Ray. They cost $5 a million."
  type        = bool
  default     = false
}

variable "vpc" {
  description = "Subnets and security groups for upstreams that only a VPC reaches; null stays outside. Inside, AWS's services need endpoints or a NAT gateway."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null

  validation {
    condition = var.vpc == null ? true : (
      length(var.vpc.subnet_ids) > 0 && alltrue([for id in var.vpc.subnet_ids : startswith(id, "subnet-")]) &&
      length(var.vpc.security_group_ids) > 0 && alltrue([for id in var.vpc.security_group_ids : startswith(id, "sg-")])
    )
    error_message = "vpc needs at least one subnet_ids (\"subnet-…\") and one security_group_ids (\"sg-…\")."
  }
}

variable "kms_key_arn" {
  description = "ARN of the key of the log, the variables, the tables and the secret; null is AWS's own keys."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:123456789012:key/…\", or null."
  }
}

variable "retained_kms_key_arn" {
  description = "ARN of a key that the function still decrypts with although nothing new is encrypted under it: that of versions and data from before kms_key_arn changed. Null is none."
  type        = string
  default     = null

  validation {
    condition     = var.retained_kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.retained_kms_key_arn))
    error_message = "retained_kms_key_arn is the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:123456789012:key/…\", or null."
  }
}

variable "fault_injection" {
  description = "Whether the function may read the active fault, an item of the rate-limits table."
  type        = bool
  default     = false
}

variable "fault_extension" {
  description = "The extension of AWS Fault Injection Service and where it looks for faults, as the module chaos has them; null is a function without."
  type = object({
    layer_arn  = string
    bucket_arn = string
    prefix     = string
  })
  default = null
}

variable "permissions_boundary_arn" {
  description = "ARN of the policy that bounds the role; null is none."
  type        = string
  default     = null
}
