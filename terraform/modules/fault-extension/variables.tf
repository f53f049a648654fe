variable "name" {
  description = "Prefix of the bucket's name, such as postern-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]{1,42}$", var.name))
    error_message = "name is up to 42 lower-case letters, digits and hyphens, such as \"postern-dev\"."
  }
}

variable "architecture" {
  description = "Processor of the function, which its extension is made for: arm64 or x86_64."
  type        = string

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture is \"arm64\" or \"x86_64\"."
  }
}

variable "kms_key_arn" {
  description = "ARN of the key that the bucket is encrypted under; null is AWS's own key."
  type        = string
  default     = null
}
