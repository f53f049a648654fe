provider "aws" {
  region            = var.region
  s3_use_path_style = var.s3_use_path_style

  default_tags {
    tags = {
      Project   = "postern"
      ManagedBy = "terraform"
    }
  }
}

data "aws_caller_identity" "this" {}

locals {
  bucket_name = coalesce(var.bucket_name, "postern-state-${data.aws_caller_identity.this.account_id}-${var.region}")
  issuer      = "token.actions.githubusercontent.com"
}

module "remote_state" {
  source = "../modules/remote-state"

  bucket_name          = local.bucket_name
  lock_table_name      = var.lock_table_name
  force_destroy        = var.force_destroy
  keep_old_states_days = var.keep_old_states_days
}

# The bucket exists before Terraform's first run, because this state is also in it. It is imported.
import {
  to = module.remote_state.aws_s3_bucket.state
  id = local.bucket_name
}

# An account has one provider for GitHub at most.
resource "aws_iam_openid_connect_provider" "github" {
  for_each = toset([for github in var.github[*] : "github" if github.provider_arn == null])

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

# GitHub Actions of one repository plan, detect drift and deploy. Each environment has separate roles.
module "github" {
  source   = "../modules/github-oidc"
  for_each = try(var.github.environments, {})

  repository        = var.github.repository
  owner_id          = var.github.owner_id
  repository_id     = var.github.repository_id
  project           = var.github.project
  main_branch       = var.github.main_branch
  environment       = each.key
  pull_requests     = each.value.pull_requests
  state_key         = each.value.state_key
  secret_arns       = each.value.secret_arns
  upstream_arns     = each.value.upstream_arns
  zone_ids          = each.value.zone_ids
  trust_store_uris  = each.value.trust_store_uris
  iam_path          = each.value.iam_path
  provider_arn      = coalesce(var.github.provider_arn, one([for provider in aws_iam_openid_connect_provider.github : provider.arn]))
  state_bucket_name = module.remote_state.bucket_name
}

# Roles were once made for all environments together, and the provider with them.
moved {
  from = module.github["actions"].aws_iam_openid_connect_provider.github
  to   = aws_iam_openid_connect_provider.github
}
