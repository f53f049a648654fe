variable "alarms" {
  description = "Which alarms there are: all, essential (failures, slowness and spend, no causes and no burn rates) or none. Each costs $0.10 a month and metric."
  type        = string
  default     = "all"
  nullable    = false
}

variable "alarm_thresholds" {
  description = "From where on an alarm goes off. The API's count only in minutes with least_requests_per_minute."
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
  description = "Where docs/runbooks/alarms of your repository can be read, such as https://git.example.com/postern/docs/runbooks/alarms; each alarm's description names its page there."
  type        = string
  default     = "docs/runbooks/alarms"
  nullable    = false
}

variable "slo" {
  description = "The objectives over 30 days: which share of requests gets no 5xx, and within what time 95 of 100 are answered. Burn rates count from least_requests in a window on, the error budget from as many in all."
  type = object({
    availability_percent = optional(number)
    latency_p95_ms       = optional(number)
    least_requests       = optional(number)
  })
  default  = {}
  nullable = false
}

variable "spend_alarm_usd_per_day" {
  description = "US dollars a day at which an alarm goes off within minutes; null takes a tenth of monthly_budget_usd."
  type        = number
  default     = null
}

variable "saved_queries" {
  description = "Whether queries of the function's log are saved in Logs Insights. They cost nothing until they are run."
  type        = bool
  default     = true
  nullable    = false
}

variable "dashboard" {
  description = "Whether there is a dashboard. An account's first three are free, further ones $3 a month."
  type        = bool
  default     = true
  nullable    = false
}

variable "alarm_email" {
  description = "Address that alarms and the budget's alerts go to; null leaves the alarms to whoever subscribes to their topic, and makes no budget."
  type        = string
  default     = null
}

variable "monthly_budget_usd" {
  description = "US dollars a month. Alerts go out when half and four fifths are spent, and when the forecast is to spend it all."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.monthly_budget_usd > 0
    error_message = "monthly_budget_usd is more than 0, such as 20."
  }
}

variable "budget_cost_filters" {
  description = "Which costs count, by AWS Budgets' filter names, such as { TagKeyValue = [\"user:Environment$dev\"] }; empty is the whole account. A tag filters only once it is activated as a cost allocation tag: before that the budget sees nothing."
  type        = map(list(string))
  default     = {}
  nullable    = false
}

variable "permissions_boundary_arn" {
  description = "ARN of the policy that bounds each role made here, as bootstrap gives it for GitHub Actions; null is none."
  type        = string
  default     = null
}
