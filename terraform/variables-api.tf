variable "throttle_rate_per_second" {
  description = "Requests a second that the whole API takes before it answers 429."
  type        = number
  default     = 50
  nullable    = false
}

variable "throttle_burst" {
  description = "Requests the API takes at once after a rest."
  type        = number
  default     = 100
  nullable    = false
}

variable "cors" {
  description = "What browsers on other origins may do; null allows none. `*` cannot go together with credentials."
  type = object({
    allow_origins     = list(string)
    allow_methods     = optional(list(string))
    allow_headers     = optional(list(string))
    expose_headers    = optional(list(string))
    allow_credentials = optional(bool)
    max_age_seconds   = optional(number)
  })
  default = null
}

variable "allowed_origins" {
  description = "Origins, besides the API's own and those of cors, whose pages may send POST, PUT, PATCH and DELETE with the session's cookie: such as that of a CDN in front of the API."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for origin in var.allowed_origins : can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$", origin))])
    error_message = "allowed_origins has an entry that is no origin. Write scheme, host and port alone, such as \"https://www.example.com\", without a slash at the end and without \"*\"."
  }
}

variable "trusted_proxy" {
  description = "CloudFront in front of the API, as docs/cloudfront.md sets it up: the ARN of a secret with a JSON list of the values that it may send, and the header that it sends one in. The function then refuses requests without one, and takes CloudFront-Viewer-Address for the client's address; null takes requests from anywhere."
  type = object({
    secret_arn  = string
    header_name = optional(string, "x-origin-secret")
  })
  default = null

  validation {
    condition     = var.trusted_proxy == null ? true : can(regex("^arn:[a-z-]+:secretsmanager:${var.region}:[0-9]{12}:secret:.+-[A-Za-z0-9]{6}$", var.trusted_proxy.secret_arn))
    error_message = "trusted_proxy.secret_arn is the whole ARN of a Secrets Manager secret in region, such as \"arn:aws:secretsmanager:us-east-1:123456789012:secret:postern-prod-origin-AbCdEf\"."
  }

  validation {
    condition     = var.trusted_proxy == null ? true : can(regex("^x-[a-z0-9-]{1,60}$", var.trusted_proxy.header_name)) && !can(regex("^x-(amz|edge-|forwarded-|user-|request-id$)", var.trusted_proxy.header_name))
    error_message = "trusted_proxy.header_name is a header of your own in lower case that begins with \"x-\", such as \"x-origin-secret\", and none that CloudFront, AWS or the gateway uses."
  }
}

variable "api_access_log" {
  description = "Whether the API logs each request as well, and so those that never reach the function: throttled, too large, or with the function down."
  type        = bool
  default     = true
  nullable    = false
}

variable "detailed_metrics" {
  description = "Whether CloudWatch counts by route as well; the API has one route, so it adds cost and tells little."
  type        = bool
  default     = false
  nullable    = false
}

variable "custom_domain" {
  description = "A domain name of your own and the ARN of its certificate in ACM, in this region; null uses the API's own address."
  type = object({
    domain_name     = string
    certificate_arn = string
  })
  default = null
}

variable "disable_default_endpoint" {
  description = "Whether the API answers under its custom domain alone."
  type        = bool
  default     = false
  nullable    = false
}

variable "upstream_service_urls" {
  description = "Where each upstream of handler/gateway.yaml is, by its name there."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for url in values(var.upstream_service_urls) : can(regex("^https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+\\])(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?$", url))])
    error_message = "upstream_service_urls: ${join(", ", [for name, url in var.upstream_service_urls : name if !can(regex("^https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+\\])(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?$", url))])} must be http:// or https:// with a host, and where needed a port and a path, such as \"https://users.internal.example.com/base\". User, password, query and fragment do not belong there."
  }

  validation {
    condition     = alltrue([for url in values(var.upstream_service_urls) : !can(regex("(?i)/(\\.|%2e){1,2}(/|$)", url))])
    error_message = "upstream_service_urls has a path with \".\" or \"..\" in it. Write the path that is meant."
  }
}
