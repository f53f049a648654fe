module "chaos" {
  source   = "./extras/chaos"
  for_each = { for experiments in var.chaos_experiments[*] : "lambda" => experiments }

  name             = local.name
  architecture     = var.architecture
  function_arn     = module.function.function_arn
  duration_minutes = each.value.duration_minutes
  percentage       = each.value.percentage
  delay_ms         = each.value.delay_ms
  kms_key_arn      = local.kms_key_arn
  stop_alarm_arns  = { api-5xx-rate = module.observability.server_error_alarm_arn }
}

output "experiment_template_ids" {
  description = "Ids of the experiment templates of FIS, by fault; null if there are none."
  value       = one([for chaos in module.chaos : chaos.experiment_template_ids])
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
