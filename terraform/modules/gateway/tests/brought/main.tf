# Everything that a gateway can get from elsewhere, as another resource of the same apply makes it: unknown in the plan.
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source                = "hashicorp/aws"
      version               = ">= 5.100"
      configuration_aliases = [aws.west]
    }
  }
}

resource "terraform_data" "later" {
  for_each = toset(["table", "secret", "key", "topic", "log-group", "role", "boundary", "subnet", "group", "zone", "certificate", "url"])
}

locals {
  later     = { for name, data in terraform_data.later : name => data.id }
  upstreams = { users = local.later.url, products = local.later.url, price-lists = "http://10.0.0.1:8080" }
}

module "brought" {
  source = "../.."

  name          = "shop-dev"
  contract_file = "tests/package/contract.json"
  package       = { path = "tests/none.zip" }
  upstreams     = local.upstreams
  tags          = { Team = "shop" }
  domain        = { name = "api.example.com", zone = { id = local.later.zone }, certificate = { arn = local.later.certificate } }
  function      = { vpc = { subnet_ids = [local.later.subnet], security_group_ids = [local.later.group] } }

  stores = {
    sessions_table    = { name = local.later.table, arn = local.later.table, kms_key_arn = local.later.key }
    rate_limits_table = { name = local.later.table, arn = local.later.table }
    signing_secret    = { arn = local.later.secret, kms_key_arn = local.later.key }
  }

  security = {
    create_key   = false
    key_arn      = local.later.key
    boundary_arn = local.later.boundary
    role         = { name = local.later.role, arn = local.later.role }
  }

  operations = {
    topic_arns = [local.later.topic]
    log_group  = { name = local.later.log-group, arn = local.later.log-group }
  }
}

# Beside it, a gateway that makes a role of its own.
module "second" {
  source = "../.."

  name          = "catalog-dev"
  contract_file = "tests/package/contract.json"
  package       = { s3 = { bucket = local.later.url, key = "gateway.zip", version_id = local.later.url } }
  upstreams     = local.upstreams
  stores        = { signing_secret = { arn = local.later.secret } }
  security      = { create_key = false, boundary_arn = "arn:aws:iam::123456789012:policy/boundary", iam_path = "/gateways/" }
  operations    = { emails = ["team@example.com"], budget_usd = 20 }
}

# The same gateway in another region.
module "west" {
  source    = "../.."
  providers = { aws = aws.west }

  name          = "catalog-dev"
  contract_file = "tests/package/contract.json"
  package       = { path = "tests/none.zip" }
  upstreams     = local.upstreams
  stores        = { signing_secret = { arn = local.later.secret } }
  security      = { create_key = false }
  operations    = { emails = ["team@example.com"], budget_usd = 20 }
}

output "stacks" {
  value = { brought = module.brought.stack, second = module.second.stack, west = module.west.stack }
}
