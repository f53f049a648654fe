output "experiment_template_ids" {
  description = "Ids of the experiment templates, by fault."
  value       = { for key in keys(local.experiments) : key => aws_cloudformation_stack.experiments.outputs[title(key)] }
}
