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

run "trusts_names_and_ids_of_a_repository_that_sends_both" {
  variables {
    owner_id      = "123456"
    repository_id = "456789"
  }

  assert {
    condition = jsondecode(aws_iam_role.this["apply"].assume_role_policy).Statement[0].Condition == {
      StringEquals = {
        "token.actions.githubusercontent.com:aud"           = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub"           = ["repo:example/gateway:environment:dev", "repo:example@123456/gateway@456789:environment:dev"]
        "token.actions.githubusercontent.com:repository_id" = "456789"
      }
    }
    error_message = "Both forms of the subject are whole, and the id of the repository is demanded with either."
  }
  assert {
    condition     = alltrue([for role in aws_iam_role.this : !strcontains(role.assume_role_policy, "*") && keys(jsondecode(role.assume_role_policy).Statement[0].Condition) == ["StringEquals"]])
    error_message = "No subject is a pattern."
  }
}

run "plans_no_pull_request_by_default" {
  variables {
    pull_requests = false
  }

  assert {
    condition     = keys(aws_iam_role.this) == ["apply", "drift"]
    error_message = "A pull request reads no state of this environment."
  }
}

run "enumerates_every_action" {
  assert {
    condition     = alltrue(flatten([for policy in aws_iam_policy.this : [for statement in jsondecode(policy.policy).Statement : [for action in statement.Action : !strcontains(action, "*")]]]))
    error_message = "No action has a wildcard."
  }
  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : alltrue([for action in statement.Action : !strcontains(action, "*") && !startswith(action, "iam:")])])
    error_message = "The boundary does not allow it either."
  }
}

run "fits_into_policies_with_the_longest_names" {
  variables {
    project           = "a-project-of-24-letters1"
    environment       = "sixteen-letters1"
    state_bucket_name = "postern-state-123456789012-ap-southeast-1"
  }

  assert {
    condition     = alltrue([for policy in concat(values(aws_iam_policy.this), [aws_iam_policy.boundary]) : length(policy.policy) <= 6144])
    error_message = "IAM takes 6,144 characters for a policy."
  }
  assert {
    condition     = length([for key in keys(aws_iam_role_policy_attachment.this) : key if startswith(key, "apply-")]) <= 10
    error_message = "IAM takes ten policies for a role."
  }
  assert {
    condition     = alltrue([for role in aws_iam_role.this : length(role.name) <= 64])
    error_message = "IAM takes 64 characters for a role's name."
  }
}

run "reads_only_where_it_plans" {
  assert {
    condition     = [for key in keys(aws_iam_role_policy_attachment.this) : key if startswith(key, "plan-")] == ["plan-state"]
    error_message = "A pull request reads only the state."
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
    ]) == ["arn:aws:s3:::postern-state-123456789012-us-east-1/postern/dev.tfstate.tflock"]
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

