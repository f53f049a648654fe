module "chaos" {
  source   = "./extras/chaos"
  for_each = { for experiments in var.chaos_experiments[*] : "lambda" => experiments }

  name             = local.name
  region           = var.region
  architecture     = var.architecture
  function_arn     = module.gateway.arns.function
  duration_minutes = each.value.duration_minutes
  percentage       = each.value.percentage
  delay_ms         = each.value.delay_ms
  kms_key_arn      = module.gateway.arns.key
  stop_alarm_arns  = { api-5xx-rate = module.gateway.arns.server_error_alarm }
}

output "experiment_template_ids" {
  description = "Ids of the experiment templates of FIS, by fault; null if there are none."
  value       = one([for chaos in module.chaos : chaos.experiment_template_ids])
}
