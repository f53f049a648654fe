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
  name        = "${var.project}-${var.environment}"
  key_arn     = one([for encryption in module.encryption : encryption.key_arn])
  kms_key_arn = var.customer_managed_key ? local.key_arn : null
  metrics     = jsondecode(file("${path.module}/../handler/src/telemetry/metrics.json"))
  prices      = jsondecode(file("${path.module}/modules/observability/prices.json"))

  # Browsers also send the session cookie with requests from pages of other origins. The function refuses those that
  # change something.
  allowed_origins = distinct(concat(
    [for origin in flatten(local.cors[*].allow_origins) : origin if !strcontains(origin, "*")],
    var.allowed_origins,
    var.emulator_url[*],
  ))

  # Settings of the C library, not of the gateway: docs/performance.md.
  runtime_environment = jsondecode(file("${path.module}/../handler/runtime-environment.json"))
}

module "encryption" {
  source   = "./modules/encryption"
  for_each = toset(var.customer_managed_key || var.retain_customer_managed_key ? ["own"] : [])

  name   = local.name
  region = var.region
}

module "tables" {
  source = "./modules/dynamodb"

  name                    = local.name
  deletion_protection     = var.deletion_protection
  point_in_time_recovery  = var.point_in_time_recovery
  restored_sessions_table = var.restored_sessions_table
  kept_sessions_tables    = var.kept_sessions_tables
  kms_key_arn             = local.kms_key_arn
}

# DynamoDB restores into a new table only. The import restores expiry, recovery and protection. A kept table is in the
# state already. A name that no table has is an error here: without the import, it would become an empty table.
import {
  for_each = toset(concat(var.restored_sessions_table[*], var.kept_sessions_tables))
  to       = module.tables.aws_dynamodb_table.this[each.value]
  id       = each.value
}

module "signing_key" {
  source = "./modules/signing-key"

  name                 = local.name
  generate             = var.generate_signing_key
  recovery_window_days = var.secret_recovery_days
  kms_key_arn          = local.kms_key_arn
}

module "function" {
  source = "./modules/lambda"

  name                    = local.name
  package_path            = var.package_path
  runtime                 = var.runtime
  architecture            = var.architecture
  memory_mb               = var.memory_mb
  timeout_seconds         = var.timeout_seconds
  reserved_concurrency    = var.reserved_concurrency
  provisioned_concurrency = var.provisioned_concurrency
  system_log_level        = var.system_log_level
  log_retention_days      = var.log_retention_days
  tracing                 = var.tracing
  vpc                     = var.vpc
  kms_key_arn             = local.kms_key_arn
  retained_kms_key_arn    = var.retain_customer_managed_key ? local.key_arn : null
  fault_injection         = var.fault_injection
  fault_extension         = var.chaos_experiments == null ? null : module.chaos["lambda"].extension
  sessions_table_arns     = module.tables.sessions_table_arns
  rate_limits_table_arn   = module.tables.rate_limits_table.arn
  signing_secret_arn      = module.signing_key.secret_arn
  proxy_secret_arn        = one(var.trusted_proxy[*].secret_arn)

  permissions_boundary_arn = var.permissions_boundary_arn

  environment_variables = merge(
    local.runtime_environment,
    { for origins in compact([join(",", local.allowed_origins)]) : "GATEWAY_ALLOWED_ORIGINS" => origins },
    { for base in var.problem_type_base[*] : "GATEWAY_PROBLEM_TYPE_BASE" => base },
    merge([for proxy in var.trusted_proxy[*] : {
      GATEWAY_TRUSTED_PROXY_HEADER     = proxy.header_name
      GATEWAY_TRUSTED_PROXY_SECRET_ARN = proxy.secret_arn
    }]...),
    { for name, url in var.upstream_service_urls : "UPSTREAM_${replace(upper(name), "-", "_")}_SERVICE_URL" => url },
    {
      GATEWAY_NAME                     = local.name
      GATEWAY_ENV                      = var.environment
      GATEWAY_LOG_LEVEL                = var.log_level
      GATEWAY_SESSION_TABLE_NAME       = module.tables.sessions_table.name
      GATEWAY_RATELIMIT_TABLE_NAME     = module.tables.rate_limits_table.name
      GATEWAY_TOKEN_SIGNING_SECRET_ARN = module.signing_key.secret_arn
      GATEWAY_LOG_SAMPLE_RATE          = tostring(var.log_sample_rate)
      GATEWAY_SESSION_CACHE_SECONDS    = tostring(var.session_cache_seconds)
      GATEWAY_FAULT_INJECTION          = tostring(var.fault_injection)
    },
  )
}

module "api" {
  source = "./modules/api"

  name                     = local.name
  stage_name               = var.stage_name
  throttle_rate_per_second = var.throttle_rate_per_second
  throttle_burst           = var.throttle_burst
  cors                     = local.cors
  access_log               = var.api_access_log
  detailed_metrics         = var.detailed_metrics
  custom_domain            = var.custom_domain
  default_endpoint         = var.default_endpoint
  emulator_url             = var.emulator_url
  log_retention_days       = var.log_retention_days
  kms_key_arn              = local.kms_key_arn

  function_alias = {
    function_name = module.function.function_name
    alias_name    = module.function.alias_name
    invoke_arn    = module.function.alias_invoke_arn
  }
}

module "observability" {
  source = "./modules/observability"

  name                    = local.name
  environment             = var.environment
  region                  = var.region
  upstreams               = local.upstream_names
  metrics                 = local.metrics
  alarms                  = var.alarms
  dashboard               = var.dashboard
  alarm_emails            = var.alarm_emails
  thresholds              = var.alarm_thresholds
  slo                     = var.slo
  prices                  = local.prices
  spend_alarm_usd_per_day = coalesce(var.spend_alarm_usd_per_day, var.monthly_budget_usd / 10)
  saved_queries           = var.saved_queries
  runbooks_url            = var.runbooks_url
  kms_key_arn             = local.kms_key_arn

  api = {
    id         = module.api.api_id
    stage_name = module.api.stage_name
  }
  function = {
    name                 = module.function.function_name
    log_group_name       = module.function.log_group_name
    memory_mb            = var.memory_mb
    architecture         = var.architecture
    timeout_seconds      = var.timeout_seconds
    reserved_concurrency = var.reserved_concurrency
  }
  tables = {
    sessions    = module.tables.sessions_table.name
    rate_limits = module.tables.rate_limits_table.name
  }
}

module "budget" {
  source = "./modules/budgets"

  name              = local.name
  monthly_limit_usd = var.monthly_budget_usd
  emails            = var.alarm_emails
  cost_filters      = var.budget_cost_filters
}
