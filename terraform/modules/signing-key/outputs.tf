output "secret_arn" {
  description = "ARN of the secret. It is known after the first version is written, so that no function starts without a key."
  value       = aws_secretsmanager_secret.this.arn
  depends_on  = [aws_secretsmanager_secret_version.first]
}
