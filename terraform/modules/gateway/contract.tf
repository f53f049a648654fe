locals {
  # The build writes it: the contract's requirements for an environment, and the features of the zip.
  contract       = fileexists(var.contract_file) ? jsondecode(file(var.contract_file)) : null
  version        = jsondecode(file("${path.module}/../../../package.json")).version
  upstream_names = local.contract == null ? keys(var.upstreams) : local.contract.upstreams

  # The tables that only some contracts need follow from what the function may do; null makes one. Those of a version that
  # may still serve stay.
  brought_tables  = { cache = var.stores.cache_table, credentials = var.stores.credentials_table, idempotency = var.stores.idempotency_table, traffic = var.stores.traffic_table, usage = var.stores.usage_table }
  contract_tables = [for key in keys(local.brought_tables) : key if contains([for permission in local.contract_permissions : try(permission.store, null)], key)]
  further_tables = {
    for key, brought in local.brought_tables : key => brought
    if contains(local.contract_tables, key) || anytrue([for arn in local.kept_resources : endswith(arn, ":table/${var.name}-${key}")])
  }

  # What only a zip has that is built for it, by the name of the setting that switches it on.
  switched_on = [
    for name, is_on in { fault_injection = var.operations.fault_injection, trusted_proxy = var.api.trusted_proxy != null } : name if is_on
  ]
  built_with = try(local.contract.switched_on, [])

  # The gateway removes the stage from the start of a path. The emulator does not send it: there, the gateway would remove
  # a segment of the route.
  routes_in_the_stage = [
    for route in try(local.contract.routes, []) : route.id
    if startswith("${route.path}/", "/${var.api.stage_name}/")
  ]

  missing_upstreams = setsubtract(local.upstream_names, keys(var.upstreams))
  unknown_upstreams = setsubtract(keys(var.upstreams), local.upstream_names)

  # In CORS origins, `${name}` stands for a value of this environment, which may list several or none. A precondition of
  # base_url reports a missing value.
  missing_values = setsubtract(try(local.contract.values, []), keys(var.values))
  origins_text   = join(",", try(local.contract.cors_origins, local.contract.cors.allow_origins, []))
  present_values = merge({ for name in local.missing_values : name => "" }, var.values)
  origins        = templatestring(local.origins_text, local.present_values)
  allow_origins  = [for origin in split(",", local.origins) : trimspace(origin) if trimspace(origin) != ""]

  # Of the sign-in for browsers, where a proxy is in front: the address by which browsers know the gateway.
  base_url_text = try(local.contract.browser_sign_in.baseUrl, "")
  base_url      = templatestring(local.base_url_text, local.present_values)

  # Null if the contract has several policies: the function responds to preflights then, with the values that it needs.
  cors = try(local.contract.cors, null) == null || length(local.allow_origins) == 0 ? null : merge(local.contract.cors, { allow_origins = local.allow_origins })
}
