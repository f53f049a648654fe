provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project     = var.project
      Environment = var.environment
      ManagedBy   = "terraform"
    }
  }
}

locals {
  name = "${var.project}-${var.environment}"
}

module "gateway" {
  source = "./modules/gateway"

  name          = local.name
  environment   = var.environment
  contract_file = "${dirname(var.package_path)}/contract.json"
  package       = { path = var.package_path }
  upstreams     = var.upstream_service_urls
  values        = var.values
  emulator_url  = var.emulator_url

  kept_permissions = var.kept_permissions

  api = {
    stage_name        = var.stage_name
    rate              = var.throttle_rate_per_second
    burst             = var.throttle_burst
    access_log        = var.api_access_log
    detailed_metrics  = var.detailed_metrics
    default_endpoint  = var.default_endpoint
    allowed_origins   = var.allowed_origins
    problem_type_base = var.problem_type_base
    trusted_proxy     = var.trusted_proxy
  }

  domain = one([for domain in var.custom_domain[*] : { name = domain.domain_name, certificate = { arn = domain.certificate_arn }, trust_store = domain.trust_store }])

  function = {
    traffic                 = "release"
    memory_mb               = var.memory_mb
    timeout_seconds         = var.timeout_seconds
    runtime                 = var.runtime
    architecture            = var.architecture
    reserved_concurrency    = var.reserved_concurrency
    provisioned_concurrency = var.provisioned_concurrency
    tracing                 = var.tracing
    vpc                     = var.vpc
    log_level               = var.log_level
    log_sample_rate         = var.log_sample_rate
    system_log_level        = var.system_log_level
    session_cache_seconds   = var.session_cache_seconds
  }

  stores = {
    restored_sessions_table = var.restored_sessions_table
    kept_sessions_tables    = var.kept_sessions_tables
    generate_signing_key    = var.generate_signing_key
    secret_recovery_days    = var.secret_recovery_days
    deletion_protection     = var.deletion_protection
    point_in_time_recovery  = var.point_in_time_recovery
  }

  security = {
    create_key   = var.customer_managed_key
    retain_key   = var.retain_customer_managed_key
    boundary_arn = var.permissions_boundary_arn
  }

  operations = {
    alarms                  = var.alarms
    emails                  = var.alarm_emails
    thresholds              = { for name, value in var.alarm_thresholds : name => value if value != null }
    slo                     = { for name, value in var.slo : name => value if value != null }
    runbooks_url            = var.runbooks_url
    dashboard               = var.dashboard
    saved_queries           = var.saved_queries
    log_retention_days      = var.log_retention_days
    budget_usd              = length(var.alarm_emails) > 0 ? var.monthly_budget_usd : null
    budget_cost_filters     = var.budget_cost_filters
    spend_alarm_usd_per_day = coalesce(var.spend_alarm_usd_per_day, var.monthly_budget_usd / 10)
    fault_injection         = var.fault_injection
    fault_extension         = var.chaos_experiments == null ? null : module.chaos["lambda"].extension
  }
}

# DynamoDB restores into a new table only. The import restores expiry, recovery and protection. A kept table is in the
# state already. A name that no table has is an error here: without the import, it would become an empty table.
import {
  for_each = toset(concat(var.restored_sessions_table[*], var.kept_sessions_tables))
  to       = module.gateway.module.tables.aws_dynamodb_table.this[each.value]
  id       = each.value
}
