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

# The upstreams are in this root, so none is mocked.
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
  name     = "media-${var.environment}"
}

provider "aws" {
  region = try(local.settings.region, "us-east-1")

  default_tags { tags = { Project = "media", Environment = var.environment } }
}

module "gateway" {
  source = "./node_modules/postern/terraform/modules/gateway"

  name          = local.name
  environment   = var.environment
  contract_file = "contract.json"
  package       = { path = ".postern/build/gateway.zip" }
  emulator_url  = var.emulator_url

  kept_permissions = var.kept_permissions

  upstreams = {
    uploads    = aws_s3_bucket.this["uploads"].arn
    thumbnails = aws_s3_bucket.this["thumbnails"].arn
    images     = module.images.arn
  }
  values     = try(local.settings.values, {})
  api        = try(local.settings.api, {})
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
