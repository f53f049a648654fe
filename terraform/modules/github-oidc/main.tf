data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}

locals {
  issuer     = "token.actions.githubusercontent.com"
  account_id = data.aws_caller_identity.this.account_id
  partition  = data.aws_partition.this.partition

  owner = split("/", var.repository)[0]
  name  = split("/", var.repository)[1]

  # Repositories created, renamed or transferred since 2026-07-15 send their ids in the subject, older ones only once they opt in:
  # https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims. Both forms are trusted, each as a whole.
  repositories = concat(
    ["repo:${var.repository}"],
    [for id in var.repository_id[*] : "repo:${local.owner}@${var.owner_id}/${local.name}@${id}"],
  )

  # Whole subjects, no patterns: a branch of another name, a fork, another repository or another environment is refused.
  roles = merge(
    { for name in var.pull_requests ? ["plan"] : [] : name => {
      description = "Plans a pull request for ${var.environment} against its state alone"
      context     = "pull_request"
      may         = ["state"]
    } },
    {
      drift = {
        description = "Plans the main branch against what is deployed in ${var.environment}"
        context     = "ref:refs/heads/${var.main_branch}"
        may         = ["state", "read"]
      }
      apply = {
        description = "Deploys and releases ${var.environment} from GitHub's environment of that name"
        context     = "environment:${var.environment}"
        may         = ["state", "read", "write"]
      }
    },
  )

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

# Not named after the project, whose roles the role "apply" may change: it must not change itself.
resource "aws_iam_role" "this" {
  for_each = local.roles

  name                 = "${local.prefix}-${each.key}"
  description          = each.value.description
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = var.provider_arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = merge(
          {
            "${local.issuer}:aud" = "sts.amazonaws.com"
            "${local.issuer}:sub" = [for repository in local.repositories : "${repository}:${each.value.context}"]
          },
          # A name can be released and registered by another owner, an id cannot. AWS knows the claim as a condition
          # key:
          # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
          { for id in var.repository_id[*] : "${local.issuer}:repository_id" => id },
        )
      }
    }]
  })
}

resource "aws_iam_policy" "this" {
  for_each = local.policies

  name        = "${local.prefix}-${each.key}"
  description = "A part of what GitHub Actions may do with ${local.own}"
  policy      = jsonencode({ Version = "2012-10-17", Statement = each.value })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = local.attached

  role       = aws_iam_role.this[each.value.role].name
  policy_arn = aws_iam_policy.this[each.value.policy].arn
}
