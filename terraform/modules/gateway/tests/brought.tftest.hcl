# Real providers that reach nothing: mock providers refuse modules with ephemeral resources.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "aws" {
  alias                       = "west"
  region                      = "us-west-2"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = module.brought.module.encryption.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.brought.module.observability.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.second.module.encryption.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.second.module.observability.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.west.module.encryption.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.west.module.observability.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

run "plans_with_values_that_are_known_after_the_apply_alone" {
  command = plan

  module {
    source = "./tests/brought"
  }

  providers = {
    aws      = aws
    aws.west = aws.west
  }

  assert {
    condition     = module.brought.stack.function_name == "shop-dev" && module.brought.stack.budget_name == null
    error_message = "The gateway is planned, and has no budget unless asked for."
  }
  assert {
    condition     = output.stacks.second.role_name == "catalog-dev-us-east-1" && output.stacks.west.role_name == "catalog-dev-us-west-2"
    error_message = "Roles are of the account: their names have the region."
  }
  assert {
    condition     = output.stacks.second.dashboard_name != output.stacks.west.dashboard_name && output.stacks.second.budget_name != output.stacks.west.budget_name
    error_message = "So are dashboards and budgets."
  }
  assert {
    condition     = output.stacks.second.region == "us-east-1" && output.stacks.west.region == "us-west-2"
    error_message = "The region is the provider's."
  }
  assert {
    condition = alltrue([
      for name in ["function_name", "role_name", "log_group_name", "session_table_name", "ratelimit_table_name", "dashboard_name"] :
      strcontains(output.stacks.second[name], "catalog-dev")
    ])
    error_message = "Two gateways of one account and region share no name."
  }
}
