locals {
  # Tables that are made elsewhere; null makes one.
  brought = merge({ sessions = var.sessions_table, rate_limits = var.rate_limits_table }, var.further_tables)
  hash_keys = {
    sessions    = "session_id"
    rate_limits = "rate_limit_key"
    cache       = "cache_key"
    credentials = "credential_id"
    idempotency = "idempotency_key"
    traffic     = "traffic_id"
    usage       = "usage_id"
  }
  tables = merge(
    { for key, table in local.brought : key => { name = "${var.name}-${replace(key, "_", "-")}", hash_key = local.hash_keys[key] } if table == null },
    # A restored table exists beside the one that it replaces: the serving version reads that one until the next release.
    { for name in concat(var.restored_sessions_table[*], var.kept_sessions_tables) : name => { name = name, hash_key = local.hash_keys.sessions } },
  )

  # By the key of their table. Both are sparse and have only keys, so that a write to another attribute does not write
  # to them, and the function uses neither. An index is added to and removed from a table in place.
  indexes = {
    # `make revoke USER=…` finds a user's sessions with it. Items of login services may not have the attribute.
    session_id = { name = "by-user", hash_key = "user_id" }
    # `make apikey-list CONSUMER=…` finds a consumer's credentials with it.
    credential_id = { name = "by-consumer", hash_key = "consumer" }
  }

  made = { for key, table in aws_dynamodb_table.this : key => { name = table.name, arn = table.arn } }
  used = { for key, table in local.brought : key => table == null ? local.made[key] : { name = table.name, arn = table.arn } }
}

resource "aws_dynamodb_table" "this" {
  for_each = local.tables

  name                        = each.value.name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = each.value.hash_key
  deletion_protection_enabled = var.deletion_protection
  tags                        = var.tags

  attribute {
    name = each.value.hash_key
    type = "S"
  }

  dynamic "attribute" {
    for_each = [for key, index in local.indexes : index if key == each.value.hash_key]
    content {
      name = attribute.value.hash_key
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = [for key, index in local.indexes : index if key == each.value.hash_key]
    content {
      name            = global_secondary_index.value.name
      hash_key        = global_secondary_index.value.hash_key
      projection_type = "KEYS_ONLY"
    }
  }

  # DynamoDB deletes items up to days after the time in this attribute. The function checks the time itself.
  ttl {
    attribute_name = "ttl"
    enabled        = true
  }

  # Nobody restores a cache, and its backups would cost more than the table.
  point_in_time_recovery {
    enabled = var.point_in_time_recovery && each.key != "cache"
  }

  # Without this block, a table is encrypted with a key that AWS owns.
  dynamic "server_side_encryption" {
    for_each = var.kms_key_arn[*]
    content {
      enabled     = true
      kms_key_arn = server_side_encryption.value
    }
  }
}
