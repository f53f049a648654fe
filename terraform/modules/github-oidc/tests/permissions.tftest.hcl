# Of one run, whose policies scripts/lab/checks/permissions.test.ts holds against AWS.
mock_provider "aws" {
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/github-postern-dev-boundary" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

variables {
  repository        = "example/gateway"
  environment       = "dev"
  pull_requests     = true
  state_bucket_name = "postern-state-123456789012-us-east-1"
  provider_arn      = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
}

run "trusts_whole_subjects_of_one_repository" {
  # The permissions are tested as a whole: those for zones and upstreams, too.
  variables {
    zone_ids = ["Z0123456789"]
    upstream_arns = [
      "arn:aws:lambda:us-east-1:123456789012:function:quotes",
      "arn:aws:sqs:us-east-1:123456789012:exports",
      "arn:aws:sns:us-east-1:123456789012:news",
      "arn:aws:events:us-east-1:123456789012:event-bus/shop",
      "arn:aws:states:us-east-1:123456789012:stateMachine:checkout",
      "arn:aws:s3:::acme-files",
    ]
  }

  assert {
    condition = { for name, role in aws_iam_role.this : name => jsondecode(role.assume_role_policy).Statement[0].Condition } == {
      plan  = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com", "token.actions.githubusercontent.com:sub" = ["repo:example/gateway:pull_request"] } }
      drift = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com", "token.actions.githubusercontent.com:sub" = ["repo:example/gateway:ref:refs/heads/main"] } }
      apply = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com", "token.actions.githubusercontent.com:sub" = ["repo:example/gateway:environment:dev"] } }
    }
    error_message = "A pull request plans, main looks for drift, and only GitHub's environment of the same name applies."
  }
}
