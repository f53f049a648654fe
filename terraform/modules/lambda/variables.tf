variable "name" {
  description = "Name of the function and its role, such as postern-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,64}$", var.name))
    error_message = "name is up to 64 letters, digits, hyphens and underscores, such as \"postern-dev\"."
  }
}

variable "package" {
  description = "The function's zip, which has index.js at its root: its path, which only an apply reads, or its object in S3; and its SHA-256 in base64."
  type = object({
    path   = optional(string)
    s3     = optional(object({ bucket = string, key = string, version_id = optional(string) }))
    sha256 = string
  })

  validation {
    condition     = (var.package.path == null) != (var.package.s3 == null)
    error_message = "package has either path, such as \"dist/gateway.zip\", or s3, such as { bucket = \"releases\", key = \"gateway.zip\" }."
  }
}

variable "traffic" {
  description = "Which version gets the requests: the one of the last apply (apply), or the one of the last release (release), which an apply does not change."
  type        = string
  default     = "release"

  validation {
    condition     = contains(["apply", "release"], var.traffic)
    error_message = "traffic is \"apply\" or \"release\"."
  }
}

variable "environment_variables" {
  description = "Environment variables of the function. Do not put secrets here: pass their ARNs."
  type        = map(string)
}

variable "permissions" {
  description = "What the function may do beyond writing its log: exact actions on resources by ARN, of a table only the items whose hash keys match leading_keys, if there are any."
  type = list(object({
    actions      = list(string)
    resources    = list(string)
    leading_keys = optional(list(string), [])
  }))
  default = []

  validation {
    condition     = alltrue([for action in flatten(var.permissions[*].actions) : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+$", action))])
    error_message = "permissions has exact actions, such as \"dynamodb:GetItem\", and no wildcard."
  }
}

variable "runtime" {
  description = "Lambda runtime. nodejs24.x needs version 6.21 or newer of the AWS provider; version 5 supports nodejs22.x at most."
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
  description = "Memory in MB, at least 256. Lambda allocates CPU in proportion, one core at 1769."
  type        = number
  default     = 256

  validation {
    condition     = var.memory_mb >= 256 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb is a whole number from 256 to 10240: bodies of 6 MB, Lambda's maximum, need 200."
  }
}

variable "timeout_seconds" {
  description = "Timeout of one request. API Gateway waits 30 seconds at most, so the function must end earlier."
  type        = number
  default     = 29

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 29 && floor(var.timeout_seconds) == var.timeout_seconds
    error_message = "timeout_seconds is a whole number from 1 to 29: API Gateway waits 30 seconds at most."
  }
}

variable "reserved_concurrency" {
  description = "Maximum number of concurrent requests, reserved from the account's limit; null shares that limit with the other functions."
  type        = number
  default     = null

  validation {
    # Zero would refuse every request.
    condition     = var.reserved_concurrency == null ? true : var.reserved_concurrency >= 1 && floor(var.reserved_concurrency) == var.reserved_concurrency
    error_message = "reserved_concurrency is a whole number from 1, or null."
  }
}

variable "provisioned_concurrency" {
  description = "Number of execution environments that are kept warm and cost money by the hour; 0 keeps none."
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
  description = "Minimum level of the log lines of Lambda itself: WARN keeps those of failures, INFO adds the start and report of every request."
  type        = string
  default     = "WARN"

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN"], var.system_log_level)
    error_message = "system_log_level is \"DEBUG\", \"INFO\" or \"WARN\"."
  }
}

variable "log_retention_days" {
  description = "Number of days that the function's log is kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is one of the values that CloudWatch allows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "tracing" {
  description = "Whether Lambda sends traces to X-Ray, which cost $5 a million."
  type        = bool
  default     = false
}

variable "vpc" {
  description = "Subnets and security groups, for upstreams that are reachable only from a VPC; null runs the function outside a VPC. Inside one, AWS services need endpoints or a NAT gateway."
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
  description = "ARN of the key that encrypts the log, the variables, the tables and the secret; null uses keys of AWS."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:123456789012:key/…\", or null."
  }
}

variable "further_kms_key_arns" {
  description = "ARNs of keys with which the function may also decrypt: those of tables and a secret that are made elsewhere, and of versions and data from before kms_key_arn changed. Nulls are left out."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.further_kms_key_arns : arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", arn))])
    error_message = "further_kms_key_arns are ARNs of KMS keys, such as \"arn:aws:kms:us-east-1:123456789012:key/…\"."
  }
}

variable "fault_extension" {
  description = "The extension of AWS Fault Injection Service and the bucket in which it looks for faults, as extras/chaos returns them; null means no extension."
  type = object({
    layer_arn  = string
    bucket_arn = string
    prefix     = string
  })
  default = null
}

variable "log_group" {
  description = "A log group that is made elsewhere; null makes one."
  type        = object({ name = string, arn = string })
  default     = null
}

variable "role" {
  description = "A role that is made elsewhere, with the permissions of the output policy_json; null makes one."
  type        = object({ name = string, arn = string })
  default     = null
}

variable "role_name" {
  description = "Name of the role, unique in the account; null is name."
  type        = string
  default     = null
}

variable "iam_path" {
  description = "Path of the role."
  type        = string
  default     = "/"

  validation {
    condition     = can(regex("^/([!-~]+/)?$", var.iam_path))
    error_message = "iam_path begins and ends with a slash, such as \"/gateways/\"."
  }
}

variable "permissions_boundary_arn" {
  description = "ARN of the permissions boundary of the role; null means none."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of every resource, beside those of the provider."
  type        = map(string)
  default     = {}
}
