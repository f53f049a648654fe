data "aws_caller_identity" "this" {}

locals {
  # The metrics that the function reports: its code reads the same file.
  catalog = jsondecode(file("${path.module}/metrics.json"))
  prices  = jsondecode(file("${path.module}/prices.json"))
}

resource "aws_sns_topic" "alarms" {
  for_each = toset(var.topic_arns == null ? ["own"] : [])

  name              = "${var.name}-alarms"
  kms_master_key_id = var.kms_key_arn
  tags              = var.tags
}

locals {
  topic_arns = var.topic_arns == null ? [for topic in aws_sns_topic.alarms : topic.arn] : var.topic_arns
}

resource "aws_sns_topic_policy" "alarms" {
  for_each = aws_sns_topic.alarms

  arn = each.value.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AlarmsOfThisAccount"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = each.value.arn
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.this.account_id } }
    }]
  })
}

# AWS sends a mail to each address; its owner must confirm the subscription.
resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.topic_arns == null ? var.alarm_emails : [])

  topic_arn = aws_sns_topic.alarms["own"].arn
  protocol  = "email"
  endpoint  = each.value
}

moved {
  from = aws_sns_topic.alarms
  to   = aws_sns_topic.alarms["own"]
}

moved {
  from = aws_sns_topic_policy.alarms
  to   = aws_sns_topic_policy.alarms["own"]
}