run "touches_one_environment_alone" {
  # As IAM matches a resource: * is any text, and nothing else has a meaning.
  assert {
    condition = [
      for arn in [
        "arn:aws:s3:::postern-state-123456789012-us-east-1/postern/prod.tfstate",
        "arn:aws:s3:::postern-state-123456789012-us-east-1/postern/prod.tfstate.tflock",
        "arn:aws:s3:::postern-state-123456789012-us-east-1/bootstrap/terraform.tfstate",
        "arn:aws:lambda:us-east-1:123456789012:function:postern-prod",
        "arn:aws:lambda:us-east-1:123456789012:function:postern-prod:live",
        "arn:aws:lambda:us-east-1:123456789012:function:postern-dev2",
        "arn:aws:dynamodb:us-east-1:123456789012:table/postern-prod-sessions",
        "arn:aws:dynamodb:us-east-1:123456789012:table/postern-prod-sessions/index/by-user",
        "arn:aws:dynamodb:us-east-1:123456789012:table/postern-prod-rate-limits",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:postern-prod-token-signing-abc-AbCdEf",
        "arn:aws:iam::123456789012:role/postern-prod",
        "arn:aws:iam::123456789012:role/github-postern-dev-apply",
        "arn:aws:iam::123456789012:policy/github-postern-dev-boundary",
        "arn:aws:sns:us-east-1:123456789012:postern-prod-alarms",
        "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/postern-prod",
        "arn:aws:cloudwatch::123456789012:dashboard/postern-prod",
        "arn:aws:cloudwatch::123456789012:dashboard/postern-prod-us-east-1",
        "arn:aws:route53:::hostedzone/Z0123456789",
        "arn:aws:kms:us-east-1:123456789012:alias/postern-prod",
        "arn:aws:budgets::123456789012:budget/postern-prod-monthly",
        ] : arn if anytrue(flatten([
          for policy in concat(values(aws_iam_policy.this), [aws_iam_policy.boundary]) : [
            for statement in jsondecode(policy.policy).Statement : [
              for resource in statement.Resource : can(regex("^${replace(replace(resource, ".", "\\."), "*", ".*")}$", arn)) if resource != "*"
            ]
          ]
      ]))
    ] == []
    error_message = "Nothing of prod, of this environment's own roles or of the bootstrap has a name that a statement matches."
  }
  # All actions that cannot be limited by name. docs/github-actions.md says why, and what limits them instead.
  assert {
    condition = toset(flatten([
      for policy in aws_iam_policy.this : [
        for statement in jsondecode(policy.policy).Statement : statement.Sid
        if anytrue([for resource in statement.Resource : !strcontains(resource, "postern-dev") && !strcontains(resource, "/postern/dev.tfstate")])
      ]
      ])) == toset([
      "DrawKeys", "FindOlderStates", "FindStates", "ListUnnamed", "MakeKeys", "ReadApiTags", "ReadApis", "ReadKeys", "TagApis", "TagNewKeys", "UseKeys", "WriteApis", "WriteCompositeAlarms", "WriteKeys", "WriteUnnamed",
    ])
    error_message = "Every other statement names the environment."
  }
  assert {
    condition = {
      for statement in flatten([for policy in aws_iam_policy.this : jsondecode(policy.policy).Statement]) : statement.Sid => statement.Condition
      if contains(["ReadKeys", "UseKeys", "WriteKeys"], statement.Sid)
      } == {
      for sid in ["ReadKeys", "UseKeys", "WriteKeys"] : sid => { StringEquals = { "aws:ResourceTag/Project" = "postern", "aws:ResourceTag/Environment" = "dev" } }
    }
    error_message = "Keys are recognized by both tags."
  }
  assert {
    condition = {
      for statement in flatten([for policy in aws_iam_policy.this : jsondecode(policy.policy).Statement]) : statement.Sid => statement.Condition
      if contains(["ReadApis", "WriteApis", "WriteCompositeAlarms"], statement.Sid)
      } == {
      for sid in ["ReadApis", "WriteApis", "WriteCompositeAlarms"] : sid => { StringEqualsIfExists = { "aws:ResourceTag/Project" = "postern", "aws:ResourceTag/Environment" = "dev" } }
    }
    error_message = "What has the tags of another environment is refused."
  }
  assert {
    condition = jsondecode(join("", [for statement in flatten([for policy in aws_iam_policy.this : jsondecode(policy.policy).Statement]) : jsonencode(statement.Condition) if statement.Sid == "TagNewKeys"])) == {
      StringEquals         = { "aws:RequestTag/Project" = "postern", "aws:RequestTag/Environment" = "dev" }
      StringEqualsIfExists = { "aws:ResourceTag/Project" = "postern", "aws:ResourceTag/Environment" = "dev" }
    }
    error_message = "A key of another environment cannot be tagged as one's own."
  }
}

