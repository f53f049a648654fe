mock_provider "aws" {
  mock_resource "aws_apigatewayv2_api" {
    defaults = {
      id            = "a1b2c3"
      api_endpoint  = "https://a1b2c3.execute-api.us-east-1.amazonaws.com"
      execution_arn = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3"
    }
  }
  mock_resource "aws_apigatewayv2_domain_name" {
    defaults = { id = "api.example.com" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/http-api/postern-test" }
  }
}

variables {
  name = "postern-test"
  function_alias = {
    function_name = "postern-test"
    alias_name    = "live"
    invoke_arn    = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/postern-test:live/invocations"
  }
}

run "sends_every_request_to_the_alias" {
  assert {
    condition     = aws_apigatewayv2_api.this.protocol_type == "HTTP" && aws_apigatewayv2_route.default.route_key == "$default"
    error_message = "One route takes all."
  }
  assert {
    condition     = aws_apigatewayv2_integration.function.payload_format_version == "2.0" && aws_apigatewayv2_integration.function.integration_uri == var.function_alias.invoke_arn
    error_message = "The alias gets payload 2.0."
  }
  assert {
    condition     = output.stage_name == "v1" && aws_apigatewayv2_stage.this.auto_deploy
    error_message = "A change is live once applied."
  }
}

run "may_call_this_alias_from_this_stage_alone" {
  assert {
    condition     = aws_lambda_permission.invoke.source_arn == "arn:aws:execute-api:us-east-1:123456789012:a1b2c3/v1/$default" && aws_lambda_permission.invoke.qualifier == "live"
    error_message = "No other API calls the function."
  }
}

run "throttles_at_50_a_second_with_a_burst_of_100" {
  assert {
    condition     = aws_apigatewayv2_stage.this.default_route_settings[0].throttling_rate_limit == 50 && aws_apigatewayv2_stage.this.default_route_settings[0].throttling_burst_limit == 100
    error_message = "Both limits are set."
  }
}

run "leaves_the_access_log_to_the_function_if_set" {
  variables {
    access_log = false
  }

  assert {
    condition     = length(aws_apigatewayv2_stage.this.access_log_settings) == 0 && length(aws_cloudwatch_log_group.access) == 0
    error_message = "A request is logged once."
  }
}

run "logs_each_access_as_json_without_secrets" {
  assert {
    condition     = aws_apigatewayv2_stage.this.access_log_settings[0].destination_arn == aws_cloudwatch_log_group.access["api"].arn
    error_message = "The log has its own group."
  }
  assert {
    condition     = alltrue([for field in ["correlation_id", "invocation_id", "client_ip", "method", "status_code", "duration_ms"] : contains(keys(jsondecode(aws_apigatewayv2_stage.this.access_log_settings[0].format)), field)])
    error_message = "Each line has the client, the request and the outcome."
  }
  assert {
    condition     = alltrue([for value in values(jsondecode(aws_apigatewayv2_stage.this.access_log_settings[0].format)) : !can(regex("(?i)authorizer|header|query", value))])
    error_message = "Neither headers nor query strings are logged."
  }
}

run "allows_no_other_origin_by_default" {
  assert {
    condition     = length(aws_apigatewayv2_api.this.cors_configuration) == 0
    error_message = "By default, there is no CORS."
  }
}

run "allows_the_listed_origins" {
  variables {
    cors = { allow_origins = ["https://app.example.com", "http://localhost:3000"], allow_credentials = true, max_age_seconds = null }
  }

  assert {
    condition     = aws_apigatewayv2_api.this.cors_configuration[0].allow_origins == toset(["https://app.example.com", "http://localhost:3000"]) && aws_apigatewayv2_api.this.cors_configuration[0].allow_credentials
    error_message = "Origins and credentials are as given."
  }
  assert {
    condition     = contains(aws_apigatewayv2_api.this.cors_configuration[0].allow_headers, "authorization") && aws_apigatewayv2_api.this.cors_configuration[0].max_age == 600
    error_message = "Attributes that are missing or null have their defaults."
  }
}

run "has_the_api_endpoint_by_default" {
  assert {
    condition     = output.base_url == "https://a1b2c3.execute-api.us-east-1.amazonaws.com/v1" && output.default_url == output.base_url && output.domain_target == null
    error_message = "The stage is part of the address."
  }
}

run "has_no_stage_in_the_address_if_it_is_the_default_stage" {
  variables {
    stage_name = "$default"
  }

  assert {
    condition     = output.base_url == "https://a1b2c3.execute-api.us-east-1.amazonaws.com" && output.stage_name == "$default"
    error_message = "AWS serves the stage $default at the root."
  }
  assert {
    condition     = aws_lambda_permission.invoke.source_arn == "arn:aws:execute-api:us-east-1:123456789012:a1b2c3/$default/$default"
    error_message = "Only this stage may call the function."
  }
}

run "has_an_address_on_an_emulator" {
  variables {
    emulator_url = "http://127.0.0.1:4566"
  }

  assert {
    condition     = output.base_url == "http://127.0.0.1:4566/_aws/execute-api/a1b2c3/v1" && output.default_url == output.base_url
    error_message = "The address needs no DNS."
  }
}

run "has_a_custom_domain_if_set" {
  variables {
    domain           = { name = "api.example.com", certificate = { arn = "arn:aws:acm:us-east-1:123456789012:certificate/1" } }
    default_endpoint = false
  }

  assert {
    condition     = output.base_url == "https://api.example.com" && output.default_url == null && aws_apigatewayv2_api.this.disable_execute_api_endpoint
    error_message = "The domain is the only address."
  }
  assert {
    condition     = aws_apigatewayv2_domain_name.custom["api.example.com"].domain_name_configuration[0].security_policy == "TLS_1_2"
    error_message = "Old TLS is refused."
  }
  assert {
    condition     = aws_apigatewayv2_api_mapping.custom["api.example.com"].api_id == "a1b2c3"
    error_message = "The domain leads to the API."
  }
}

run "keeps_the_api_endpoint_with_a_custom_domain" {
  variables {
    domain = { name = "api.example.com", certificate = { arn = "arn:aws:acm:us-east-1:123456789012:certificate/1" } }
  }

  assert {
    condition     = output.base_url == "https://api.example.com" && output.default_url == "https://a1b2c3.execute-api.us-east-1.amazonaws.com/v1"
    error_message = "A first request needs no DNS record of the domain."
  }
}

run "logs_nothing_that_a_client_can_write_a_quote_into" {
  variables {
    access_log = true
  }

  # Client input that AWS is not documented to escape for JSON.
  assert {
    condition     = alltrue([for hostile in ["path", "identity.userAgent", "requestOverride", "domainName", "authorizer"] : !strcontains(aws_apigatewayv2_stage.this.access_log_settings[0].format, "$context.${hostile}")])
    error_message = "No request can break a line of the log, or forge one."
  }
}

run "makes_a_certificate_and_records_in_a_zone" {
  override_resource {
    target = aws_acm_certificate.this
    values = {
      arn = "arn:aws:acm:us-east-1:123456789012:certificate/2"
      domain_validation_options = [{
        domain_name           = "api.example.com"
        resource_record_name  = "_a.api.example.com"
        resource_record_type  = "CNAME"
        resource_record_value = "_b.acm-validations.aws"
      }]
    }
  }

  override_resource {
    target = aws_acm_certificate_validation.this
    values = { certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/2" }
  }

  variables {
    domain = { name = "api.example.com", zone = { id = "Z1" } }
  }

  assert {
    condition     = aws_route53_record.validation["api.example.com"].name == "_a.api.example.com" && aws_route53_record.validation["api.example.com"].zone_id == "Z1"
    error_message = "ACM finds the record in the zone."
  }
  assert {
    condition     = one(aws_apigatewayv2_domain_name.custom["api.example.com"].domain_name_configuration).certificate_arn == "arn:aws:acm:us-east-1:123456789012:certificate/2"
    error_message = "The domain waits for the validated certificate."
  }
  assert {
    condition     = aws_route53_record.address["api.example.com"].name == "api.example.com" && aws_route53_record.address["api.example.com"].type == "A"
    error_message = "The name leads to the API."
  }
}

run "makes_only_the_record_if_there_is_a_certificate" {
  variables {
    domain = { name = "api.example.com", zone = { id = "Z1" }, certificate = { arn = "arn:aws:acm:us-east-1:123456789012:certificate/1" } }
  }

  assert {
    condition     = length(aws_acm_certificate.this) == 0 && length(aws_route53_record.address) == 1
    error_message = "The certificate is the one that is given."
  }
}

run "makes_no_record_without_a_zone" {
  variables {
    domain = { name = "api.example.com", certificate = { arn = "arn:aws:acm:us-east-1:123456789012:certificate/1" } }
  }

  assert {
    condition     = length(aws_route53_record.address) == 0 && length(aws_route53_record.validation) == 0
    error_message = "The record is made where the zone is."
  }
}

run "may_call_two_aliases_while_it_moves" {
  variables {
    function_alias = { function_name = "postern-test", alias_name = "newest", invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/postern-test:newest/invocations" }
  }

  assert {
    condition     = aws_lambda_permission.invoke.statement_id == "http-api-newest" && aws_lambda_permission.invoke.qualifier == "newest"
    error_message = "The permission for the other alias has another id."
  }
}

run "asks_clients_for_certificates_if_there_is_a_trust_store" {
  command = plan

  variables {
    default_endpoint = false
    domain = {
      name        = "api.example.com"
      certificate = { arn = "arn:aws:acm:us-east-1:123456789012:certificate/abc" }
      trust_store = { uri = "s3://acme-trust/clients.pem", version = "v1" }
    }
  }

  assert {
    condition     = [for store in aws_apigatewayv2_domain_name.custom["api.example.com"].mutual_tls_authentication : [store.truststore_uri, store.truststore_version]] == [["s3://acme-trust/clients.pem", "v1"]] && aws_apigatewayv2_api.this.disable_execute_api_endpoint
    error_message = "There is no address by which a client gets past the handshake."
  }
}

run "authorizes_signed_requests_by_iam_on_routes_of_their_own" {
  command = plan

  variables {
    routes = { aws_iam = ["GET /orders/{id}", "HEAD /orders/{id}"], open = ["GET /orders/status"] }
  }

  assert {
    condition     = { for key, route in aws_apigatewayv2_route.signed : key => route.authorization_type } == { "GET /orders/{id}" = "AWS_IAM", "HEAD /orders/{id}" = "AWS_IAM" }
    error_message = "API Gateway verifies the signature of these and of no others."
  }
  assert {
    condition     = keys(aws_apigatewayv2_route.open) == ["GET /orders/status"] && aws_apigatewayv2_route.open["GET /orders/status"].authorization_type != "AWS_IAM"
    error_message = "A route that needs no signature stays open although a signed one matches its path."
  }
  assert {
    condition     = length(aws_lambda_permission.routes) == 1
    error_message = "API Gateway may call the function by these routes."
  }
}

run "has_one_route_unless_requests_are_signed" {
  command = plan

  assert {
    condition     = length(aws_apigatewayv2_route.signed) + length(aws_apigatewayv2_route.open) + length(aws_lambda_permission.routes) == 0
    error_message = "Every path has the same route."
  }
}
