environment  = "local"
region       = "us-east-1"
emulator_url = "http://127.0.0.1:4566"

# The demo upstreams, on the ports that follow the emulator's.
upstream_service_urls = {
  status   = "http://127.0.0.1:4567"
  users    = "http://127.0.0.1:4568"
  products = "http://127.0.0.1:4569"
  settings = "http://127.0.0.1:4570"
}

# For the names that the contract uses as ${name}.
values = {
  origins = "http://localhost:3000"
}

slo = {
  availability_percent = 99.9
  latency_p95_ms       = 200
}

# The emulator stores it without effect; an alarm watches it.
reserved_concurrency = 200

# The emulator has none.
saved_queries = false

# Nothing here outlives the laptop.
customer_managed_key = false
deletion_protection  = false
secret_recovery_days = 0
log_retention_days   = 1

# For `make fault` and `make gameday`.
fault_injection = true
