variable "repository" {
  description = "The GitHub repository, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$", var.repository))
    error_message = "repository is owner/name, such as \"example/gateway\"; it has no wildcard."
  }
}

variable "owner_id" {
  description = "Numeric id of the repository's owner, which newer repositories send in their tokens (gh api repos/OWNER/NAME --jq .owner.id); null trusts the name only."
  type        = string
  default     = null

  validation {
    condition     = var.owner_id == null ? true : can(regex("^[1-9][0-9]*$", var.owner_id))
    error_message = "owner_id is a number, such as 123456, or null."
  }

  validation {
    condition     = (var.owner_id == null) == (var.repository_id == null)
    error_message = "owner_id and repository_id go together: set both or neither."
  }
}

variable "repository_id" {
  description = "Numeric id of the repository (gh api repos/OWNER/NAME --jq .id). With it, another repository that later gets the same name is not trusted; null trusts the name only."
  type        = string
  default     = null

  validation {
    condition     = var.repository_id == null ? true : can(regex("^[1-9][0-9]*$", var.repository_id))
    error_message = "repository_id is a number, such as 456789, or null."
  }
}

variable "environment" {
  description = "Name of the environment, on GitHub and in the names of all resources that the roles may change. GitHub's settings say who approves its jobs."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,14}[a-z0-9]$", var.environment))
    error_message = "environment is 2 to 16 lower-case letters, digits and hyphens, beginning with a letter, such as \"dev\" or \"prod\"; it has no wildcard."
  }
}

variable "project" {
  description = "First part of the names of all resources that the roles may change."
  type        = string
  default     = "postern"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.project)) && !startswith(var.project, "github")
    error_message = "project is 2 to 24 lower-case letters, digits and hyphens, beginning with a letter; not with github, as the roles' own names do."
  }
}

variable "state_bucket_name" {
  description = "Name of the bucket for the Terraform state."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.state_bucket_name))
    error_message = "state_bucket_name is a bucket's name, such as \"postern-state-123456789012-us-east-1\"."
  }
}

variable "state_key" {
  description = "Key of the environment's state in that bucket, as in its .s3.tfbackend; null is <project>/<environment>.tfstate."
  type        = string
  default     = null

  validation {
    condition     = var.state_key == null ? true : can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]*$", var.state_key))
    error_message = "state_key is a key in the bucket, such as \"postern/dev.tfstate\", or null; it has no wildcard."
  }
}

variable "main_branch" {
  description = "The branch whose nightly job checks for drift."
  type        = string
  default     = "main"

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]+$", var.main_branch))
    error_message = "main_branch is a branch's name, such as \"main\"; it has no wildcard."
  }
}

variable "pull_requests" {
  description = "Whether pull requests are planned against this environment. Anyone who may push a branch can then read its state."
  type        = bool
  default     = false
}

variable "secret_arns" {
  description = "ARNs of other secrets that the environment's function reads, such as that of trusted_proxy. A secret with a name <project>-<environment>-… needs no entry."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.secret_arns : can(regex("^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$", arn))])
    error_message = "secret_arns are whole ARNs of secrets, such as \"arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf\"; they have no wildcard."
  }
}

variable "upstream_arns" {
  description = "ARNs of the environment's AWS upstreams: functions (with the alias, if the contract's environment names one), queues, topics, event buses, state machines and buckets. The function may call these, and the jobs that plan and deploy see whether they exist."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.upstream_arns : can(regex("^arn:[a-z-]+:((lambda|sqs|sns|events|states):[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9/_.:-]+|s3:::[a-z0-9.-]+)$", arn))])
    error_message = "upstream_arns are whole ARNs, such as \"arn:aws:sqs:us-east-1:123456789012:exports\"; they have no wildcard."
  }

  validation {
    condition     = !anytrue([for arn in var.upstream_arns : endswith(arn, ":s3:::${var.state_bucket_name}")])
    error_message = "upstream_arns has the bucket of the Terraform states, which no gateway may read."
  }
}

variable "zone_ids" {
  description = "Ids of the hosted zones of Route 53 in which the environment makes its domain's records, and for which it requests certificates."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.zone_ids : can(regex("^Z[A-Z0-9]{1,31}$", id))])
    error_message = "zone_ids are ids of hosted zones, such as \"Z0123456789ABCDEFGHIJ\"."
  }
}

variable "trust_store_uris" {
  description = "The objects in S3 with the CA certificates of the environment's domain (domain.trust_store.uri): API Gateway reads them in the name of the role that deploys."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for uri in var.trust_store_uris : can(regex("^s3://[a-z0-9.-]{3,63}/[!-)+->@-~]+$", uri))])
    error_message = "trust_store_uris are whole objects in S3, such as \"s3://acme-trust/clients.pem\"; they have no wildcard."
  }
}

variable "iam_path" {
  description = "Path of the function's role, as security.iam_path of the gateway has it."
  type        = string
  default     = "/"

  validation {
    condition     = can(regex("^/([A-Za-z0-9_.,+=@-]+/)*$", var.iam_path))
    error_message = "iam_path begins and ends with a slash, such as \"/gateways/\"; it has no wildcard."
  }
}

variable "provider_arn" {
  description = "ARN of the account's OIDC provider for GitHub."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.provider_arn))
    error_message = "provider_arn is that of token.actions.githubusercontent.com in this account."
  }
}
