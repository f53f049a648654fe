output "alarm_topic_arn" {
  description = "ARN of the topic to which alarms are sent; the first of several."
  value       = local.topic_arns[0]
}

output "dashboard_name" {
  description = "Name of the dashboard; null if there is none."
  value       = one([for dashboard in aws_cloudwatch_dashboard.this : dashboard.dashboard_name])
}

output "server_error_alarm_arn" {
  description = "ARN of the alarm on the API's 5xx; null if there are no alarms."
  value       = one([for key, alarm in aws_cloudwatch_metric_alarm.api : alarm.arn if key == "api-5xx-rate"])
}

output "alarm_names" {
  description = "Names of all alarms."
  value = sort(concat(
    [for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name],
    [for alarm in aws_cloudwatch_metric_alarm.api : alarm.alarm_name],
    [for alarm in aws_cloudwatch_metric_alarm.slo : alarm.alarm_name],
    [for alarm in aws_cloudwatch_metric_alarm.spend : alarm.alarm_name],
    [for alarm in aws_cloudwatch_composite_alarm.slo : alarm.alarm_name],
  ))
}
