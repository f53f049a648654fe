variable "region" {
  description = "Region of the bucket."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is the name of an AWS region, such as \"us-east-1\"."
  }
}

variable "bucket_name" {
  description = "Name of the bucket; null is postern-state-<account id>-<region>."
  type        = string
  default     = null
}

variable "lock_table_name" {
  description = "Name of a DynamoDB table that also locks the state, for Terraform older than 1.11; null locks with S3 only."
  type        = string
  default     = null
}

variable "keep_old_states_days" {
  description = "Number of days that old versions of the state are kept; the ten newest are always kept. Null keeps all."
  type        = number
  default     = 90
}

variable "force_destroy" {
  description = "Whether a destroy deletes the bucket with all states in it."
  type        = bool
  default     = false
}

variable "s3_use_path_style" {
  description = "Whether the bucket's name is in the path of requests instead of the host, as emulators of AWS need it."
  type        = bool
  default     = false
}

variable "github" {
  description = "The repository (owner/name) whose GitHub Actions may plan and deploy, its numeric ids, and the environments, each with its own roles; null allows none. provider_arn is the account's OIDC provider for GitHub, if it already exists."
  type = object({
    repository    = string
    owner_id      = optional(string)
    repository_id = optional(string)
    project       = optional(string, "postern")
    main_branch   = optional(string, "main")
    provider_arn  = optional(string)
    environments = optional(map(object({
      pull_requests    = optional(bool, false)
      state_key        = optional(string)
      secret_arns      = optional(set(string), [])
      upstream_arns    = optional(set(string), [])
      zone_ids         = optional(set(string), [])
      trust_store_uris = optional(set(string), [])
      iam_path         = optional(string, "/")
    })), { dev = { pull_requests = true }, prod = {} })
  })
  default = null

  # A role may change resources named <project>-<environment>-…: with "dev" and "dev-eu" the first could change those of
  # the second.
  validation {
    condition = alltrue(flatten([
      for one in keys(try(var.github.environments, {})) : [
        for other in keys(var.github.environments) : !startswith(other, "${one}-")
      ]
    ]))
    error_message = "github.environments must not have one whose name begins with another's and a hyphen, such as \"dev\" and \"dev-eu\": the first one's roles could touch the second."
  }

  validation {
    condition     = var.github == null ? true : length(var.github.environments) > 0
    error_message = "github.environments names at least one environment, such as { dev = { pull_requests = true }, prod = {} }."
  }
}
