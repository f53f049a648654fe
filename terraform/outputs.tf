output "base_url" {
  description = "Address to which the contract's paths are appended."
  value       = module.api.base_url

  precondition {
    condition     = local.contract != null
    error_message = "${local.contract_path} does not exist. Run `make build` first."
  }

  precondition {
    condition     = local.contract == null || toset(local.built_with) == toset(local.switched_on)
    error_message = "${var.package_path} was built with ${length(local.built_with) == 0 ? "nothing" : join(" and ", local.built_with)} switched on, and the tfvars switch on ${length(local.switched_on) == 0 ? "nothing" : join(" and ", local.switched_on)}. Run `make build ENV=${var.environment}`."
  }

  precondition {
    condition     = length(local.missing_upstreams) == 0
    error_message = "upstream_service_urls has no URL for ${join(", ", local.missing_upstreams)}. Add to the environment's tfvars, inside upstream_service_urls: ${join(", ", [for name in local.missing_upstreams : "${name} = \"https://…\""])}"
  }

  precondition {
    condition     = length(local.unknown_upstreams) == 0
    error_message = "upstream_service_urls has names that are not upstreams of handler/gateway.yaml: ${join(", ", local.unknown_upstreams)}. The upstreams are ${join(", ", local.upstream_names)}."
  }

  precondition {
    condition     = length(local.missing_values) == 0
    error_message = "values has no ${join(", ", local.missing_values)}, which handler/gateway.yaml uses. Add to the environment's tfvars, inside values: ${join(", ", [for name in local.missing_values : "${name} = \"…\""])}"
  }

  precondition {
    condition     = length(local.routes_in_the_stage) == 0
    error_message = "${join(", ", local.routes_in_the_stage)} in handler/gateway.yaml: the path begins with the name of the stage, ${module.api.stage_name}, which the gateway removes from every path. Use another first segment, such as /api/${module.api.stage_name}/…"
  }
}

output "api_id" {
  description = "Id of the HTTP API."
  value       = module.api.api_id
}

output "stage_name" {
  description = "Name of the API's stage."
  value       = module.api.stage_name
}

output "default_url" {
  description = "The API's own address, without a custom domain; null if it is off."
  value       = module.api.default_url
}

output "custom_domain_target" {
  description = "Target of the custom domain's DNS record; null without a custom domain."
  value       = module.api.custom_domain_target
}

output "function_name" {
  description = "Name of the Lambda function."
  value       = module.function.function_name
}

output "alias_name" {
  description = "Name of the alias that the API calls."
  value       = module.function.alias_name
}

output "trusted_proxy" {
  description = "Header and secret of the proxy that all requests must pass; a release sends them with its own requests. Null without a proxy."
  value       = var.trusted_proxy
}

output "alarm_names" {
  description = "Names of all alarms; a release watches them."
  value       = module.observability.alarm_names
}

output "role_name" {
  description = "Name of the function's role."
  value       = module.function.role_name
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = module.function.log_group_name
}

output "session_table_name" {
  description = "Name of the sessions table."
  value       = module.tables.sessions_table.name
}

output "ratelimit_table_name" {
  description = "Name of the rate-limits table."
  value       = module.tables.rate_limits_table.name
}

output "token_signing_secret_arn" {
  description = "ARN of the secret with the signing keys of session tokens."
  value       = module.signing_key.secret_arn
}

output "dashboard_name" {
  description = "Name of the dashboard; null if there is none."
  value       = module.observability.dashboard_name
}

output "alarm_topic_arn" {
  description = "ARN of the topic to which alarms are sent."
  value       = module.observability.alarm_topic_arn
}

output "budget_name" {
  description = "Name of the budget; null if there is none."
  value       = module.budget.budget_name
}

output "fault_injection" {
  description = "Whether `make fault` can inject faults."
  value       = var.fault_injection
}

output "contract_routes" {
  description = "The routes of the contract as JSON, with which `make diff` compares."
  value       = try(file("${dirname(var.package_path)}/routes.json"), null)
}

output "region" {
  description = "Region of all resources."
  value       = var.region
}
