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

module "remote_state" {
  source = "../modules/remote-state"

  bucket_name          = coalesce(var.bucket_name, "postern-state-${data.aws_caller_identity.this.account_id}-${var.region}")
  lock_table_name      = var.lock_table_name
  force_destroy        = var.force_destroy
  keep_old_states_days = var.keep_old_states_days
}

# GitHub Actions of one repository plan, look for drift and deploy, where there is one.
module "github" {
  source   = "../modules/github-oidc"
  for_each = var.github == null ? {} : { actions = var.github }

  repository        = each.value.repository
  environments      = each.value.environments
  provider_arn      = each.value.provider_arn
  state_bucket_name = module.remote_state.bucket_name
}
