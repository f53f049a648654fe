variable "name" {
  description = "Name of the user pool, and prefix of its secrets, such as postern-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.name))
    error_message = "name is up to 63 lower-case letters, digits and hyphens, such as \"postern-dev\"."
  }
}

variable "domain_prefix" {
  description = "First part of the sign-in page's host, unique among all of AWS in the region; null is name. It cannot have the words aws, amazon and cognito."
  type        = string
  default     = null

  validation {
    condition     = var.domain_prefix == null ? true : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.domain_prefix)) && !can(regex("aws|amazon|cognito", var.domain_prefix))
    error_message = "domain_prefix is up to 63 lower-case letters, digits and hyphens, without aws, amazon and cognito, such as \"acme-shop\"."
  }
}

variable "clients" {
  description = "Applications that sign users in, by name: where the page may lead users back to. secret = true for a server, such as the gateway's own sign-in for browsers; false for an application that cannot keep one."
  type = map(object({
    callback_urls = list(string)
    logout_urls   = optional(list(string), [])
    secret        = optional(bool, false)
  }))
  default = {}

  validation {
    condition     = alltrue([for client in values(var.clients) : length(client.callback_urls) > 0])
    error_message = "clients: each needs callback_urls, such as [\"https://api.example.com/auth/callback\"]."
  }

  validation {
    # Cognito allows http for localhost, for tests.
    condition     = alltrue([for url in flatten([for client in values(var.clients) : concat(client.callback_urls, client.logout_urls)]) : can(regex("^(https://[^#*]+|http://localhost(:[0-9]+)?(/[^#*]*)?|[a-z][a-z0-9+.-]*\\.[a-z0-9+.-]+://[^#*]*)$", url))])
    error_message = "clients: callback_urls and logout_urls are whole addresses with https, http://localhost or the scheme of an app, such as \"https://api.example.com/auth/callback\", without \"*\" and \"#\"."
  }

  validation {
    condition     = alltrue([for name in keys(var.clients) : can(regex("^[a-z][a-z0-9_]*$", name))])
    error_message = "clients: names are lower-case letters, digits and underscores, such as \"web\": they become names of the contract's values."
  }
}

variable "groups" {
  description = "Groups of users with their descriptions. A contract has them as roles: cognito:groups."
  type        = map(string)
  default     = {}
}

variable "api" {
  description = "Identifier of the API, which is before each of its scopes: shop/orders:read."
  type        = string
  default     = "api"

  validation {
    condition     = can(regex("^[!-~]{1,256}$", var.api)) && !strcontains(var.api, " ")
    error_message = "api is a word or a URL, such as \"shop\" or \"https://api.example.com\"."
  }
}

variable "scopes" {
  description = "Scopes of the API with their descriptions, which all clients may ask for."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.scopes) : can(regex("^[!-.0-~]{1,256}$", name))])
    error_message = "scopes have names without spaces and slashes, such as \"orders:read\"."
  }
}

variable "mfa" {
  description = "Second factor by an authenticator app: off, optional (each user decides) or required."
  type        = string
  default     = "optional"

  validation {
    condition     = contains(["off", "optional", "required"], var.mfa)
    error_message = "mfa is \"off\", \"optional\" or \"required\"."
  }
}

variable "password_length" {
  description = "Minimum length of passwords, which also have letters in both cases and digits."
  type        = number
  default     = 12

  validation {
    condition     = var.password_length >= 8 && var.password_length <= 99 && floor(var.password_length) == var.password_length
    error_message = "password_length is a whole number from 8 to 99."
  }
}

variable "self_sign_up" {
  description = "Whether anybody can make an account; otherwise only you can."
  type        = bool
  default     = false
}

variable "token_minutes" {
  description = "How long access and ID tokens are valid. A gateway accepts an access token until then: nothing revokes it earlier."
  type        = number
  default     = 15

  validation {
    condition     = var.token_minutes >= 5 && var.token_minutes <= 1440 && floor(var.token_minutes) == var.token_minutes
    error_message = "token_minutes is a whole number from 5 to 1440."
  }
}

variable "refresh_token_days" {
  description = "How long users stay signed in to an application that keeps refresh tokens."
  type        = number
  default     = 30

  validation {
    condition     = var.refresh_token_days >= 1 && var.refresh_token_days <= 3650 && floor(var.refresh_token_days) == var.refresh_token_days
    error_message = "refresh_token_days is a whole number from 1 to 3650."
  }
}

variable "deletion_protection" {
  description = "Whether Cognito refuses to delete the user pool."
  type        = bool
  default     = true
}

variable "kms_key_arn" {
  description = "ARN of the key that encrypts the secrets of clients; null uses a key of AWS. Give the gateway permission to decrypt with it."
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
