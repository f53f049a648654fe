mock_provider "aws" {}

variables {
  repository        = "example/gateway"
  environment       = "dev"
  provider_arn      = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  state_bucket_name = "postern-state-123456789012-us-east-1"
}

run "refuses_every_repository_of_an_owner" {
  command = plan
  variables {
    repository = "example/*"
  }
  expect_failures = [var.repository]
}

run "refuses_an_invalid_bucket" {
  command = plan
  variables {
    state_bucket_name = "*"
  }
  expect_failures = [var.state_bucket_name]
}

run "refuses_a_project_of_the_roles_own_name" {
  command = plan
  variables {
    project = "github-gateway"
  }
  expect_failures = [var.project]
}

run "refuses_any_environment" {
  command = plan
  variables {
    environment = "*"
  }
  expect_failures = [var.environment]
}

run "refuses_any_branch" {
  command = plan
  variables {
    main_branch = "*"
  }
  expect_failures = [var.main_branch]
}

run "refuses_another_provider" {
  command = plan
  variables {
    provider_arn = "arn:aws:iam::123456789012:oidc-provider/gitlab.com"
  }
  expect_failures = [var.provider_arn]
}

run "refuses_any_state" {
  command = plan
  variables {
    state_key = "postern/*"
  }
  expect_failures = [var.state_key]
}

run "refuses_any_secret" {
  command = plan
  variables {
    secret_arns = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:*"]
  }
  expect_failures = [var.secret_arns]
}

run "refuses_any_owner" {
  command = plan
  variables {
    owner_id      = "*"
    repository_id = "456789"
  }
  expect_failures = [var.owner_id]
}

run "refuses_any_repository" {
  command = plan
  variables {
    owner_id      = "123456"
    repository_id = "*"
  }
  expect_failures = [var.repository_id]
}

run "refuses_one_id_without_the_other" {
  command = plan
  variables {
    repository_id = "456789"
  }
  expect_failures = [var.owner_id]
}

run "refuses_every_zone" {
  command = plan

  variables {
    zone_ids = ["*"]
  }

  expect_failures = [var.zone_ids]
}
