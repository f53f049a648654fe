locals {
  first_kid = toset(var.generate ? ["k1"] : [])
}

# A prefix, not a name: a deleted secret's name stays taken until its recovery window ends.
resource "aws_secretsmanager_secret" "this" {
  # checkov:skip=CKV2_AWS_57:Rotation needs an overlap in which both keys are valid, which Secrets Manager's own rotation does not support.
  name_prefix             = "${var.name}-token-signing-"
  description             = "The JWK set that session tokens are signed with"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.recovery_window_days
  tags                    = var.tags
}

# Generated at each plan and not stored. Used only for the first version.
ephemeral "aws_secretsmanager_random_password" "key" {
  for_each = local.first_kid

  password_length     = 48
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret_version" "first" {
  for_each = local.first_kid

  secret_id                = aws_secretsmanager_secret.this.id
  secret_string_wo_version = 1
  secret_string_wo = jsonencode({
    active_kid = each.key
    keys = [{
      kty = "oct"
      kid = each.key
      alg = "HS256"
      # 48 letters and digits hold 285 bits, and their base64 form needs no padding.
      k = replace(replace(base64encode(ephemeral.aws_secretsmanager_random_password.key[each.key].random_password), "+", "-"), "/", "_")
    }]
  })

  # Rotation happens outside Terraform and moves AWSCURRENT away. A version without a label would be deleted after two
  # rotations, and the next apply would then overwrite the rotated keys.
  version_stages = ["AWSCURRENT", "postern-first"]

  lifecycle {
    ignore_changes = [version_stages]
  }
}