run "can_change_all_of_its_own_environment" {
  assert {
    condition = [
      for arn in [
        "arn:aws:s3:::postern-state-123456789012-us-east-1/postern/dev.tfstate",
        "arn:aws:s3:::postern-state-123456789012-us-east-1/postern/dev.tfstate.tflock",
        "arn:aws:lambda:eu-central-1:123456789012:function:postern-dev",
        "arn:aws:lambda:eu-central-1:123456789012:function:postern-dev:live",
        "arn:aws:dynamodb:eu-central-1:123456789012:table/postern-dev-sessions",
        "arn:aws:dynamodb:eu-central-1:123456789012:table/postern-dev-sessions-20261121-103000",
        "arn:aws:dynamodb:eu-central-1:123456789012:table/postern-dev-sessions-20261121-103000/index/by-user",
        "arn:aws:dynamodb:eu-central-1:123456789012:table/postern-dev-rate-limits",
        "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/postern-dev:log-stream:1",
        "arn:aws:iam::123456789012:role/postern-dev",
        ] : arn if !anytrue(flatten([
          for policy in aws_iam_policy.this : [
            for statement in jsondecode(policy.policy).Statement : [
              for resource in statement.Resource : can(regex("^${replace(replace(resource, ".", "\\."), "*", ".*")}$", arn)) if resource != "*"
            ]
          ]
      ]))
    ] == []
    error_message = "A restored sessions table, its index, versions and aliases are among the environment's own."
  }
  assert {
    condition = flatten([
      for statement in flatten([for policy in aws_iam_policy.this : jsondecode(policy.policy).Statement]) : statement.Resource if statement.Sid == "WriteSessions"
    ]) == ["arn:aws:dynamodb:*:123456789012:table/postern-dev-sessions*"]
    error_message = "Sessions are written to a restored table, too."
  }
  assert {
    condition = flatten([
      for statement in flatten([for policy in aws_iam_policy.this : jsondecode(policy.policy).Statement]) : statement.Resource if statement.Sid == "WriteCredentials"
    ]) == ["arn:aws:dynamodb:*:123456789012:table/postern-dev-credentials", "arn:aws:dynamodb:*:123456789012:table/postern-dev-credentials/index/by-consumer"]
    error_message = "API keys are written to the environment's own table, and no other can be listed."
  }
  assert {
    condition = [
      for statement in flatten([for policy in aws_iam_policy.this : jsondecode(policy.policy).Statement]) : [statement.Resource, statement.Condition] if statement.Sid == "PurgeCache"
    ] == [[["arn:aws:dynamodb:*:123456789012:table/postern-dev-cache"], { "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["purges"] } }]]
    error_message = "The cache can be purged, and none of its responses be read or written."
  }
  assert {
    condition = [
      for statement in flatten([for policy in aws_iam_policy.this : jsondecode(policy.policy).Statement]) : [statement.Action, statement.Resource] if statement.Sid == "ReadUsage"
    ] == [[["dynamodb:Scan"], ["arn:aws:dynamodb:*:123456789012:table/postern-dev-usage"]]]
    error_message = "What consumers have used can be listed."
  }
  assert {
    condition = flatten([
      for statement in flatten([for policy in aws_iam_policy.this : jsondecode(policy.policy).Statement]) : [statement.Action, statement.Resource] if statement.Sid == "WriteTraffic"
    ]) == ["dynamodb:GetItem", "dynamodb:PutItem", "arn:aws:dynamodb:*:123456789012:table/postern-dev-traffic"]
    error_message = "make traffic reads and writes the one item of the environment's own table."
  }
}

run "accepts_a_custom_state_key" {
  variables {
    state_key = "gateway/development.tfstate"
  }

  assert {
    condition = flatten([
      for statement in flatten([for policy in aws_iam_policy.this : jsondecode(policy.policy).Statement]) : statement.Resource if statement.Sid == "WriteState"
    ]) == [for key in ["gateway/development.tfstate", "gateway/development.tfstate.tflock"] : "arn:aws:s3:::postern-state-123456789012-us-east-1/${key}"]
    error_message = "The state and its lock are where the backend's settings say."
  }
}

run "lets_the_function_read_a_secret_of_another_name" {
  variables {
    secret_arns = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf"]
  }

  assert {
    condition = flatten([for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : statement.Resource if statement.Sid == "Secrets"]) == [
      "arn:aws:secretsmanager:*:123456789012:secret:postern-dev-*", "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf",
    ]
    error_message = "The function's role can be given the proxy's secret, and the role for GitHub Actions cannot read it."
  }
  assert {
    condition     = !anytrue([for policy in aws_iam_policy.this : strcontains(policy.policy, "secret:origin")])
    error_message = "No job reads it."
  }
}

run "lets_the_function_call_the_upstreams_that_are_named_and_no_others" {
  variables {
    upstream_arns = ["arn:aws:sqs:us-east-1:123456789012:exports", "arn:aws:lambda:us-east-1:123456789012:function:quotes:live", "arn:aws:s3:::acme-files"]
  }

  assert {
    condition = flatten([for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : statement.Resource if statement.Sid == "Upstreams"]) == [
      "arn:aws:lambda:us-east-1:123456789012:function:quotes:live", "arn:aws:lambda:us-east-1:123456789012:function:quotes", "arn:aws:s3:::acme-files/*", "arn:aws:sqs:us-east-1:123456789012:exports",
    ]
    error_message = "The function's role can be given these, and no queue or function of another environment."
  }
  assert {
    condition = flatten([for policy in aws_iam_policy.this : [for statement in jsondecode(policy.policy).Statement : statement.Resource if statement.Sid == "ReadUpstreams"]]) == [
      "arn:aws:lambda:us-east-1:123456789012:function:quotes:live", "arn:aws:lambda:us-east-1:123456789012:function:quotes", "arn:aws:s3:::acme-files", "arn:aws:sqs:us-east-1:123456789012:exports",
    ]
    error_message = "The deployer sees whether exactly these exist."
  }
}

run "makes_roles_only_under_the_boundary" {
  assert {
    condition     = one(flatten([for policy in aws_iam_policy.this : [for statement in jsondecode(policy.policy).Statement : statement if contains(statement.Action, "iam:CreateRole") || contains(statement.Action, "iam:PutRolePolicy")]])).Condition == { StringEquals = { "iam:PermissionsBoundary" = "arn:aws:iam::123456789012:policy/github-postern-dev-boundary" } }
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
    condition     = alltrue([for named in concat(values(aws_iam_role.this), values(aws_iam_policy.this), [aws_iam_policy.boundary]) : startswith(named.name, "github-postern-dev-")])
    error_message = "The role that may change postern-dev-* must not change itself."
  }
}

run "changes_no_record_unless_a_zone_is_given" {
  assert {
    condition     = !anytrue([for policy in aws_iam_policy.this : strcontains(policy.policy, "route53:") || strcontains(policy.policy, "acm:")])
    error_message = "Without zones there is no permission for any."
  }
}

run "reads_a_trust_store_where_it_deploys_alone" {
  variables {
    trust_store_uris = ["s3://acme-trust/dev/clients.pem"]
  }

  assert {
    condition = {
      for key, policy in aws_iam_policy.this : split("-", key)[0] => [for statement in jsondecode(policy.policy).Statement : statement.Resource if contains(statement.Action, "s3:GetObjectVersion") && contains(statement.Action, "s3:GetObject")]...
      if strcontains(policy.policy, "acme-trust")
    } == { write = [[["arn:aws:s3:::acme-trust/dev/clients.pem"]]] }
    error_message = "API Gateway reads the one object when a job sets it, and nothing else reads it."
  }
}

run "makes_the_functions_role_on_its_path" {
  variables {
    iam_path = "/gateways/"
  }

  assert {
    condition = toset(flatten([
      for statement in flatten([for policy in aws_iam_policy.this : jsondecode(policy.policy).Statement]) : statement.Resource if contains(["ReadRoles", "MakeRoles", "WriteRoles", "PassRoles"], statement.Sid)
    ])) == toset(["arn:aws:iam::123456789012:role/gateways/postern-dev", "arn:aws:iam::123456789012:role/gateways/postern-dev-*"])
    error_message = "A role of the same name on another path is somebody else's."
  }
}
