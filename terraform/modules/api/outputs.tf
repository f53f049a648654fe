output "api_id" {
  description = "Id of the API."
  value       = aws_apigatewayv2_api.this.id
}

output "stage_name" {
  description = "Name of the stage."
  value       = aws_apigatewayv2_stage.this.name
}

output "base_url" {
  description = "Address to which the contract's paths are appended."
  value       = local.base_url
}

output "default_url" {
  description = "The API's own address, which works before the DNS record of a domain exists; null if it is off."
  value       = var.default_endpoint ? coalesce(local.emulator_url, local.own_url) : null
}

output "domain_target" {
  description = "Target of the domain's DNS record, an alias or CNAME to `domain_name`; null without a domain."
  value = one([for domain in aws_apigatewayv2_domain_name.custom : {
    domain_name    = domain.domain_name_configuration[0].target_domain_name
    hosted_zone_id = domain.domain_name_configuration[0].hosted_zone_id
  }])
}

locals {
  # The stage `$default` is not part of the address.
  own_url      = join("/", compact([aws_apigatewayv2_api.this.api_endpoint, aws_apigatewayv2_stage.this.name == "$default" ? "" : aws_apigatewayv2_stage.this.name]))
  emulator_url = one([for url in var.emulator_url[*] : "${url}/_aws/execute-api/${aws_apigatewayv2_api.this.id}/${aws_apigatewayv2_stage.this.name}"])
  custom_url   = one([for name in var.domain[*].name : "https://${name}"])
  base_url     = coalesce(local.emulator_url, local.custom_url, local.own_url)
}

output "access_log_group_name" {
  description = "Name of the API's access log; null if there is none."
  value       = one([for group in aws_cloudwatch_log_group.access : group.name])
}

output "execution_arn" {
  description = "ARN of the API, for policies of execute-api."
  value       = aws_apigatewayv2_api.this.execution_arn
}
