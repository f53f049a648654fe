variable "stage_name" {
  description = "Name of the API's stage, the first segment of its address; $default is a stage without a segment."
  type        = string
  default     = "v1"
  nullable    = false
}

variable "throttle_rate_per_second" {
  description = "Requests a second that the API accepts; it responds to others with 429."
  type        = number
  default     = 50
  nullable    = false
}

variable "throttle_burst" {
  description = "Requests that the API accepts at once, above the rate."
  type        = number
  default     = 100
  nullable    = false
}

variable "allowed_origins" {
  description = "Other origins whose pages may send POST, PUT, PATCH and DELETE with the session cookie, such as that of a CDN in front of the API. The API's own origin and those of the contract's CORS policy are always allowed."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "trusted_proxy" {
  description = "CloudFront in front of the API, as in docs/cloudfront.md: the ARN of a secret with a JSON list of valid values, and the header in which CloudFront sends one. The function refuses requests without one and uses CloudFront-Viewer-Address as the client's address. Null accepts requests from anywhere."
  type = object({
    secret_arn  = string
    header_name = optional(string, "x-origin-secret")
  })
  default = null
}

variable "api_access_log" {
  description = "Whether the API logs each request, too. This includes requests that do not reach the function: throttled, too large, or while the function is down."
  type        = bool
  default     = true
  nullable    = false
}

variable "detailed_metrics" {
  description = "Whether CloudWatch also counts by route. The API has one route, so this adds cost and little information."
  type        = bool
  default     = false
  nullable    = false
}

variable "custom_domain" {
  description = "A domain name of yours and the ARN of its certificate in ACM, in this region; with trust_store, a bundle of CA certificates in S3, every client shows a certificate that it accepts (docs/client-certificates.md). Null uses the API's own address."
  type = object({
    domain_name     = string
    certificate_arn = string
    trust_store = optional(object({
      uri                       = string
      version                   = optional(string)
      ownership_certificate_arn = optional(string)
    }))
  })
  default = null
}

variable "default_endpoint" {
  description = "Whether the API can also be reached at its own address, beside a custom domain."
  type        = bool
  default     = true
  nullable    = false
}

variable "values" {
  description = "Values of this environment for the names that handler/gateway.yaml uses as $${name}. A value can list several, with commas between them."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "upstream_service_urls" {
  description = "URL of each HTTP upstream of handler/gateway.yaml, and ARN of each that is a resource of AWS, by its name there."
  type        = map(string)
  default     = {}
  nullable    = false
}
