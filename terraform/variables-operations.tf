variable "alarms" {
  description = "Which alarms to create: all, essential (failures, latency and spend, without causes and burn rates) or none. An alarm costs $0.10 a month for each of its metrics."
  type        = string
  default     = "all"
  nullable    = false
}

variable "alarm_thresholds" {
  description = "Thresholds of the alarms. Those on the API only count minutes with at least least_requests_per_minute."
  type = object({
    latency_p95_ms            = optional(number)
    latency_p99_ms            = optional(number)
    server_error_percent      = optional(number)
    client_error_percent      = optional(number)
    least_requests_per_minute = optional(number)
  })
  default  = {}
  nullable = false
}

variable "runbooks_url" {
  description = "Address at which docs/runbooks/alarms of your repository can be read, such as https://git.example.com/postern/docs/runbooks/alarms. The description of each alarm links its page there."
  type        = string
  default     = "docs/runbooks/alarms"
  nullable    = false
}

variable "slo" {
  description = "Objectives over 30 days: the share of requests without 5xx, and the time within which 95 % of them are served. A burn rate needs least_requests in its window, the error budget as many in total."
  type = object({
    availability_percent = optional(number)
    latency_p95_ms       = optional(number)
    least_requests       = optional(number)
  })
  default  = {}
  nullable = false
}

variable "spend_alarm_usd_per_day" {
  description = "Spending rate, in US dollars a day, above which an alarm goes off within minutes; null is a tenth of monthly_budget_usd."
  type        = number
  default     = null
}

variable "saved_queries" {
  description = "Whether to save queries of the function's log in Logs Insights. They cost nothing until they are run."
  type        = bool
  default     = true
  nullable    = false
}

variable "dashboard" {
  description = "Whether to create a dashboard. The first three of an account are free, others cost $3 a month."
  type        = bool
  default     = true
  nullable    = false
}

variable "alarm_emails" {
  description = "Addresses that get the alarms and the alerts of the budget. Without any, there is no budget, and alarms reach only the other subscribers of their topic."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "monthly_budget_usd" {
  description = "Budget in US dollars a month. Alerts are sent at 50 % and 80 %, and if the forecast is 100 %."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.monthly_budget_usd > 0
    error_message = "monthly_budget_usd is more than 0, such as 20."
  }
}

variable "budget_cost_filters" {
  description = "Costs that count, by the filter names of AWS Budgets, such as { TagKeyValue = [\"user:Environment$dev\"] }; empty counts the whole account. A tag must be activated as a cost allocation tag; until then, the budget is empty."
  type        = map(list(string))
  default     = {}
  nullable    = false
}

variable "permissions_boundary_arn" {
  description = "ARN of the permissions boundary of each role, as bootstrap returns it for GitHub Actions; null means none."
  type        = string
  default     = null
}
