output "key_arn" {
  description = "ARN of the key; null if none is made."
  value       = one([for key in aws_kms_key.this : key.arn])
}

output "policy_json" {
  description = "What the policy of a key must allow, for a key that is made elsewhere."
  value       = local.policy
}
