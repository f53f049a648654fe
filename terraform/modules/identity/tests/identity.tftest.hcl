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

run "refuses_a_callback_without_tls" {
  command = plan

  variables {
    clients = { web = { callback_urls = ["http://api.example.com/auth/callback"] } }
  }

  expect_failures = [var.clients]
}

run "refuses_a_client_without_a_callback" {
  command = plan

  variables {
    clients = { web = { callback_urls = [] } }
  }

  expect_failures = [var.clients]
}

run "refuses_a_client_whose_name_is_no_value" {
  command = plan

  variables {
    clients = { "web-app" = { callback_urls = ["https://api.example.com/auth/callback"] } }
  }

  expect_failures = [var.clients]
}

run "refuses_a_host_that_aws_reserves" {
  command = plan

  variables {
    domain_prefix = "my-cognito"
  }

  expect_failures = [var.domain_prefix]
}

run "refuses_short_passwords" {
  command = plan

  variables {
    password_length = 6
  }

  expect_failures = [var.password_length]
}

run "refuses_tokens_that_live_for_days" {
  command = plan

  variables {
    token_minutes = 2880
  }

  expect_failures = [var.token_minutes]
}

run "refuses_an_unknown_choice_of_factors" {
  command = plan

  variables {
    mfa = "sms"
  }

  expect_failures = [var.mfa]
}

run "refuses_a_name_in_capitals" {
  command = plan

  variables {
    name = "Shop"
  }

  expect_failures = [var.name]
}
