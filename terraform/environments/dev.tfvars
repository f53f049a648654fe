environment = "dev"
region      = "us-east-1"

# Where the services behind the gateway are: one URL for each upstream of handler/gateway.yaml, such as
#   users = "https://users.internal.example.com"
upstream_service_urls = {
}

# Addresses that get the alarms and the alerts of the budget; without any, there is no budget.
alarm_emails       = []
monthly_budget_usd = 20

# Over 30 days; the dashboard shows what is left of them.
slo = {
  availability_percent = 99.9
  latency_p95_ms       = 200
}

# For the names that handler/gateway.yaml uses as ${name}. Several are separated by commas.
values = {
  origins = "http://localhost:3000"
}

# A guard against loops and floods, such as 20. Null works in a new account, which may run 10 functions at once and
# reserve none; `make deploy` says what an account has left.
reserved_concurrency = null

# Failures and slowness; causes are on the dashboard.
alarms = "essential"

# The function logs each request that it sees. The API's own log adds those it refuses before, at $0.07 a million.
api_access_log = false

log_retention_days   = 14
deletion_protection  = false
secret_recovery_days = 0
