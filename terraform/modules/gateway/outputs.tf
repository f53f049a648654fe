output "stack" {
  description = "What the commands read of a deployed gateway. Give the root module an output of this name and value."
  value = {
    api_id                   = module.api.api_id
    base_url                 = module.api.base_url
    default_url              = module.api.default_url
    stage_name               = module.api.stage_name
    custom_domain_target     = module.api.domain_target
    region                   = local.region
    function_name            = module.function.function_name
    alias_name               = module.function.alias_name
    traffic                  = var.function.traffic
    role_name                = module.function.role_name
    log_group_name           = module.function.log_group_name
    session_table_name       = module.tables.sessions_table.name
    ratelimit_table_name     = module.tables.rate_limits_table.name
    further_table_names      = { for key, table in module.tables.further_tables : key => table.name }
    api_key_prefixes         = distinct([for key in try(local.contract.api_keys, []) : key.prefix])
    plan_quotas              = try(local.contract.plans, {})
    token_signing_secret_arn = local.signing_secret_arn
    alarm_names              = module.observability.alarm_names
    alarm_topic_arn          = module.observability.alarm_topic_arn
    dashboard_name           = module.observability.dashboard_name
    budget_name              = one([for budget in module.budget : budget.budget_name])
    fault_injection          = var.operations.fault_injection
    trusted_proxy            = var.api.trusted_proxy
    contract_routes          = try(jsonencode(local.contract.routes), null)
    permissions              = jsonencode(local.own_permissions)
    kept_permissions         = { for version, each in var.kept_permissions : version => each if each != jsonencode(local.own_permissions) }
  }
}

output "base_url" {
  description = "Address to which the contract's paths are appended."
  value       = module.api.base_url

  precondition {
    condition     = local.contract != null
    error_message = "${var.contract_file} does not exist. Build it: `npx postern build`."
  }

  precondition {
    # Builds of 0.1 stamped neither.
    condition     = local.contract == null || can(local.contract.code_sha256) && try(local.contract.version, local.version) == local.version
    error_message = "${var.contract_file} was built by Postern ${try(local.contract.version, "0.1")}, and this module is of ${local.version}. Install the package of that version, then build again: `npm install --save-dev --save-exact postern@${local.version} && npx postern build`."
  }

  precondition {
    condition     = local.contract == null || toset(local.built_with) == toset(local.switched_on)
    error_message = "The zip of ${var.contract_file} was built with ${length(local.built_with) == 0 ? "nothing" : join(" and ", local.built_with)} switched on, and this module has ${length(local.switched_on) == 0 ? "nothing" : join(" and ", local.switched_on)} switched on. Build it for this environment: `npx postern build ${local.environment}`."
  }

  precondition {
    condition     = length(local.missing_upstreams) == 0
    error_message = "upstreams has no URL or ARN for ${join(", ", local.missing_upstreams)}. Add: ${join(", ", [for name in local.missing_upstreams : "${name} = \"${contains(keys(local.upstream_kinds), name) ? "arn:…" : "https://…"}\""])}"
  }

  precondition {
    condition     = length(local.unknown_upstreams) == 0
    error_message = "upstreams has names that are not upstreams of the contract: ${join(", ", local.unknown_upstreams)}. The upstreams are ${join(", ", local.upstream_names)}."
  }

  precondition {
    condition     = length(local.missing_values) == 0
    error_message = "values has no ${join(", ", local.missing_values)}, which the contract uses. Add: ${join(", ", [for name in local.missing_values : "${name} = \"…\""])}"
  }

  precondition {
    # The emulator verifies no certificate.
    condition     = try(local.contract.mutual_tls, false) && var.emulator_url == null ? try(var.domain.trust_store, null) != null : true
    error_message = "The contract has callers with client certificates, and no client is asked for one. Add a trust store to the domain: trust_store = { uri = \"s3://…/clients.pem\", version = \"…\" }"
  }

  precondition {
    condition     = length(local.no_arns) == 0
    error_message = "${join(", ", local.no_arns)}: not the ARN of what the contract uses there, such as \"arn:aws:sqs:us-east-1:123456789012:orders\"."
  }

  precondition {
    condition     = length(local.routes_in_the_stage) == 0
    error_message = "${join(", ", local.routes_in_the_stage)} in the contract: the path begins with the name of the stage, ${var.api.stage_name}, which the gateway removes from every path. Use another first segment, such as /api/${var.api.stage_name}/…"
  }
}

output "domain_target" {
  description = "Target of the domain's DNS record, an alias or CNAME; null without a domain."
  value       = module.api.domain_target
}

output "arns" {
  description = "ARNs of what is deployed, for policies and modules beside this one; null where there is none."
  value = {
    api                = module.api.execution_arn
    function           = module.function.function_arn
    alias              = module.function.alias_arn
    role               = module.function.role_arn
    log_group          = module.function.log_group_arn
    sessions_table     = module.tables.sessions_table.arn
    rate_limits_table  = module.tables.rate_limits_table.arn
    further_tables     = { for key, table in module.tables.further_tables : key => table.arn }
    signing_secret     = local.signing_secret_arn
    key                = local.kms_key_arn
    alarm_topic        = module.observability.alarm_topic_arn
    server_error_alarm = module.observability.server_error_alarm_arn
  }
}

output "function_policy_json" {
  description = "Policy that the function's role needs, for a role that is made elsewhere."
  value       = module.function.policy_json
}

output "key_policy_json" {
  description = "Policy that a key needs that is made elsewhere; it does not depend on the gateway."
  value       = module.encryption.policy_json
}

output "login_policy_json" {
  description = "Policy that a login service needs to write sessions and to sign their tokens."
  value = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "WriteSessions"
          Effect   = "Allow"
          Action   = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
          Resource = [module.tables.sessions_table.arn]
        },
        {
          Sid      = "FindSessionsOfAUser"
          Effect   = "Allow"
          Action   = ["dynamodb:Query"]
          Resource = ["${module.tables.sessions_table.arn}/index/by-user"]
        },
        {
          Sid      = "ReadSigningKey"
          Effect   = "Allow"
          Action   = ["secretsmanager:GetSecretValue"]
          Resource = [local.signing_secret_arn]
        },
      ],
      # DynamoDB and Secrets Manager use the key in the name of the caller.
      [for arns in [distinct(compact([local.kms_key_arn, try(var.stores.sessions_table.kms_key_arn, null), try(var.stores.signing_secret.kms_key_arn, null)]))] : {
        Sid      = "UseTheKey"
        Effect   = "Allow"
        Action   = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
        Resource = arns
      } if length(arns) > 0],
    )
  })
}
