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

  # What versions need that serve until the next release, or again after a rollback, and the contract does not.
  kept_in_files = flatten([for file in var.kept_contract_files : jsondecode(file(file)).permissions])
  kept_stores   = [for permission in local.kept_in_files : try(permission.store, null)]
  kept_contract_permissions = [
    for permission in local.kept_in_files : permission
    if !contains([for each in local.contract_permissions : jsonencode(each)], jsonencode(permission)) && try(contains(keys(local.stores), permission.store), true)
  ]

  # The same as the commands keep it: with the ARNs of then, so that a version also keeps an upstream that is no more.
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

  resolved = { for name, list in { contract = local.contract_permissions, kept = local.kept_contract_permissions } : name => [
    for permission in list : {
      actions      = permission.actions
      leading_keys = try(permission.leadingKeys, [])
      resources    = local.resources[jsonencode(permission)]
    } if length(local.resources[jsonencode(permission)]) > 0
  ] }

  own_permissions = concat(local.resolved.contract, local.switched_permissions)
  permissions = concat(
    local.own_permissions,
    local.resolved.kept,
    [for each in local.kept : jsondecode(each) if !contains([for own in local.own_permissions : jsonencode(own)], each)],
  )

  # Empty for what is no more. Preconditions of base_url report what the contract needs and is missing or no ARN.
  resources = { for permission in concat(local.contract_permissions, local.kept_contract_permissions) : jsonencode(permission) => [
    for arn in try(
      local.stores[permission.store],
      [local.secrets[permission.secret]],
      compact([lookup(local.upstreams, permission.upstream, "")]),
      compact([lookup(var.values, permission.value, "")]),
    ) : "${arn}${try(permission.within, "")}"
  ] }

  no_arns = distinct([
    for permission in local.contract_permissions : "values.${permission.value}"
    if !startswith(try(var.values[permission.value], "arn:"), "arn:")
  ])
}
