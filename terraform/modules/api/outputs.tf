output "api_id" {
  description = "Id of the API."
  value       = aws_apigatewayv2_api.this.id
}

output "stage_name" {
  description = "Name of the stage."
  value       = aws_apigatewayv2_stage.this.name
}

output "base_url" {
  description = "Address that the contract's paths are appended to."
  value       = local.base_url
}

output "default_url" {
  description = "The API's own address, which is there before a custom domain's DNS record; null where it is off."
  value       = var.disable_default_endpoint ? null : coalesce(local.emulator_url, local.own_url)
}

output "custom_domain_target" {
  description = "What the custom domain's DNS record points to: an alias or CNAME to `domain_name`; null without a custom domain."
  value = one([for domain in aws_apigatewayv2_domain_name.custom : {
    domain_name    = domain.domain_name_configuration[0].target_domain_name
    hosted_zone_id = domain.domain_name_configuration[0].hosted_zone_id
  }])
}

locals {
  own_url      = "${aws_apigatewayv2_api.this.api_endpoint}/${aws_apigatewayv2_stage.this.name}"
  emulator_url = one([for url in var.emulator_url[*] : "${url}/_aws/execute-api/${aws_apigatewayv2_api.this.id}/${aws_apigatewayv2_stage.this.name}"])
  custom_url   = one([for name in var.custom_domain[*].domain_name : "https://${name}"])
  base_url     = coalesce(local.emulator_url, local.custom_url, local.own_url)
}

output "access_log_group_name" {
  description = "Name of the API's access log; null where there is none."
  value       = one([for group in aws_cloudwatch_log_group.access : group.name])
}
