# What one environment's resources are called: <project>-<environment>, and <project>-<environment>-*. The function and its
# log groups have the first name alone.
locals {
  own    = "${var.project}-${var.environment}"
  prefix = "github-${local.own}"

  state_bucket = "arn:${local.partition}:s3:::${var.state_bucket_name}"
  state_key    = coalesce(var.state_key, "${var.project}/${var.environment}.tfstate")
  state        = "${local.state_bucket}/${local.state_key}"

  # The ARN of a version or an alias is that of the function, a colon and its name.
  functions = [for name in [local.own, "${local.own}:*"] : "arn:${local.partition}:lambda:*:${local.account_id}:function:${name}"]
  tables    = ["arn:${local.partition}:dynamodb:*:${local.account_id}:table/${local.own}-*"]
  # A restored table is called <the sessions table>-<time>.
  sessions = ["arn:${local.partition}:dynamodb:*:${local.account_id}:table/${local.own}-sessions*"]
  # Also its index.
  credentials = [for name in ["credentials", "credentials/index/by-consumer"] : "arn:${local.partition}:dynamodb:*:${local.account_id}:table/${local.own}-${name}"]
  further     = { for key in ["cache", "traffic", "usage"] : key => ["arn:${local.partition}:dynamodb:*:${local.account_id}:table/${local.own}-${key}"] }
  secrets     = ["arn:${local.partition}:secretsmanager:*:${local.account_id}:secret:${local.own}-*"]
  topics      = ["arn:${local.partition}:sns:*:${local.account_id}:${local.own}-*"]
  own_roles   = [for name in [local.own, "${local.own}-*"] : "arn:${local.partition}:iam::${local.account_id}:role${var.iam_path}${name}"]
  budgets     = ["arn:${local.partition}:budgets::${local.account_id}:budget/${local.own}-*"]
  alarms      = ["arn:${local.partition}:cloudwatch:*:${local.account_id}:alarm:${local.own}-*"]
  dashboards  = [for name in [local.own, "${local.own}-*"] : "arn:${local.partition}:cloudwatch::${local.account_id}:dashboard/${name}"]
  log_groups = [
    for group in setproduct(["/aws/lambda", "/aws/vendedlogs/http-api"], [local.own, "${local.own}:*"]) :
    "arn:${local.partition}:logs:*:${local.account_id}:log-group:${group[0]}/${group[1]}"
  ]

  # An API's id is drawn when it is made, so that its name bounds nothing; its tags do. A request to make one has no tags
  # of a resource yet, and the reference does not say which of an API's parts have those of the API: hence IfExists.
  apis         = [for path in ["apis", "apis/*", "domainnames", "domainnames/*"] : "arn:${local.partition}:apigateway:*::/${path}"]
  api_tags     = [for path in ["tags", "tags/*"] : "arn:${local.partition}:apigateway:*::/${path}"]
  not_anothers = { StringEqualsIfExists = { for key, value in local.tags : "aws:ResourceTag/${key}" => value } }

  # Hosted zones in which the environment has its records, and the certificates that they prove.
  zones        = [for id in sort(var.zone_ids) : "arn:${local.partition}:route53:::hostedzone/${id}"]
  certificates = ["arn:${local.partition}:acm:*:${local.account_id}:certificate/*"]
  with_zones   = toset(length(local.zones) > 0 ? ["zones"] : [])

  # Also without the alias or version: "Step Functions uses the state machine's ARN instead of using the version ARN or alias
  # ARN", https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
  upstreams = distinct(flatten([for arn in sort(var.upstream_arns) : [arn, regex("^(?:[^:]*:){0,6}[^:]*", arn)]]))

  trust_stores = [for uri in sort(var.trust_store_uris) : "arn:${local.partition}:s3:::${trimprefix(uri, "s3://")}"]

  # A key's id is drawn, too. Every resource has these tags, which modules/gateway sets.
  keys    = ["arn:${local.partition}:kms:*:${local.account_id}:key/*"]
  aliases = ["arn:${local.partition}:kms:*:${local.account_id}:alias/${local.own}"]
  tags    = { Project = var.project, Environment = var.environment }
  is_ours = { StringEquals = { for key, value in local.tags : "aws:ResourceTag/${key}" => value } }
  # What the request itself puts on: the tags of something that is made by it.
  becomes_ours = { StringEquals = { for key, value in local.tags : "aws:RequestTag/${key}" => value } }
}
