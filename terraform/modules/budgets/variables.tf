variable "name" {
  description = "Prefix of the budget's name, such as postern-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_ .-]{1,90}$", var.name))
    error_message = "name is up to 90 letters, digits, spaces, dots, hyphens and underscores, such as \"postern-dev\"."
  }
}

variable "monthly_limit_usd" {
  description = "US dollars a month. Alerts go out when half and four fifths are spent, and when the forecast is to spend it all."
  type        = number
  default     = 20

  validation {
    condition     = var.monthly_limit_usd > 0
    error_message = "monthly_limit_usd is more than 0, such as 20."
  }
}

variable "emails" {
  description = "Addresses that alerts go to. With none, no budget is made."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))]) && length(var.emails) <= 10
    error_message = "emails are up to 10 addresses, such as [\"team@example.com\"]."
  }
}

variable "cost_filters" {
  description = "Which costs count, by AWS Budgets' filter names, such as { TagKeyValue = [\"user:Project$postern\"] }; empty is the whole account. A tag filters only once it is activated as a cost allocation tag: before that the budget sees nothing."
  type        = map(list(string))
  default     = {}

  validation {
    condition     = alltrue([for values in values(var.cost_filters) : length(values) > 0])
    error_message = "cost_filters has a filter without values, which no cost passes. Give it values or leave it out."
  }
}
