# The modules were in this root. To be kept for two major versions.
moved {
  from = module.encryption
  to   = module.gateway.module.encryption
}

moved {
  from = module.tables
  to   = module.gateway.module.tables
}

moved {
  from = module.signing_key
  to   = module.gateway.module.signing_key
}

moved {
  from = module.function
  to   = module.gateway.module.function
}

moved {
  from = module.api
  to   = module.gateway.module.api
}

moved {
  from = module.observability
  to   = module.gateway.module.observability
}

moved {
  from = module.budget
  to   = module.gateway.module.budget["own"]
}

# The bucket was in a separate module.
moved {
  from = module.fault_extension["lambda"].aws_s3_bucket.faults
  to   = module.chaos["lambda"].aws_s3_bucket.faults
}

moved {
  from = module.fault_extension["lambda"].aws_s3_bucket_versioning.faults
  to   = module.chaos["lambda"].aws_s3_bucket_versioning.faults
}

moved {
  from = module.fault_extension["lambda"].aws_s3_bucket_notification.faults
  to   = module.chaos["lambda"].aws_s3_bucket_notification.faults
}

moved {
  from = module.fault_extension["lambda"].aws_s3_bucket_server_side_encryption_configuration.faults
  to   = module.chaos["lambda"].aws_s3_bucket_server_side_encryption_configuration.faults
}

moved {
  from = module.fault_extension["lambda"].aws_s3_bucket_public_access_block.faults
  to   = module.chaos["lambda"].aws_s3_bucket_public_access_block.faults
}

moved {
  from = module.fault_extension["lambda"].aws_s3_bucket_policy.faults
  to   = module.chaos["lambda"].aws_s3_bucket_policy.faults
}

moved {
  from = module.fault_extension["lambda"].aws_s3_bucket_lifecycle_configuration.faults
  to   = module.chaos["lambda"].aws_s3_bucket_lifecycle_configuration.faults
}
