terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # The commands name the bucket, the key and the region.
  backend "s3" {}
}

variable "environment" {
  description = "Which of environments.yaml."
  type        = string
}

variable "emulator_url" {
  description = "Address of the local cloud; null on AWS."
  type        = string
  default     = null
}

# The upstream is in this root, so none is mocked.
variable "mocks" {
  description = "Addresses of the mocks that stand for upstreams on this machine."
  type        = map(string)
  default     = {}
}

variable "kept_permissions" {
  description = "What versions need that may still serve."
  type        = map(string)
  default     = {}
}

locals {
  settings = yamldecode(file("${path.root}/environments.yaml"))[var.environment]
  name     = "web-app-${var.environment}"

  # As the gateway's tables: protected unless the environment says otherwise.
  keep_data = try(local.settings.stores.deletion_protection, true)
}

provider "aws" {
  region = try(local.settings.region, "us-east-1")

  default_tags { tags = { Project = "web-app", Environment = var.environment } }
}

module "gateway" {
  source = "./node_modules/postern/terraform/modules/gateway"

  name          = local.name
  environment   = var.environment
  contract_file = "contract.json"
  package       = { path = ".postern/build/gateway.zip" }
  emulator_url  = var.emulator_url

  kept_permissions = var.kept_permissions

  upstreams = { page = aws_s3_bucket.page.arn }
  values    = merge(local.identity, try(local.settings.values, {}))
  # Without TLS, as on this machine, the page's own origin has to be allowed.
  api        = merge(try(local.settings.api, {}), local.on_aws ? {} : { allowed_origins = [local.origin] })
  domain     = try(local.settings.domain, null)
  stores     = try(local.settings.stores, {})
  security   = try(local.settings.security, {})
  operations = try(local.settings.operations, {})

  # A deploy moves the traffic after it has checked the version; `deploy --gradual`, in steps.
  function = merge({ traffic = "release" }, try(local.settings.function, {}))
}

output "stack" {
  value = module.gateway.stack
}
