# Who signs users in: on AWS a user pool of Cognito, on this machine provider.mjs. For a provider that you have, remove
# this file, and write its values into environments.yaml.

locals {
  on_aws = var.emulator_url == null
  origin = local.on_aws ? "https://${local.settings.domain.name}" : replace(var.emulator_url, "127.0.0.1", "localhost")

  identity = merge(
    { for secret in aws_secretsmanager_secret.local : "web_client_secret" => secret.arn },
    local.on_aws ? {} : { web_client_id = "web" },
    [for each in module.identity : each.values]...
  )
}

module "identity" {
  source = "./node_modules/postern/terraform/modules/identity"
  count  = local.on_aws ? 1 : 0

  name                = local.name
  deletion_protection = local.keep_data
  groups              = { user = "May use the app", admin = "May see reports" }

  clients = {
    web = {
      callback_urls = ["${local.origin}/auth/callback"]
      logout_urls   = ["${local.origin}/app/home"]
      secret        = true
    }
  }
}

resource "aws_secretsmanager_secret" "local" {
  count = local.on_aws ? 0 : 1

  name                    = "${local.name}-client"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "local" {
  count = local.on_aws ? 0 : 1

  secret_id     = aws_secretsmanager_secret.local[0].id
  secret_string = "only-for-this-machine" # As in provider.mjs.
}
