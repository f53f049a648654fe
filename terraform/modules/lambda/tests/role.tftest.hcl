mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/postern-test" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/postern-test" }
  }
}

variables {
  name                  = "postern-test"
  package               = { path = "tests/none.zip", sha256 = "VgyaB1WdZY7GWxgSECSRurAQHTZaA8LBHjVZ/01kLTk=" }
  environment_variables = {}
}

run "may_do_what_it_is_permitted_and_write_its_log_and_no_more" {
  variables {
    permissions = [
      { actions = ["dynamodb:GetItem"], resources = ["arn:aws:dynamodb:us-east-1:123456789012:table/sessions", "arn:aws:dynamodb:us-east-1:123456789012:table/sessions-*"] },
      { actions = ["dynamodb:GetItem", "dynamodb:UpdateItem"], resources = ["arn:aws:dynamodb:us-east-1:123456789012:table/rate-limits"], leading_keys = ["issuer-keys/*"] },
    ]
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this["own"].policy).Statement == [
      {
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem"]
        Resource = ["arn:aws:dynamodb:us-east-1:123456789012:table/sessions", "arn:aws:dynamodb:us-east-1:123456789012:table/sessions-*"]
      },
      {
        Effect    = "Allow"
        Action    = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
        Resource  = ["arn:aws:dynamodb:us-east-1:123456789012:table/rate-limits"]
        Condition = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["issuer-keys/*"] } }
      },
      {
        Sid      = "WriteLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/postern-test:*"]
      },
    ]
    error_message = "Each permission has its own resource, and none is surplus."
  }
  assert {
    condition     = jsondecode(aws_iam_role.this["own"].assume_role_policy).Statement[0].Principal == { Service = "lambda.amazonaws.com" }
    error_message = "Only Lambda can assume the role."
  }
}

run "writes_its_log_and_nothing_else_unless_permitted" {
  assert {
    condition     = jsondecode(aws_iam_role_policy.this["own"].policy).Statement[*].Sid == ["WriteLogs"]
    error_message = "There is no permission that nobody asked for."
  }
}

run "decrypts_only_if_there_is_a_key" {
  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this["own"].policy).Statement : statement.Resource if statement.Action == ["kms:Decrypt"]] == [["arn:aws:kms:us-east-1:123456789012:key/1234"]]
    error_message = "The function can decrypt with this key only."
  }
  assert {
    condition     = aws_lambda_function.this.kms_key_arn == var.kms_key_arn && aws_cloudwatch_log_group.this["own"].kms_key_id == var.kms_key_arn
    error_message = "Variables and log are encrypted under the key."
  }
}

run "still_decrypts_with_a_key_that_is_retained" {
  variables {
    further_kms_key_arns = [null, "arn:aws:kms:us-east-1:123456789012:key/1234"]
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this["own"].policy).Statement : statement.Resource if statement.Action == ["kms:Decrypt"]] == [["arn:aws:kms:us-east-1:123456789012:key/1234"]]
    error_message = "What was encrypted before can be read."
  }
  assert {
    condition     = aws_lambda_function.this.kms_key_arn == null && aws_cloudwatch_log_group.this["own"].kms_key_id == null
    error_message = "Nothing new is encrypted under it."
  }
}

run "names_a_key_once_that_is_in_use_and_retained" {
  variables {
    kms_key_arn          = "arn:aws:kms:us-east-1:123456789012:key/1234"
    further_kms_key_arns = [null, "arn:aws:kms:us-east-1:123456789012:key/1234"]
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this["own"].policy).Statement : statement.Resource if statement.Action == ["kms:Decrypt"]] == [["arn:aws:kms:us-east-1:123456789012:key/1234"]]
    error_message = "It is one permission."
  }
}

run "sends_traces_only_if_set" {
  variables {
    tracing = true
  }

  assert {
    condition     = anytrue([for statement in jsondecode(aws_iam_role_policy.this["own"].policy).Statement : statement.Sid == "SendTraces"]) && aws_lambda_function.this.tracing_config[0].mode == "Active"
    error_message = "Traces have their permission."
  }
}

run "looks_for_faults_only_if_set" {
  variables {
    fault_extension = {
      layer_arn  = "arn:aws:lambda:us-east-1:123456789012:layer:aws-fis-extension-arm64:9"
      bucket_arn = "arn:aws:s3:::faults"
      prefix     = "faults"
    }
  }

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.this["own"].policy).Statement :
      statement.Sid => [statement.Action, statement.Resource] if strcontains(statement.Sid, "Faults")
      } == {
      LookForFaults = [["s3:ListBucket"], ["arn:aws:s3:::faults"]]
      ReadFaults    = [["s3:GetObject"], ["arn:aws:s3:::faults/faults/*"]]
    }
    error_message = "It reads only below its prefix."
  }
  assert {
    condition     = aws_lambda_function.this.layers == tolist([var.fault_extension.layer_arn]) && aws_lambda_function.this.environment[0].variables == tomap({ AWS_LAMBDA_EXEC_WRAPPER = "/opt/aws-fis/bootstrap", AWS_FIS_CONFIGURATION_LOCATION = "arn:aws:s3:::faults/faults/" })
    error_message = "The extension wraps the runtime and knows where to look."
  }
}

run "joins_a_vpc_only_if_set" {
  variables {
    vpc = { subnet_ids = ["subnet-1", "subnet-2"], security_group_ids = ["sg-1"] }
  }

  assert {
    condition     = anytrue([for statement in jsondecode(aws_iam_role_policy.this["own"].policy).Statement : statement.Sid == "JoinVpc"]) && aws_lambda_function.this.vpc_config[0].subnet_ids == toset(["subnet-1", "subnet-2"])
    error_message = "The function has its network interfaces' permissions."
  }
}

run "never_allows_every_action" {
  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234"
    tracing     = true
    vpc         = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
  }

  assert {
    condition     = alltrue([for action in flatten(jsondecode(aws_iam_role_policy.this["own"].policy).Statement[*].Action) : !strcontains(action, "*")])
    error_message = "Every action is spelled out."
  }
}

run "is_bounded_if_set" {
  variables {
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/github-postern-boundary"
  }

  assert {
    condition     = aws_iam_role.this["own"].permissions_boundary == "arn:aws:iam::123456789012:policy/github-postern-boundary"
    error_message = "Who may make roles only under the boundary can make this one."
  }
}
