output "experiment_template_ids" {
  description = "Ids of the experiment templates, by fault."
  value       = { for key in keys(local.experiments) : key => aws_cloudformation_stack.experiments.outputs[title(key)] }
}

output "extension" {
  description = "For the function: ARN of the extension's layer, and the bucket and prefix in which it looks for faults about once a minute."
  value = {
    layer_arn  = data.aws_ssm_parameter.extension.insecure_value
    bucket_arn = aws_s3_bucket.faults.arn
    prefix     = local.prefix
  }
}

locals {
  prefix = "faults"
}
