variable "name" {
  description = "Name of the gateway, which every resource has in its own: unique in the account and the region, such as shop-dev."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,39}[a-z0-9]$", var.name))
    error_message = "name is 2 to 41 lower-case letters, digits and hyphens, beginning with a letter, such as \"shop-dev\"."
  }
}

variable "environment" {
  description = "Value of the dimension Environment in the function's metrics, and of the tag. Null is name."
  type        = string
  default     = null

  validation {
    condition     = var.environment == null || can(regex("^[a-z][a-z0-9-]{0,39}[a-z0-9]$", var.environment))
    error_message = "environment is 2 to 41 lower-case letters, digits and hyphens, beginning with a letter, such as \"dev\", or null."
  }
}

variable "contract_file" {
  description = "Path of contract.json, which the build writes: the contract's upstreams and routes, and the hash of the zip."
  type        = string
  nullable    = false
}

variable "kept_permissions" {
  description = "What the role also permits, for versions that serve until the next release, or may again after a rollback: JSON by the number of the version. The commands fill it from the output stack; for an apply without them, docs/module.md says how."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for each in values(var.kept_permissions) : can([for permission in jsondecode(each) : [permission.actions, permission.leading_keys, permission.resources]])])
    error_message = "kept_permissions is not what the output stack has. The commands fill it from there; without them, copy it as docs/module.md says, or leave it out."
  }
}

variable "package" {
  description = "The function's zip: its path, which only an apply reads, or its object in S3."
  type = object({
    path = optional(string)
    s3   = optional(object({ bucket = string, key = string, version_id = optional(string) }))
  })
  nullable = false

  validation {
    condition     = (var.package.path == null) != (var.package.s3 == null)
    error_message = "package has either path, such as \"dist/gateway.zip\", or s3, such as { bucket = \"releases\", key = \"gateway.zip\" }."
  }
}

variable "upstreams" {
  description = "URL of each HTTP upstream of the contract, and ARN of each that is a resource of AWS, by its name there. For a Lambda function, a name is enough, with an alias if it has one: quotes:live."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name, value in var.upstreams : can(regex(lookup(local.addresses, name, local.url).pattern, value))])
    error_message = "upstreams: ${join("; ", [for name, value in var.upstreams : "${name} must be ${lookup(local.addresses, name, local.url).wanted}" if !can(regex(lookup(local.addresses, name, local.url).pattern, value))])}"
  }

  validation {
    condition     = alltrue([for url in values(var.upstreams) : !can(regex("(?i)/(\\.|%2e){1,2}(/|$)", url))])
    error_message = "upstreams has a path with \".\" or \"..\". Write the path without them."
  }
}

