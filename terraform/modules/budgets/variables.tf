variable "name" {
  description = "Prefix of the budget's name, such as postern-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_ .-]{1,90}$", var.name))
    error_message = "name is up to 90 letters, digits, spaces, dots, hyphens and underscores, such as \"postern-dev\"."
  }
}

variable "monthly_limit_usd" {
  description = "Budget in US dollars a month. Alerts are sent at 50 % and 80 %, and if the forecast is 100 %."
  type        = number
  default     = 20

  validation {
    condition     = var.monthly_limit_usd > 0
    error_message = "monthly_limit_usd is more than 0, such as 20."
  }
}

variable "emails" {
  description = "Addresses that get the alerts. Without any, no budget is created."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))]) && length(var.emails) <= 10
    error_message = "emails are up to 10 addresses, such as [\"team@example.com\"]."
  }
}

variable "cost_filters" {
  description = "Costs that count, by the filter names of AWS Budgets, such as { TagKeyValue = [\"user:Project$postern\"] }; empty counts the whole account. A tag must be activated as a cost allocation tag; until then, the budget is empty."
  type        = map(list(string))
  default     = {}

  validation {
    condition     = alltrue([for values in values(var.cost_filters) : length(values) > 0])
    error_message = "cost_filters has a filter without values, which no cost passes. Give it values or leave it out."
  }
}

variable "tags" {
  description = "Tags of every resource, beside those of the provider."
  type        = map(string)
  default     = {}
}
