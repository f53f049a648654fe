variable "name" {
  description = "Name of the API, such as postern-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,128}$", var.name))
    error_message = "name is up to 128 letters, digits, hyphens and underscores, such as \"postern-dev\"."
  }
}

variable "function_alias" {
  description = "The Lambda alias that answers every request."
  type = object({
    function_name = string
    alias_name    = string
    invoke_arn    = string
  })
}

variable "throttle_rate_per_second" {
  description = "Requests a second that the whole API takes before it answers 429."
  type        = number
  default     = 50

  validation {
    condition     = var.throttle_rate_per_second > 0
    error_message = "throttle_rate_per_second is greater than 0, such as 50: 0 would stop all traffic."
  }
}

variable "throttle_burst" {
  description = "Requests the API takes at once after a rest."
  type        = number
  default     = 100

  validation {
    condition     = var.throttle_burst >= 1 && floor(var.throttle_burst) == var.throttle_burst
    error_message = "throttle_burst is a whole number from 1, such as 100: 0 would stop all traffic."
  }
}

variable "cors" {
  description = "What browsers on other origins may do; null allows none. `*` cannot go together with credentials."
  type = object({
    allow_origins     = list(string)
    allow_methods     = optional(list(string), ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
    allow_headers     = optional(list(string), ["authorization", "content-type", "idempotency-key"])
    expose_headers    = optional(list(string), ["ratelimit", "ratelimit-policy", "retry-after", "x-request-id"])
    allow_credentials = optional(bool, false)
    max_age_seconds   = optional(number, 600)
  })
  default = null

  validation {
    condition     = var.cors == null ? true : length(var.cors.allow_origins) > 0
    error_message = "cors.allow_origins is empty. Name the origins, such as [\"https://app.example.com\"], or set cors to null."
  }

  validation {
    condition     = var.cors == null ? true : alltrue([for origin in var.cors.allow_origins : can(regex("^(\\*|https?://(\\*|[A-Za-z0-9.-]+)(:[0-9]{1,5})?)$", origin))])
    error_message = "cors.allow_origins has an entry that is no origin. Write scheme, host and port alone, such as \"https://app.example.com\" or \"http://localhost:3000\", without a slash at the end."
  }

  validation {
    condition     = var.cors == null ? true : !(var.cors.allow_credentials && length([for value in concat(var.cors.allow_origins, var.cors.allow_methods, var.cors.allow_headers) : value if strcontains(value, "*")]) > 0)
    error_message = "cors.allow_credentials is true and an entry has \"*\", which browsers refuse. Name the origins, methods and headers."
  }

  validation {
    condition     = var.cors == null ? true : alltrue([for method in var.cors.allow_methods : contains(["*", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"], method)])
    error_message = "cors.allow_methods has an unknown method. Use GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS or \"*\"."
  }

  validation {
    condition     = var.cors == null ? true : var.cors.max_age_seconds >= 0 && var.cors.max_age_seconds <= 86400
    error_message = "cors.max_age_seconds is from 0 to 86400."
  }
}

variable "detailed_metrics" {
  description = "Whether CloudWatch counts by route as well. HTTP APIs have one route here, so it adds cost and tells little."
  type        = bool
  default     = false
}

variable "custom_domain" {
  description = "A domain name of your own and the ARN of its certificate in ACM, in this region; null uses the API's own address."
  type = object({
    domain_name     = string
    certificate_arn = string
  })
  default = null

  validation {
    condition     = var.custom_domain == null ? true : can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.custom_domain.domain_name))
    error_message = "custom_domain.domain_name is a host name in lower case, such as \"api.example.com\"."
  }

  validation {
    condition     = var.custom_domain == null ? true : can(regex("^arn:[a-z-]+:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", var.custom_domain.certificate_arn))
    error_message = "custom_domain.certificate_arn is the ARN of a certificate in ACM, such as \"arn:aws:acm:us-east-1:123456789012:certificate/…\"."
  }
}

variable "disable_default_endpoint" {
  description = "Whether the API answers under its custom domain alone."
  type        = bool
  default     = false

  validation {
    condition     = !var.disable_default_endpoint || var.custom_domain != null
    error_message = "disable_default_endpoint leaves no way in without custom_domain. Set custom_domain, or leave this false."
  }
}

variable "emulator_url" {
  description = "Address of an emulator of AWS, such as http://127.0.0.1:4566, for the base_url output; null on AWS."
  type        = string
  default     = null

  validation {
    condition     = var.emulator_url == null ? true : can(regex("^https?://[^/?#@]+$", var.emulator_url))
    error_message = "emulator_url is scheme, host and port, such as \"http://127.0.0.1:4566\", or null."
  }
}

variable "access_log" {
  description = "Whether the API logs each request as well, and so those that never reach the function: throttled, too large, or with the function down."
  type        = bool
  default     = true
}

variable "log_retention_days" {
  description = "Days the access log is kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is one of CloudWatch's own steps: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "kms_key_arn" {
  description = "ARN of the key the access log is encrypted under; null is CloudWatch's own key."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:123456789012:key/…\", or null."
  }
}
