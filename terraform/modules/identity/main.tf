data "aws_region" "this" {}

locals {
  # Version 6 of the provider deprecates `name` and `id`, and version 5 has no `region`.
  region = element(split(".", data.aws_region.this.endpoint), 1)

  api_scopes = [for name in sort(keys(var.scopes)) : "${var.api}/${name}"]
}

resource "aws_cognito_user_pool" "this" {
  name                     = var.name
  deletion_protection      = var.deletion_protection ? "ACTIVE" : "INACTIVE"
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]
  mfa_configuration        = { off = "OFF", optional = "OPTIONAL", required = "ON" }[var.mfa]
  tags                     = var.tags

  username_configuration {
    case_sensitive = false
  }

  # NIST SP 800-63B: length, and no rules of composition beyond what Cognito asks for to be strong.
  password_policy {
    minimum_length                   = var.password_length
    require_lowercase                = true
    require_uppercase                = true
    require_numbers                  = true
    require_symbols                  = false
    temporary_password_validity_days = 1
    password_history_size            = 0
  }

  admin_create_user_config {
    allow_admin_create_user_only = !var.self_sign_up
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  # A new address counts once it is verified: otherwise a stolen session could take the account over.
  user_attribute_update_settings {
    attributes_require_verification_before_update = ["email"]
  }

  dynamic "software_token_mfa_configuration" {
    for_each = var.mfa == "off" ? [] : [true]
    content {
      enabled = true
    }
  }
}

resource "aws_cognito_user_pool_domain" "this" {
  domain       = coalesce(var.domain_prefix, var.name)
  user_pool_id = aws_cognito_user_pool.this.id
}

resource "aws_cognito_resource_server" "api" {
  for_each = toset(length(var.scopes) > 0 ? [var.api] : [])

  identifier   = each.key
  name         = each.key
  user_pool_id = aws_cognito_user_pool.this.id

  dynamic "scope" {
    for_each = var.scopes
    content {
      scope_name        = scope.key
      scope_description = scope.value
    }
  }
}

resource "aws_cognito_user_group" "this" {
  for_each = var.groups

  name         = each.key
  description  = each.value
  user_pool_id = aws_cognito_user_pool.this.id
}

resource "aws_cognito_user_pool_client" "this" {
  for_each = var.clients

  name            = each.key
  user_pool_id    = aws_cognito_user_pool.this.id
  generate_secret = each.value.secret

  # The authorization code flow alone: no password reaches an application, and no token an address.
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = concat(["openid", "email", "profile"], local.api_scopes)
  supported_identity_providers         = ["COGNITO"]
  explicit_auth_flows                  = ["ALLOW_REFRESH_TOKEN_AUTH"]
  callback_urls                        = each.value.callback_urls
  logout_urls                          = each.value.logout_urls
  enable_token_revocation              = true
  prevent_user_existence_errors        = "ENABLED"
  access_token_validity                = var.token_minutes
  id_token_validity                    = var.token_minutes
  refresh_token_validity               = var.refresh_token_days

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }

  # A scope has to exist before a client can ask for it.
  depends_on = [aws_cognito_resource_server.api]
}

locals {
  with_secret = { for name, client in var.clients : name => aws_cognito_user_pool_client.this[name] if client.secret }
}

# The gateway reads it there: the contract and its environment variables have the ARN alone.
resource "aws_secretsmanager_secret" "client" {
  # checkov:skip=CKV2_AWS_57:Cognito makes the secret once for a client; a new client is a new secret.
  for_each = local.with_secret

  name        = "${var.name}-client-${each.key}"
  description = "Secret of the app client ${each.key} of the user pool ${var.name}"
  kms_key_id  = var.kms_key_arn
  tags        = var.tags
}

resource "aws_secretsmanager_secret_version" "client" {
  for_each = local.with_secret

  secret_id     = aws_secretsmanager_secret.client[each.key].id
  secret_string = each.value.client_secret
}
