environment = "prod"
region      = "us-east-1"

# Where the services behind the gateway are: one URL for each upstream of handler/gateway.yaml, such as
#   users = "https://users.internal.example.com"
upstream_service_urls = {
}

# Where alarms and the budget's alerts go; null sends none and makes no budget.
alarm_email        = null
monthly_budget_usd = 20

# Over 30 days; the dashboard shows what is left of them, and alarms tell when they burn too fast.
slo = {
  availability_percent = 99.9
  latency_p95_ms       = 200
}

# Pages that call the API from a browser: name their origins here.
cors = null

# A guard against loops and floods, taken from the account's limit: 200 at least, as Lambda keeps 100 unreserved.
reserved_concurrency = 100

# Warm environments spare the first callers a cold start, and cost about $2 a month each at 256 MB.
provisioned_concurrency = 0

log_retention_days = 90

# `make destroy` stops at the tables; set this to false and apply before.
deletion_protection = true
