variable "repository" {
  description = "The repository on GitHub, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$", var.repository))
    error_message = "repository is owner/name, such as \"example/gateway\"; it has no wildcard."
  }
}

variable "state_bucket_name" {
  description = "Name of the bucket with the Terraform states."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.state_bucket_name))
    error_message = "state_bucket_name is a bucket's name, such as \"postern-state-123456789012-us-east-1\"."
  }
}

variable "project" {
  description = "First part of the names of all that may be touched."
  type        = string
  default     = "postern"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.project)) && !startswith(var.project, "github")
    error_message = "project is 2 to 24 lower-case letters, digits and hyphens, beginning with a letter; not with github, as the roles' own names do."
  }
}

variable "environments" {
  description = "Environments on GitHub whose jobs may deploy. Who approves them is set there."
  type        = set(string)
  default     = ["dev", "prod"]

  validation {
    condition     = length(var.environments) > 0 && alltrue([for name in var.environments : can(regex("^[A-Za-z0-9_-]+$", name))])
    error_message = "environments are names of letters, digits, hyphens and underscores, such as [\"dev\", \"prod\"]; they have no wildcard."
  }
}

variable "main_branch" {
  description = "The branch whose nightly job looks for drift."
  type        = string
  default     = "main"

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]+$", var.main_branch))
    error_message = "main_branch is a branch's name, such as \"main\"; it has no wildcard."
  }
}

variable "provider_arn" {
  description = "ARN of the account's OIDC provider for GitHub; null makes it."
  type        = string
  default     = null

  validation {
    condition     = var.provider_arn == null || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.provider_arn))
    error_message = "provider_arn is that of token.actions.githubusercontent.com in this account, or null."
  }
}
