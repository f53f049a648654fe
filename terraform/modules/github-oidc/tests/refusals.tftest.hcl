mock_provider "aws" {}

variables {
  repository        = "example/gateway"
  environment       = "dev"
  provider_arn      = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  state_bucket_name = "postern-state-123456789012-us-east-1"
}

run "refuses_values_that_are_wrong" {
  command = plan

  variables {
    # Every repository of an owner.
    repository = "example/*"
    # An invalid bucket.
    state_bucket_name = "*"
    # A project of the role's own name.
    project = "github-gateway"
    # Any environment.
    environment = "*"
    # Any branch.
    main_branch = "*"
    # Another provider.
    provider_arn = "arn:aws:iam::123456789012:oidc-provider/gitlab.com"
    # Any state.
    state_key = "postern/*"
    # Any secret.
    secret_arns = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:*"]
    # Any owner.
    owner_id      = "*"
    repository_id = "456789"
    # Every zone.
    zone_ids = ["*"]
    # Every object.
    trust_store_uris = ["s3://acme-trust/*"]
    iam_path         = "/*/"
  }

  expect_failures = [var.repository, var.state_bucket_name, var.project, var.environment, var.main_branch, var.provider_arn, var.state_key, var.secret_arns, var.owner_id, var.zone_ids, var.trust_store_uris, var.iam_path]
}

run "refuses_values_that_are_wrong_in_another_way" {
  command = plan

  variables {
    # Any repository.
    owner_id      = "123456"
    repository_id = "*"
    # Any queue.
    upstream_arns = ["arn:aws:sqs:us-east-1:123456789012:*"]
  }

  expect_failures = [var.repository_id, var.upstream_arns]
}

run "refuses_values_that_are_wrong_in_a_third_way" {
  command = plan

  variables {
    # One id without the other.
    repository_id = "456789"
    # The states.
    upstream_arns = ["arn:aws:s3:::postern-state-123456789012-us-east-1"]
  }

  expect_failures = [var.owner_id, var.upstream_arns]
}
