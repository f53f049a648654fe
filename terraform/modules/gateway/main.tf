data "aws_region" "this" {}

locals {
  environment = coalesce(var.environment, var.name)
  # ec2.us-east-1.amazonaws.com. Version 6 of the provider deprecates `name` and `id`, and version 5 has no `region`.
  region = element(split(".", data.aws_region.this.endpoint), 1)

  # Of roles, dashboards and budgets, which are not of one region.
  global_name = "${var.name}-${local.region}"

  # The roles of modules/github-oidc may change what has these tags. Those of the caller come first.
  project = trimsuffix(var.name, "-${local.environment}")
  tags    = merge({ Gateway = var.name, Project = local.project, Environment = local.environment }, var.tags)

  kms_key_arn        = var.security.create_key ? module.encryption.key_arn : var.security.key_arn
  signing_secret_arn = var.stores.signing_secret == null ? module.signing_key["own"].secret_arn : var.stores.signing_secret.arn
}

module "encryption" {
  source = "../encryption"

  name   = var.name
  region = local.region
  create = var.security.create_key || var.security.retain_key
  tags   = local.tags
}

module "tables" {
  source = "../dynamodb"

  name                    = var.name
  deletion_protection     = var.stores.deletion_protection
  point_in_time_recovery  = var.stores.point_in_time_recovery
  restored_sessions_table = var.stores.restored_sessions_table
  kept_sessions_tables    = var.stores.kept_sessions_tables
  sessions_table          = var.stores.sessions_table
  rate_limits_table       = var.stores.rate_limits_table
  further_tables          = local.further_tables
  kms_key_arn             = local.kms_key_arn
  tags                    = local.tags
}

module "signing_key" {
  source   = "../signing-key"
  for_each = toset(var.stores.signing_secret == null ? ["own"] : [])

  name                 = var.name
  generate             = var.stores.generate_signing_key
  recovery_window_days = var.stores.secret_recovery_days
  kms_key_arn          = local.kms_key_arn
  tags                 = local.tags
}

module "function" {
  source = "../lambda"

  name                    = var.name
  package                 = merge(var.package, { sha256 = try(local.contract.code_sha256, null) })
  traffic                 = var.function.traffic
  runtime                 = var.function.runtime
  architecture            = var.function.architecture
  memory_mb               = var.function.memory_mb
  timeout_seconds         = var.function.timeout_seconds
  reserved_concurrency    = var.function.reserved_concurrency
  provisioned_concurrency = var.function.provisioned_concurrency
  system_log_level        = var.function.system_log_level
  log_group               = var.operations.log_group
  log_retention_days      = var.operations.log_retention_days
  tracing                 = var.function.tracing
  vpc                     = var.function.vpc
  kms_key_arn             = local.kms_key_arn
  fault_extension         = var.operations.fault_extension
  permissions             = local.permissions
  environment_variables   = local.settings
  role                    = var.security.role
  role_name               = local.global_name
  iam_path                = var.security.iam_path
  tags                    = local.tags

  permissions_boundary_arn = var.security.boundary_arn

  further_kms_key_arns = concat(
    [for arn in module.encryption.key_arn[*] : arn if var.security.retain_key],
    [for store in values(var.stores) : store.kms_key_arn if can(store.kms_key_arn)],
  )
}

module "api" {
  source = "../api"

  name                     = var.name
  stage_name               = var.api.stage_name
  throttle_rate_per_second = var.api.rate
  throttle_burst           = var.api.burst
  cors                     = local.cors
  routes                   = try(local.contract.api_routes, {})
  access_log               = var.api.access_log
  detailed_metrics         = var.api.detailed_metrics
  domain                   = var.domain
  default_endpoint         = var.api.default_endpoint
  emulator_url             = var.emulator_url
  log_retention_days       = var.operations.log_retention_days
  kms_key_arn              = local.kms_key_arn
  tags                     = local.tags

  function_alias = {
    function_name = module.function.function_name
    alias_name    = module.function.alias_name
    invoke_arn    = module.function.alias_invoke_arn
  }
}

module "observability" {
  source = "../observability"

  name                    = var.name
  environment             = local.environment
  region                  = local.region
  upstreams               = local.upstream_names
  alarms                  = var.operations.alarms
  dashboard               = var.operations.dashboard
  topic_arns              = var.operations.topic_arns
  alarm_emails            = var.operations.emails
  thresholds              = var.operations.thresholds
  slo                     = var.operations.slo
  spend_alarm_usd_per_day = coalesce(var.operations.spend_alarm_usd_per_day, coalesce(var.operations.budget_usd, 20) / 10)
  saved_queries           = var.operations.saved_queries
  runbooks_url            = var.operations.runbooks_url
  kms_key_arn             = local.kms_key_arn
  tags                    = local.tags

  api = {
    id         = module.api.api_id
    stage_name = module.api.stage_name
  }
  function = {
    name                 = module.function.function_name
    log_group_name       = module.function.log_group_name
    memory_mb            = var.function.memory_mb
    architecture         = var.function.architecture
    timeout_seconds      = var.function.timeout_seconds
    reserved_concurrency = var.function.reserved_concurrency
  }
  tables = {
    sessions    = module.tables.sessions_table.name
    rate_limits = module.tables.rate_limits_table.name
    further     = { for key, table in module.tables.further_tables : key => table.name }
  }
}

module "budget" {
  source   = "../budgets"
  for_each = toset(var.operations.budget_usd == null ? [] : ["own"])

  name              = local.global_name
  tags              = local.tags
  monthly_limit_usd = var.operations.budget_usd
  emails            = var.operations.emails
  cost_filters      = coalesce(var.operations.budget_cost_filters, { TagKeyValue = ["user:Gateway$${var.name}"] })
}

moved {
  from = module.encryption["own"]
  to   = module.encryption
}

moved {
  from = module.signing_key
  to   = module.signing_key["own"]
}
