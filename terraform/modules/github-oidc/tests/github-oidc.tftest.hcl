mock_provider "aws" {
  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/github-postern-boundary" }
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
  state_bucket_name = "postern-state-123456789012-us-east-1"
}

run "trusts_whole_subjects_of_one_repository" {
  assert {
    condition = {
      for name, role in aws_iam_role.this : name => toset(jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"])
      } == {
      plan  = toset(["repo:example/gateway:pull_request"])
      drift = toset(["repo:example/gateway:ref:refs/heads/main"])
      apply = toset(["repo:example/gateway:environment:dev", "repo:example/gateway:environment:prod"])
    }
    error_message = "A pull request plans, main looks for drift, environments apply."
  }
  assert {
    condition     = alltrue([for role in aws_iam_role.this : !strcontains(role.assume_role_policy, "*") && !strcontains(role.assume_role_policy, "StringLike") && jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"])
    error_message = "No pattern, and no token for somebody else."
  }
}

run "enumerates_every_action" {
  assert {
    condition     = alltrue(flatten([for policy in aws_iam_policy.this : [for statement in jsondecode(policy.policy).Statement : [for action in statement.Action : !strcontains(action, "*")]]]))
    error_message = "No action has a wildcard."
  }
  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : alltrue([for action in statement.Action : !strcontains(action, "*") && !startswith(action, "iam:")])])
    error_message = "Nor has the boundary, which gives nobody a role."
  }
  assert {
    condition     = alltrue([for policy in concat(values(aws_iam_policy.this), [aws_iam_policy.boundary]) : length(policy.policy) <= 6144])
    error_message = "IAM takes 6,144 characters for a policy."
  }
  assert {
    condition     = length([for key in keys(aws_iam_role_policy_attachment.this) : key if startswith(key, "apply-")]) <= 10
    error_message = "IAM takes ten policies for a role."
  }
}

run "reads_only_where_it_plans" {
  assert {
    condition     = [for key in keys(aws_iam_role_policy_attachment.this) : key if startswith(key, "plan-")] == ["plan-state"]
    error_message = "A pull request sees the state alone."
  }
  assert {
    condition     = alltrue([for key in keys(aws_iam_role_policy_attachment.this) : !startswith(key, "drift-write")])
    error_message = "Looking for drift changes nothing."
  }
  assert {
    condition = toset(flatten([for statement in jsondecode(aws_iam_policy.this["state"].policy).Statement : statement.Action])) == toset([
      "s3:ListBucket", "s3:GetObject", "secretsmanager:GetRandomPassword",
    ])
    error_message = "No signing key, no session, and nothing written."
  }
  assert {
    condition = flatten([
      for policy in aws_iam_policy.this : [for statement in jsondecode(policy.policy).Statement : statement.Resource if contains(statement.Action, "s3:DeleteObject")]
    ]) == ["arn:aws:s3:::postern-state-123456789012-us-east-1/postern/*.tflock"]
    error_message = "Nobody deletes a state."
  }
  assert {
    condition = alltrue(flatten([
      for key, policy in aws_iam_policy.this : [
        for statement in jsondecode(policy.policy).Statement : [
          for action in statement.Action : can(regex(":(Get|List|Describe|View|Decrypt$|GenerateDataKey$)", action)) || action == "apigateway:GET"
        ]
      ] if startswith(key, "read-")
    ]))
    error_message = "Reading changes nothing."
  }
}

run "writes_only_what_bears_the_name" {
  assert {
    condition = toset(flatten([
      for policy in aws_iam_policy.this : [
        for statement in jsondecode(policy.policy).Statement : statement.Sid
        if anytrue([for resource in statement.Resource : !strcontains(resource, "postern-") && !strcontains(resource, "/postern/")])
      ]
    ])) == toset(["DrawKeys", "ListUnnamed", "MakeKeys", "ReadApis", "ReadKeys", "WriteApis", "WriteKeys", "WriteUnnamed"])
    error_message = "But for what has no name: APIs, keys (by their tag) and a few lists."
  }
  assert {
    condition = alltrue(flatten([
      for policy in aws_iam_policy.this : [
        for statement in jsondecode(policy.policy).Statement : statement.Condition == { StringEquals = { "aws:ResourceTag/Project" = "postern" } }
        if contains(["ReadKeys", "WriteKeys"], statement.Sid)
      ]
    ]))
    error_message = "Keys are told by their tag."
  }
}

# By AWS's service authorization reference: granted on a name, they are granted on nothing.
run "names_nothing_where_an_action_knows_no_resource" {
  assert {
    condition = toset(flatten([
      for policy in aws_iam_policy.this : [for statement in jsondecode(policy.policy).Statement : statement.Resource if length(setintersection(statement.Action, [
        "codedeploy:StopDeployment", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs", "kms:CreateKey", "kms:ListAliases",
        "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DeleteQueryDefinition", "logs:DescribeLogGroups", "logs:DescribeQueryDefinitions",
        "logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutQueryDefinition", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
        "secretsmanager:GetRandomPassword", "sns:GetSubscriptionAttributes", "sns:Unsubscribe",
      ])) > 0]
    ])) == toset(["*"])
    error_message = "Such a permission has to be on everything."
  }
}

run "makes_roles_only_under_the_boundary" {
  assert {
    condition     = one(flatten([for policy in aws_iam_policy.this : [for statement in jsondecode(policy.policy).Statement : statement if contains(statement.Action, "iam:CreateRole") || contains(statement.Action, "iam:PutRolePolicy")]])).Condition == { StringEquals = { "iam:PermissionsBoundary" = "arn:aws:iam::123456789012:policy/github-postern-boundary" } }
    error_message = "A role without the boundary could do anything."
  }
  assert {
    condition = length(setintersection(
      flatten([for policy in aws_iam_policy.this : [for statement in jsondecode(policy.policy).Statement : statement.Action]]),
      ["iam:PutRolePermissionsBoundary", "iam:DeleteRolePermissionsBoundary", "iam:AttachRolePolicy", "iam:CreatePolicyVersion", "iam:CreateUser", "iam:CreateAccessKey"],
    )) == 0
    error_message = "Nobody takes the boundary away."
  }
  assert {
    condition     = alltrue([for named in concat(values(aws_iam_role.this), values(aws_iam_policy.this), [aws_iam_policy.boundary]) : startswith(named.name, "github-")])
    error_message = "The role that may change postern-* must not change itself."
  }
}

run "shares_the_accounts_provider" {
  variables {
    provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0
    error_message = "An account has one."
  }
}
