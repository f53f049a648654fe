locals {
  # The build writes it beside the zip: the contract's requirements for an environment, and the features of the zip.
  contract_path  = "${dirname(var.package_path)}/contract.json"
  contract       = fileexists(local.contract_path) ? jsondecode(file(local.contract_path)) : null
  upstream_names = local.contract == null ? keys(var.upstream_service_urls) : local.contract.upstreams

  # What only a zip has that is built for it, by the name of the variable that switches it on.
  switched_on = [
    for name, is_on in { fault_injection = var.fault_injection, trusted_proxy = var.trusted_proxy != null } : name if is_on
  ]
  built_with = try(local.contract.switched_on, [])

  # The gateway removes the stage from the start of a path. The emulator does not send it: there, the gateway would remove
  # a segment of the route.
  routes_in_the_stage = [
    for route in try(local.contract.routes, []) : route
    if startswith("${split(" ", route)[1]}/", "/${module.api.stage_name}/")
  ]

  missing_upstreams = setsubtract(local.upstream_names, keys(var.upstream_service_urls))
  unknown_upstreams = setsubtract(keys(var.upstream_service_urls), local.upstream_names)

  # In CORS origins, `${name}` stands for a value of this environment, which may list several or none. A precondition of
  # base_url reports a missing value.
  missing_values = setsubtract(try(local.contract.values, []), keys(var.values))
  origins_text   = join(",", try(local.contract.cors.allow_origins, []))
  origins        = templatestring(local.origins_text, merge({ for name in local.missing_values : name => "" }, var.values))
  allow_origins  = [for origin in split(",", local.origins) : trimspace(origin) if trimspace(origin) != ""]
  cors           = length(local.allow_origins) == 0 ? null : merge(local.contract.cors, { allow_origins = local.allow_origins })
}
