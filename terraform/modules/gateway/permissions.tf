locals {
  # Every resource that the contract's permissions may name by its role, as handler/compiler/permissions.ts lists them.
  stores = merge(
    {
      # An apply does not replace the version that serves: it may read another of these tables.
      sessions    = module.tables.sessions_table_arns
      rate-limits = [module.tables.rate_limits_table.arn]
    },
    { for key, table in module.tables.further_tables : key => [table.arn] },
  )
  secrets = {
    signing = local.signing_secret_arn
  }

  # What the contract's parts need. Builds of 0.1 do not say it, and have what all of them needed.
  contract_permissions = try(local.contract.permissions, concat(
    [
      { store = "sessions", actions = ["dynamodb:GetItem"] },
      { store = "rate-limits", actions = ["dynamodb:UpdateItem"] },
      { secret = "signing", actions = ["secretsmanager:GetSecretValue"] },
    ],
    [for key in length(try(local.contract.access_tokens, [])) > 0 ? ["issuer-keys/*"] : [] : { store = "rate-limits", leadingKeys = [key], actions = ["dynamodb:GetItem"] }],
  ))

  # What versions need that serve until the next release, or again after a rollback: with the ARNs of then, so that a
  # version also keeps an upstream that is no more.
  kept           = distinct(flatten([for each in values(var.kept_permissions) : [for permission in jsondecode(each) : jsonencode(permission)]]))
  kept_resources = flatten([for each in local.kept : jsondecode(each).resources])

  # What this environment switches on.
  switched_permissions = concat(
    # One item of the table, and only while faults are allowed.
    [for key in var.operations.fault_injection ? ["fault-injection"] : [] : {
      actions      = ["dynamodb:GetItem"]
      resources    = local.stores["rate-limits"]
      leading_keys = [key]
    }],
    [for proxy in var.api.trusted_proxy[*] : {
      actions      = ["secretsmanager:GetSecretValue"]
      resources    = [proxy.secret_arn]
      leading_keys = []
    }],
  )

  # No resources for what is missing, which preconditions of base_url report, as what is no ARN.
  resolved = [
    for permission in local.contract_permissions : {
      actions      = permission.actions
      leading_keys = try(permission.leadingKeys, [])
      resources = [
        for arn in try(
          local.stores[permission.store],
          [local.secrets[permission.secret]],
          # For an alias or a version, "Step Functions uses the state machine's ARN", not theirs:
          # https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
          distinct(compact([lookup(local.upstreams, permission.upstream, ""), replace(lookup(local.upstreams, permission.upstream, ""), "/(:stateMachine:[^:]+):.*$/", "$1")])),
          compact([lookup(var.values, permission.value, "")]),
        ) : "${arn}${try(permission.within, "")}"
      ]
    }
  ]

  own_permissions = concat([for permission in local.resolved : permission if length(permission.resources) > 0], local.switched_permissions)
  permissions = concat(
    local.own_permissions,
    [for each in local.kept : jsondecode(each) if !contains([for own in local.own_permissions : jsonencode(own)], each)],
  )

  no_arns = distinct([
    for permission in local.contract_permissions : "values.${permission.value}"
    if !startswith(try(var.values[permission.value], "arn:"), "arn:")
  ])
}
