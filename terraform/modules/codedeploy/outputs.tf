output "name" {
  description = "Name of the application and of its deployment group."
  value       = aws_codedeploy_deployment_group.this.deployment_group_name
}
