locals {
  # Written by the build beside the zip: what the contract needs of an environment.
  contract_path  = "${dirname(var.package_path)}/contract.json"
  contract       = fileexists(local.contract_path) ? jsondecode(file(local.contract_path)) : null
  upstream_names = local.contract == null ? keys(var.upstream_service_urls) : local.contract.upstreams

  built_with_faults = try(local.contract.fault_injection, false)

  # The gateway removes one stage from the front of a path. The emulator leaves it out: there, the route's own would go.
  routes_in_the_stage = [
    for route in try(local.contract.routes, []) : route
    if startswith("${split(" ", route)[1]}/", "/${module.api.stage_name}/")
  ]

  missing_upstreams = setsubtract(local.upstream_names, keys(var.upstream_service_urls))
  unknown_upstreams = setsubtract(keys(var.upstream_service_urls), local.upstream_names)

  # The nearest name is the one that shares most pairs of letters.
  letter_pairs = {
    for name in setunion(local.upstream_names, keys(var.upstream_service_urls)) :
    name => toset([for at in range(length(name) - 1) : substr(name, at, 2)])
  }
  nearest_upstreams = {
    for unknown in local.unknown_upstreams : unknown => try(split(" ", reverse(sort([
      for known in local.upstream_names :
      format("%03d %s", length(setintersection(local.letter_pairs[unknown], local.letter_pairs[known])), known)
    ]))[0])[1], "nothing: there are none")
  }
}
