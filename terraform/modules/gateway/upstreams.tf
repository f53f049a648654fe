data "aws_caller_identity" "this" {
  for_each = toset(length(local.upstream_kinds) == 0 ? [] : ["upstreams"])
}

locals {
  # By name, of those that are resources of AWS; the others are HTTP services.
  upstream_kinds = try(local.contract.upstream_kinds, {})

  # The gateway calls only what is in its own account and region.
  account_id = join("", [for identity in data.aws_caller_identity.this : identity.account_id])
  partition  = join("", [for identity in data.aws_caller_identity.this : element(split(":", identity.arn), 1)])

  # What the ARN of each kind begins with, and what follows.
  arns = {
    eventBridge   = { of = "an event bus of EventBridge", begins = "events:${local.region}:${local.account_id}:event-bus/", ends = "[A-Za-z0-9._/-]{1,256}" }
    lambda        = { of = "a Lambda function", begins = "lambda:${local.region}:${local.account_id}:function:", ends = "[A-Za-z0-9_-]+(:[A-Za-z0-9_$-]+)?" }
    s3            = { of = "an S3 bucket", begins = "s3:::", ends = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]" }
    sns           = { of = "an SNS topic", begins = "sns:${local.region}:${local.account_id}:", ends = "[A-Za-z0-9_-]{1,256}(\\.fifo)?" }
    sqs           = { of = "an SQS queue", begins = "sqs:${local.region}:${local.account_id}:", ends = "[A-Za-z0-9_-]{1,80}(\\.fifo)?" }
    stepFunctions = { of = "a state machine of Step Functions", begins = "states:${local.region}:${local.account_id}:stateMachine:", ends = "[^:]{1,80}(:[A-Za-z0-9_-]+)?" }
  }

  url = {
    pattern = "^https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+\\])(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?$"
    wanted  = "http:// or https:// with a host, and optionally a port and a path, such as \"https://users.internal.example.com/base\". User, password, query and fragment are not allowed."
  }
  addresses = {
    for name, kind in local.upstream_kinds : name => {
      # A Lambda function may be its name alone.
      pattern = "^${kind == "lambda" ? "(arn:${local.partition}:${local.arns[kind].begins})?" : "arn:${local.partition}:${local.arns[kind].begins}"}${local.arns[kind].ends}$"
      wanted  = "the ARN of ${local.arns[kind].of} of this account and region: \"arn:${local.partition}:${local.arns[kind].begins}…\""
    }
  }

  upstreams = {
    for name, value in var.upstreams : name => lookup(local.upstream_kinds, name, "http") != "lambda" || startswith(value, "arn:") ? value : "arn:${local.partition}:${local.arns.lambda.begins}${value}"
  }
}
