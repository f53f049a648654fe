locals {
  # Browsers also send the session cookie with requests from pages of other origins. The function refuses those that
  # change something.
  allowed_origins = distinct(concat(
    [for origin in local.allow_origins : origin if !strcontains(origin, "*")],
    var.api.allowed_origins,
    var.emulator_url[*],
    regexall("^https?://[^/]+", local.base_url),
  ))

  # The function's environment variables: docs/settings.md.
  settings = merge(
    # Of the C library, not of the gateway: docs/performance.md.
    jsondecode(file("${path.module}/runtime-environment.json")),
    { for origins in compact([join(",", local.allowed_origins)]) : "GATEWAY_ALLOWED_ORIGINS" => origins },
    { for base in var.api.problem_type_base[*] : "GATEWAY_PROBLEM_TYPE_BASE" => base },
    merge([for proxy in var.api.trusted_proxy[*] : {
      GATEWAY_TRUSTED_PROXY_HEADER     = proxy.header_name
      GATEWAY_TRUSTED_PROXY_SECRET_ARN = proxy.secret_arn
    }]...),
    { for key in local.contract_tables : "GATEWAY_${upper(key)}_TABLE_NAME" => module.tables.further_tables[key].name },
    # A precondition of base_url reports a missing value.
    { for name in try(local.contract.function_values, []) : "GATEWAY_VALUE_${name}" => lookup(var.values, name, "") },
    # The kind says which, not the value, which may be unknown while planning.
    { for name, value in local.upstreams : "UPSTREAM_${replace(upper(name), "-", "_")}_${contains(keys(local.upstream_kinds), name) ? "ARN" : "SERVICE_URL"}" => value },
    {
      GATEWAY_NAME                     = var.name
      GATEWAY_ENV                      = local.environment
      GATEWAY_LOG_LEVEL                = var.function.log_level
      GATEWAY_SESSION_TABLE_NAME       = module.tables.sessions_table.name
      GATEWAY_RATELIMIT_TABLE_NAME     = module.tables.rate_limits_table.name
      GATEWAY_TOKEN_SIGNING_SECRET_ARN = local.signing_secret_arn
      GATEWAY_LOG_SAMPLE_RATE          = tostring(var.function.log_sample_rate)
      GATEWAY_SESSION_CACHE_SECONDS    = tostring(var.function.session_cache_seconds)
      GATEWAY_FAULT_INJECTION          = tostring(var.operations.fault_injection)
    },
  )
}
