mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { endpoint = "ec2.eu-central-1.amazonaws.com" }
  }
  mock_resource "aws_cognito_user_pool" {
    defaults = { id = "eu-central-1_Ab12Cd34E", endpoint = "cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab12Cd34E" }
  }
  mock_resource "aws_cognito_user_pool_client" {
    defaults = { id = "client", client_secret = "secret" }
  }
  mock_resource "aws_secretsmanager_secret" {
    defaults = { id = "secret", arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:client-AbCdEf" }
  }
}

variables {
  name   = "postern-test"
  groups = { admin = "May change everything" }
  api    = "shop"
  scopes = { "orders:read" = "Read orders" }
  tags   = { Team = "shop" }
  clients = {
    web = { callback_urls = ["https://api.example.com/auth/callback"], logout_urls = ["https://api.example.com/app"], secret = true }
    app = { callback_urls = ["com.example.shop://signed-in"] }
  }
}

run "keeps_users_and_asks_for_strong_passwords" {
  assert {
    condition     = aws_cognito_user_pool.this.deletion_protection == "ACTIVE" && aws_cognito_user_pool.this.mfa_configuration == "OPTIONAL" && aws_cognito_user_pool.this.admin_create_user_config[0].allow_admin_create_user_only
    error_message = "Nobody deletes the pool by mistake, users can have a second factor, and only administrators make accounts."
  }
  assert {
    condition     = aws_cognito_user_pool.this.password_policy[0].minimum_length == 12 && [for way in aws_cognito_user_pool.this.account_recovery_setting[0].recovery_mechanism : way.name] == ["verified_email"]
    error_message = "A lost password is replaced by the verified address."
  }
  assert {
    condition     = aws_cognito_user_pool.this.tags == tomap({ Team = "shop" })
    error_message = "The pool has the tags."
  }
}

run "has_clients_for_the_code_flow_alone" {
  assert {
    condition     = alltrue([for client in aws_cognito_user_pool_client.this : client.allowed_oauth_flows == toset(["code"]) && client.explicit_auth_flows == toset(["ALLOW_REFRESH_TOKEN_AUTH"]) && client.prevent_user_existence_errors == "ENABLED" && client.enable_token_revocation])
    error_message = "No password reaches an application, and nobody learns which accounts exist."
  }
  assert {
    condition     = alltrue([for client in aws_cognito_user_pool_client.this : client.allowed_oauth_scopes == toset(["openid", "email", "profile", "shop/orders:read"])])
    error_message = "Clients may ask for the scopes of the API."
  }
  assert {
    condition     = { for name, client in aws_cognito_user_pool_client.this : name => client.generate_secret } == { web = true, app = false } && keys(aws_secretsmanager_secret.client) == ["web"]
    error_message = "An application that cannot keep a secret has none."
  }
}

run "gives_a_contract_its_values" {
  assert {
    condition = output.values == {
      issuer            = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab12Cd34E"
      app_client_id     = "client"
      web_client_id     = "client"
      web_client_secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:client-AbCdEf"
    }
    error_message = "The gateway gets the ARN of the secret, not the secret."
  }
  assert {
    condition     = output.sign_in_url == "https://postern-test.auth.eu-central-1.amazoncognito.com"
    error_message = "The sign-in page has the name's host unless it is given."
  }
}

run "asks_everybody_for_a_second_factor_if_set" {
  command = plan

  variables {
    mfa = "required"
  }

  assert {
    condition     = aws_cognito_user_pool.this.mfa_configuration == "ON" && aws_cognito_user_pool.this.software_token_mfa_configuration[0].enabled
    error_message = "The factor is an authenticator app."
  }
}

run "has_no_resource_server_without_scopes" {
  command = plan

  variables {
    scopes = {}
  }

  assert {
    condition     = length(aws_cognito_resource_server.api) == 0
    error_message = "Nothing is made that nobody asked for."
  }
}

run "refuses_values_that_are_wrong" {
  command = plan

  variables {
    # A callback without TLS.
    clients = { web = { callback_urls = ["http://api.example.com/auth/callback"] } }
    # A host that AWS reserves.
    domain_prefix = "my-cognito"
    # Short passwords.
    password_length = 6
    # Tokens that live for days.
    token_minutes = 2880
    # An unknown choice of factors.
    mfa = "sms"
    # A name in capitals.
    name = "Shop"
    # An identifier of an API with a space.
    api = "my shop"
    # A scope with a slash.
    scopes = { "orders/read" = "Read orders" }
    # Half a day.
    refresh_token_days = 0.5
    # An invalid key.
    kms_key_arn = "1234"
  }

  expect_failures = [var.api, var.scopes, var.refresh_token_days, var.kms_key_arn, var.clients, var.domain_prefix, var.password_length, var.token_minutes, var.mfa, var.name]
}

run "refuses_values_that_are_wrong_in_another_way" {
  command = plan

  variables {
    # A client without a callback.
    clients = { web = { callback_urls = [] } }
  }

  expect_failures = [var.clients]
}

run "refuses_values_that_are_wrong_in_a_third_way" {
  command = plan

  variables {
    # A client whose name is no value.
    clients = { "web-app" = { callback_urls = ["https://api.example.com/auth/callback"] } }
  }

  expect_failures = [var.clients]
}
