output "stack" {
  description = "What `make` reads of the deployed gateway, by the names in modules/gateway."
  value       = module.gateway.stack
}

output "base_url" {
  description = "Address to which the contract's paths are appended."
  value       = module.gateway.base_url
}

output "custom_domain_target" {
  description = "Target of the custom domain's DNS record; null without a custom domain."
  value       = module.gateway.domain_target
}

output "session_table_name" {
  description = "Name of the sessions table, for your login service."
  value       = module.gateway.stack.session_table_name
}

output "token_signing_secret_arn" {
  description = "ARN of the secret with the signing keys of session tokens, for your login service."
  value       = module.gateway.stack.token_signing_secret_arn
}
