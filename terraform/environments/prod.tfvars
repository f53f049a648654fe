environment = "prod"
region      = "us-east-1"

# Where the services behind the gateway are: one URL for each upstream of handler/gateway.yaml, such as
#   users = "https://users.internal.example.com"
upstream_service_urls = {
}

# Addresses that get the alarms and the alerts of the budget; without any, there is no budget.
alarm_emails       = []
monthly_budget_usd = 20

# Over 30 days; the dashboard shows what is left of them, and alarms report when they burn too fast.
slo = {
  availability_percent = 99.9
  latency_p95_ms       = 200
}

# For the names that handler/gateway.yaml uses as ${name}. Several are separated by commas; pages of other origins may do
# nothing while there are none.
values = {
  origins = ""
}

# A guard against loops and floods, taken from the account's limit: 200 at least, as Lambda keeps 100 unreserved.
reserved_concurrency = 100

# Warm environments spare the first callers a cold start, and cost about $2 a month each at 256 MB.
provisioned_concurrency = 0

log_retention_days = 90

# `make destroy` stops at the tables; set this to false and apply before.
deletion_protection = true