variable "values" {
  description = "Values for the names that the contract uses as $${name}. A value can list several, with commas between them."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "tags" {
  description = "Tags of every resource, beside Gateway (the name), Project and Environment."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "emulator_url" {
  description = "Address of an emulator of AWS, such as http://127.0.0.1:4566, for the base URL; null on AWS. AWS_ENDPOINT_URL makes Terraform itself use it."
  type        = string
  default     = null
}

variable "api" {
  description = "The HTTP API. stage_name is the first segment of its address; rate and burst are the requests a second, and at once, that it accepts; access_log also logs what the API refuses. allowed_origins are other origins whose pages may send POST, PUT, PATCH and DELETE with the session cookie. trusted_proxy is CloudFront in front of the API (docs/cloudfront.md)."
  type = object({
    stage_name        = optional(string, "v1")
    rate              = optional(number, 50)
    burst             = optional(number, 100)
    access_log        = optional(bool, true)
    detailed_metrics  = optional(bool, false)
    default_endpoint  = optional(bool, true)
    allowed_origins   = optional(list(string), [])
    problem_type_base = optional(string)
    trusted_proxy = optional(object({
      secret_arn  = string
      header_name = optional(string, "x-origin-secret")
    }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for origin in var.api.allowed_origins : can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$", origin))])
    error_message = "allowed_origins has an entry that is not an origin. Write only scheme, host and port, such as \"https://www.example.com\", without a slash at the end and without \"*\"."
  }

  validation {
    condition     = var.api.problem_type_base == null || can(regex("^https://[!-~]+[#/=]$", var.api.problem_type_base))
    error_message = "problem_type_base is an https URL that ends in \"#\", \"/\" or \"=\", such as \"https://docs.example.com/errors#\"."
  }

  validation {
    condition     = var.api.trusted_proxy == null ? true : can(regex("^arn:[a-z-]+:secretsmanager:${local.region}:[0-9]{12}:secret:.+-[A-Za-z0-9]{6}$", var.api.trusted_proxy.secret_arn))
    error_message = "trusted_proxy.secret_arn is the whole ARN of a Secrets Manager secret in this region, such as \"arn:aws:secretsmanager:us-east-1:123456789012:secret:postern-prod-origin-AbCdEf\"."
  }

  validation {
    condition     = var.api.trusted_proxy == null ? true : can(regex("^x-[a-z0-9-]{1,60}$", var.api.trusted_proxy.header_name)) && !can(regex("^x-(amz|edge-|forwarded-|user-|request-id$)", var.api.trusted_proxy.header_name))
    error_message = "trusted_proxy.header_name is a header in lower case that begins with \"x-\", such as \"x-origin-secret\", and that CloudFront, AWS and the gateway do not use."
  }
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
}

variable "function" {
  description = "The Lambda function. traffic says which version gets the requests: that of the last apply (apply), or of the last release (release). session_cache_seconds is the time for which it uses a session without reading it again; log_sample_rate is the share of successful requests that get a log line, from 0 to 1."
  type = object({
    traffic                 = optional(string, "apply")
    memory_mb               = optional(number, 256)
    timeout_seconds         = optional(number, 29)
    runtime                 = optional(string, "nodejs22.x")
    architecture            = optional(string, "arm64")
    reserved_concurrency    = optional(number)
    provisioned_concurrency = optional(number, 0)
    tracing                 = optional(bool, false)
    vpc = optional(object({
      subnet_ids         = list(string)
      security_group_ids = list(string)
    }))
    log_level             = optional(string, "INFO")
    log_sample_rate       = optional(number, 1)
    system_log_level      = optional(string, "WARN")
    session_cache_seconds = optional(number, 0)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["apply", "release"], var.function.traffic)
    error_message = "traffic is \"apply\" or \"release\"."
  }

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN", "ERROR"], var.function.log_level)
    error_message = "log_level is \"DEBUG\", \"INFO\", \"WARN\" or \"ERROR\"."
  }

  validation {
    condition     = var.function.log_sample_rate >= 0 && var.function.log_sample_rate <= 1
    error_message = "log_sample_rate is from 0 to 1, such as 0.1 for one request in ten."
  }

  validation {
    condition     = var.function.session_cache_seconds >= 0 && var.function.session_cache_seconds <= 3600 && floor(var.function.session_cache_seconds) == var.function.session_cache_seconds
    error_message = "session_cache_seconds is a whole number from 0 to 3600."
  }
}

variable "stores" {
  description = "The tables and the secret. sessions_table, rate_limits_table, cache_table, credentials_table, idempotency_table, traffic_table and usage_table (which only some contracts need) and signing_secret are made elsewhere, with the ARN of their key if they have one of their own. restored_sessions_table is the name of a table that was restored from the sessions table, from which the gateway then reads sessions; kept_sessions_tables are earlier ones. The root module imports both."
  type = object({
    sessions_table          = optional(object({ name = string, arn = string, kms_key_arn = optional(string) }))
    rate_limits_table       = optional(object({ name = string, arn = string, kms_key_arn = optional(string) }))
    cache_table             = optional(object({ name = string, arn = string, kms_key_arn = optional(string) }))
    credentials_table       = optional(object({ name = string, arn = string, kms_key_arn = optional(string) }))
    idempotency_table       = optional(object({ name = string, arn = string, kms_key_arn = optional(string) }))
    traffic_table           = optional(object({ name = string, arn = string, kms_key_arn = optional(string) }))
    usage_table             = optional(object({ name = string, arn = string, kms_key_arn = optional(string) }))
    signing_secret          = optional(object({ arn = string, kms_key_arn = optional(string) }))
    restored_sessions_table = optional(string)
    kept_sessions_tables    = optional(list(string), [])
    generate_signing_key    = optional(bool, true)
    secret_recovery_days    = optional(number, 30)
    deletion_protection     = optional(bool, true)
    point_in_time_recovery  = optional(bool, true)
  })
  default  = {}
  nullable = false
}

variable "security" {
  description = "create_key makes a KMS key ($1 a month) that encrypts tables, secret, logs, variables and alarms; otherwise key_arn does, or keys of AWS. retain_key keeps the made key for what is encrypted under it already. boundary_arn is the permissions boundary of the role, iam_path its path; role is one that is made elsewhere, with the permissions of the output function_policy_json."
  type = object({
    create_key   = optional(bool, true)
    key_arn      = optional(string)
    retain_key   = optional(bool, false)
    boundary_arn = optional(string)
    iam_path     = optional(string, "/")
    role         = optional(object({ name = string, arn = string }))
  })
  default  = {}
  nullable = false
}

variable "operations" {
  description = "Alarms (all, essential or none), dashboard, logs, objectives and costs. topic_arns and log_group are made elsewhere. emails get the alarms, unless topic_arns do, and the alerts of the budget; budget_usd is a budget a month for the costs with the tag Gateway, or those of budget_cost_filters. fault_injection allows `make fault`, with a zip that is built for it."
  type = object({
    alarms                  = optional(string, "essential")
    topic_arns              = optional(list(string))
    emails                  = optional(list(string), [])
    thresholds              = optional(map(number), {})
    slo                     = optional(map(number), {})
    runbooks_url            = optional(string, "docs/runbooks/alarms")
    dashboard               = optional(bool, true)
    saved_queries           = optional(bool, true)
    log_group               = optional(object({ name = string, arn = string }))
    log_retention_days      = optional(number, 30)
    budget_usd              = optional(number)
    budget_cost_filters     = optional(map(list(string)))
    spend_alarm_usd_per_day = optional(number)
    fault_injection         = optional(bool, false)
    fault_extension = optional(object({
      layer_arn  = string
      bucket_arn = string
      prefix     = string
    }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.operations.budget_usd == null || length(var.operations.emails) > 0
    error_message = "budget_usd needs emails, which get its alerts."
  }
}
