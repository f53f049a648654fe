locals {
  # Each by the domain's name. Tests for null look at objects, whose attributes may be unknown until the apply.
  domains      = { for domain in var.domain[*] : domain.name => domain }
  certificates = { for name, domain in local.domains : name => domain if domain.certificate == null }
  zones        = { for name, domain in local.domains : name => domain.zone if domain.zone != null }
}

resource "aws_acm_certificate" "this" {
  for_each = local.certificates

  domain_name       = each.key
  validation_method = "DNS"
  tags              = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  # A certificate for one name has one record.
  validation_records = { for name, certificate in aws_acm_certificate.this : name => one(certificate.domain_validation_options) }
}

resource "aws_route53_record" "validation" {
  for_each = local.certificates

  zone_id         = each.value.zone.id
  name            = local.validation_records[each.key].resource_record_name
  type            = local.validation_records[each.key].resource_record_type
  records         = [local.validation_records[each.key].resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  for_each = local.certificates

  certificate_arn         = aws_acm_certificate.this[each.key].arn
  validation_record_fqdns = [aws_route53_record.validation[each.key].fqdn]
}

resource "aws_apigatewayv2_domain_name" "custom" {
  for_each    = local.domains
  domain_name = each.key
  tags        = var.tags

  domain_name_configuration {
    certificate_arn = each.value.certificate == null ? aws_acm_certificate_validation.this[each.key].certificate_arn : each.value.certificate.arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"

    ownership_verification_certificate_arn = try(each.value.trust_store.ownership_certificate_arn, null)
  }

  # API Gateway reads the bundle when the domain is made or changed: with a version, a new bundle is a change.
  dynamic "mutual_tls_authentication" {
    for_each = each.value.trust_store[*]
    content {
      truststore_uri     = mutual_tls_authentication.value.uri
      truststore_version = mutual_tls_authentication.value.version
    }
  }
}

resource "aws_apigatewayv2_api_mapping" "custom" {
  for_each = aws_apigatewayv2_domain_name.custom

  api_id      = aws_apigatewayv2_api.this.id
  domain_name = each.value.id
  stage       = aws_apigatewayv2_stage.this.id
}

resource "aws_route53_record" "address" {
  for_each = local.zones

  zone_id = each.value.id
  name    = each.key
  type    = "A"

  alias {
    name                   = aws_apigatewayv2_domain_name.custom[each.key].domain_name_configuration[0].target_domain_name
    zone_id                = aws_apigatewayv2_domain_name.custom[each.key].domain_name_configuration[0].hosted_zone_id
    evaluate_target_health = false
  }
}
