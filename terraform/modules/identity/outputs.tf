output "issuer" {
  description = "The issuer of the pool's tokens, for issuer in the contract."
  value       = "https://${aws_cognito_user_pool.this.endpoint}"
}

output "client_ids" {
  description = "Ids of the app clients, by name."
  value       = { for name, client in aws_cognito_user_pool_client.this : name => client.id }
}

output "client_secret_arns" {
  description = "ARNs of the secrets in Secrets Manager with the secrets of those app clients that have one, by name."
  value       = { for name, secret in aws_secretsmanager_secret.client : name => secret.arn }
}

output "values" {
  description = "For values of the gateway: issuer, and of each client <name>_client_id and <name>_client_secret, the ARN of its secret."
  value = merge(
    { issuer = "https://${aws_cognito_user_pool.this.endpoint}" },
    { for name, client in aws_cognito_user_pool_client.this : "${name}_client_id" => client.id },
    { for name, secret in aws_secretsmanager_secret.client : "${name}_client_secret" => secret.arn },
  )
}

output "sign_in_url" {
  description = "Address of the pool's sign-in page, of which /oauth2/authorize and /oauth2/token are a part."
  value       = "https://${aws_cognito_user_pool_domain.this.domain}.auth.${local.region}.amazoncognito.com"
}

output "user_pool" {
  description = "Id and ARN of the user pool."
  value       = { id = aws_cognito_user_pool.this.id, arn = aws_cognito_user_pool.this.arn }
}
