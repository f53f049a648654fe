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
  description = "Name of a DynamoDB table that locks states for Terraform older than 1.11; null leaves locking to S3 alone."
  type        = string
  default     = null
}

variable "keep_old_states_days" {
  description = "Days an old version of a state is kept; the ten newest are kept for ever. Null keeps all."
  type        = number
  default     = 90
}

variable "force_destroy" {
  description = "Whether a destroy deletes the bucket with every state in it."
  type        = bool
  default     = false
}

variable "s3_use_path_style" {
  description = "Whether buckets are named in the path and not in the host, as emulators of AWS need it."
  type        = bool
  default     = false
}

variable "github" {
  description = "The repository (owner/name) whose GitHub Actions may plan and deploy, its numeric ids, and the environments, each with roles of its own; null lets none. provider_arn is the account's OIDC provider for GitHub where it has one."
  type = object({
    repository    = string
    owner_id      = optional(string)
    repository_id = optional(string)
    project       = optional(string, "postern")
    main_branch   = optional(string, "main")
    provider_arn  = optional(string)
    environments = optional(map(object({
      pull_requests = optional(bool, false)
      state_key     = optional(string)
      secret_arns   = optional(set(string), [])
    })), { dev = { pull_requests = true }, prod = {} })
  })
  default = null

  # A role may touch what is called <project>-<environment>-…: with "dev" and "dev-eu" the first could touch the second's.
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
