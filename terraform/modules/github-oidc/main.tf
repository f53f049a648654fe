data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}

locals {
  issuer     = "token.actions.githubusercontent.com"
  account_id = data.aws_caller_identity.this.account_id
  partition  = data.aws_partition.this.partition
  repository = "repo:${var.repository}"

  # Whole subjects, no patterns: a branch of another name, a fork or another repository is somebody else.
  roles = {
    plan = {
      description = "Plans a pull request against the state alone"
      subjects    = ["${local.repository}:pull_request"]
      may         = ["state"]
    }
    drift = {
      description = "Plans the main branch against what stands"
      subjects    = ["${local.repository}:ref:refs/heads/${var.main_branch}"]
      may         = ["state", "read"]
    }
    apply = {
      description = "Deploys and releases from GitHub's environments"
      subjects    = [for environment in var.environments : "${local.repository}:environment:${environment}"]
      may         = ["state", "read", "write"]
    }
  }

  # A policy has room for 6,144 characters, and a role for ten policies.
  policies = merge(
    { state = local.plan_statements },
    { for number in range(ceil(length(local.read_statements) / 6)) : "read-${number + 1}" => slice(local.read_statements, number * 6, min(number * 6 + 6, length(local.read_statements))) },
    { for number in range(ceil(length(local.write_statements) / 6)) : "write-${number + 1}" => slice(local.write_statements, number * 6, min(number * 6 + 6, length(local.write_statements))) },
  )

  attached = merge([
    for role, settings in local.roles : {
      for policy in keys(local.policies) : "${role}-${policy}" => { role = role, policy = policy }
      if contains(settings.may, split("-", policy)[0])
    }
  ]...)
}

# An account has one provider for GitHub at most.
resource "aws_iam_openid_connect_provider" "github" {
  for_each = toset(var.provider_arn == null ? ["github"] : [])

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

# Not named after the project, whose roles the role "apply" may change: it must not change itself.
resource "aws_iam_role" "this" {
  for_each = local.roles

  name                 = "github-${var.project}-${each.key}"
  description          = each.value.description
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = coalesce(var.provider_arn, one([for provider in aws_iam_openid_connect_provider.github : provider.arn])) }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
          "${local.issuer}:sub" = each.value.subjects
        }
      }
    }]
  })
}

resource "aws_iam_policy" "this" {
  for_each = local.policies

  name        = "github-${var.project}-${each.key}"
  description = "A part of what GitHub Actions may do with ${var.project}"
  policy      = jsonencode({ Version = "2012-10-17", Statement = each.value })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = local.attached

  role       = aws_iam_role.this[each.value.role].name
  policy_arn = aws_iam_policy.this[each.value.policy].arn
}
