variable "name" {
  description = "Name of the API, such as postern-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,128}$", var.name))
    error_message = "name is up to 128 letters, digits, hyphens and underscores, such as \"postern-dev\"."
  }
}

variable "function_alias" {
  description = "The Lambda alias that handles every request."
  type = object({
    function_name = string
    alias_name    = string
    invoke_arn    = string
  })
}

variable "stage_name" {
  description = "Name of the stage, the first segment of the API's address; $default is a stage without a segment."
  type        = string
  default     = "v1"

  validation {
    condition     = can(regex("^([a-zA-Z0-9_-]{1,128}|\\$default)$", var.stage_name))
    error_message = "stage_name is up to 128 letters, digits, hyphens and underscores, such as \"v1\", or \"$default\"."
  }
}

variable "throttle_rate_per_second" {
  description = "Requests a second that the API accepts; it responds to others with 429."
  type        = number
  default     = 50

  validation {
    condition     = var.throttle_rate_per_second > 0
    error_message = "throttle_rate_per_second is greater than 0, such as 50: 0 would stop all traffic."
  }
}

variable "throttle_burst" {
  description = "Requests that the API accepts at once, above the rate."
  type        = number
  default     = 100

  validation {
    condition     = var.throttle_burst >= 1 && floor(var.throttle_burst) == var.throttle_burst
    error_message = "throttle_burst is a whole number from 1, such as 100: 0 would stop all traffic."
  }
}

variable "cors" {
  description = "What pages of other origins may do; null allows nothing. `*` cannot be combined with credentials."
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
    error_message = "cors.allow_origins has an entry that is not an origin. Write only scheme, host and port, such as \"https://app.example.com\" or \"http://localhost:3000\", without a slash at the end."
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

variable "routes" {
  description = "Routes beside $default, each a method and a path: those that need a signature with permissions of IAM (aws_iam), and those that would need one because a path of these matches them, too (open)."
  type = object({
    aws_iam = optional(list(string), [])
    open    = optional(list(string), [])
  })
  default = {}

  validation {
    condition     = alltrue([for key in concat(var.routes.aws_iam, var.routes.open) : can(regex("^[A-Z]+ /", key))])
    error_message = "routes are methods and paths, such as \"GET /orders/{id}\"."
  }

  validation {
    condition     = length(var.routes.aws_iam) + length(var.routes.open) < 300
    error_message = "${length(var.routes.aws_iam) + length(var.routes.open)} routes need API Gateway's own authorization, and it allows 299 beside $default. Split the contract, or use a sign-in method that needs no routes, such as jwt."
  }
}

variable "detailed_metrics" {
  description = "Whether CloudWatch also counts by route. The API has one route, so this adds cost and little information."
  type        = bool
  default     = false
}

variable "domain" {
  description = "A domain name of yours, with a hosted zone of Route 53, in which its record is made, or a certificate of ACM in this region, or both; without a certificate, one is made. trust_store makes every client show a certificate that it accepts: the bundle of CA certificates in S3, and the version of the object; ownership_certificate_arn is a public certificate of ACM that proves that the name is yours, if the other one is imported or of a private CA. Null uses the API's own address."
  type = object({
    name        = string
    zone        = optional(object({ id = string }))
    certificate = optional(object({ arn = string }))
    trust_store = optional(object({
      uri                       = string
      version                   = optional(string)
      ownership_certificate_arn = optional(string)
    }))
  })
  default = null

  validation {
    condition     = var.domain == null ? true : can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain.name))
    error_message = "domain.name is a host name in lower case, such as \"api.example.com\"."
  }

  validation {
    condition     = try(var.domain.certificate, null) == null ? true : can(regex("^arn:[a-z-]+:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", var.domain.certificate.arn))
    error_message = "domain.certificate.arn is the ARN of a certificate in ACM, such as \"arn:aws:acm:us-east-1:123456789012:certificate/…\"."
  }

  validation {
    condition     = try(var.domain.trust_store, null) == null ? true : can(regex("^s3://[a-z0-9.-]{3,63}/[!-~]+$", var.domain.trust_store.uri))
    error_message = "domain.trust_store.uri is an object in S3, such as \"s3://acme-trust/clients.pem\"."
  }

  validation {
    condition     = var.domain == null ? true : var.domain.zone != null || var.domain.certificate != null
    error_message = "domain needs a zone, such as { id = \"Z0123456789\" }, to prove to ACM that the name is yours, or a certificate."
  }
}

variable "default_endpoint" {
  description = "Whether the API can also be reached at its own address, beside a domain."
  type        = bool
  default     = true

  validation {
    condition     = var.default_endpoint || var.domain != null
    error_message = "default_endpoint = false needs a domain: without one, the API has no address."
  }

  validation {
    condition     = try(var.domain.trust_store, null) == null ? true : !var.default_endpoint
    error_message = "domain.trust_store needs default_endpoint = false: the API's own address asks no client for a certificate."
  }
}

variable "emulator_url" {
  description = "Address of an emulator of AWS, such as http://127.0.0.1:4566, for the output base_url; null on AWS."
  type        = string
  default     = null

  validation {
    condition     = var.emulator_url == null ? true : can(regex("^https?://[^/?#@]+$", var.emulator_url))
    error_message = "emulator_url is scheme, host and port, such as \"http://127.0.0.1:4566\", or null."
  }
}

variable "access_log" {
  description = "Whether the API logs each request, too. This includes requests that do not reach the function: throttled, too large, or while the function is down."
  type        = bool
  default     = true
}

variable "log_retention_days" {
  description = "Number of days that the access log is kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is one of the values that CloudWatch allows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "kms_key_arn" {
  description = "ARN of the key that encrypts the access log; null uses the key of CloudWatch."
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
