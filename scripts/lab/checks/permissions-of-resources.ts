/**
 * What the AWS provider calls to make, read, change and remove each type of resource that the gateway's root declares,
 * in any of its settings: the operations of each service's API reference by the names of their permissions. Those that
 * a service asks for besides, and where it says so, are marked.
 */
export const permissionsOfResources: Readonly<Record<string, readonly string[]>> = {
  'data aws_caller_identity': [], // sts:GetCallerIdentity needs no permission.
  'data aws_partition': [], // No call.
  'ephemeral aws_secretsmanager_random_password': ['secretsmanager:GetRandomPassword'],

  'resource aws_apigatewayv2_api': restOf('apigateway'),
  'resource aws_apigatewayv2_api_mapping': restOf('apigateway'),
  'resource aws_apigatewayv2_domain_name': restOf('apigateway'),
  'resource aws_apigatewayv2_integration': restOf('apigateway'),
  'resource aws_apigatewayv2_route': restOf('apigateway'),
  'resource aws_apigatewayv2_stage': [
    ...restOf('apigateway'),
    // For the access log: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
    'logs:CreateLogDelivery',
    'logs:GetLogDelivery',
    'logs:UpdateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:DescribeResourcePolicies',
    'logs:DescribeLogGroups',
  ],

  'resource aws_budgets_budget': [
    'budgets:ModifyBudget',
    'budgets:ViewBudget',
    'budgets:ListTagsForResource',
    'budgets:TagResource',
    'budgets:UntagResource',
  ],

  'resource aws_cloudwatch_metric_alarm': ['cloudwatch:PutMetricAlarm', ...alarms()],
  'resource aws_cloudwatch_composite_alarm': ['cloudwatch:PutCompositeAlarm', ...alarms()],
  'resource aws_cloudwatch_dashboard': [
    'cloudwatch:PutDashboard',
    'cloudwatch:GetDashboard',
    'cloudwatch:DeleteDashboards',
  ],
  'resource aws_cloudwatch_log_group': [
    'logs:CreateLogGroup',
    'logs:DescribeLogGroups',
    'logs:DeleteLogGroup',
    'logs:PutRetentionPolicy',
    'logs:DeleteRetentionPolicy',
    'logs:AssociateKmsKey',
    'logs:DisassociateKmsKey',
    'logs:ListTagsForResource',
    'logs:TagResource',
    'logs:UntagResource',
  ],
  'resource aws_cloudwatch_query_definition': [
    'logs:PutQueryDefinition',
    'logs:DescribeQueryDefinitions',
    'logs:DeleteQueryDefinition',
  ],

  'resource aws_dynamodb_table': [
    'dynamodb:CreateTable',
    'dynamodb:DescribeTable',
    'dynamodb:UpdateTable', // Its indexes, too.
    'dynamodb:DeleteTable',
    'dynamodb:DescribeContinuousBackups',
    'dynamodb:UpdateContinuousBackups',
    'dynamodb:DescribeTimeToLive',
    'dynamodb:UpdateTimeToLive',
    'dynamodb:ListTagsOfResource',
    'dynamodb:TagResource',
    'dynamodb:UntagResource',
    // Under a key of one's own: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    'kms:Encrypt',
    'kms:Decrypt',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
    'kms:GenerateDataKey',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:CreateGrant',
    'kms:DescribeKey',
  ],

  'resource aws_iam_role': [
    'iam:CreateRole',
    'iam:GetRole',
    'iam:DeleteRole',
    'iam:UpdateAssumeRolePolicy',
    'iam:UpdateRoleDescription',
    'iam:ListRolePolicies',
    'iam:ListAttachedRolePolicies',
    'iam:ListInstanceProfilesForRole', // Before it is removed.
    'iam:TagRole',
    'iam:UntagRole',
  ],
  'resource aws_iam_role_policy': [
    'iam:PutRolePolicy',
    'iam:GetRolePolicy',
    'iam:DeleteRolePolicy',
  ],

  'resource aws_kms_key': [
    'kms:CreateKey',
    'kms:TagResource', // CreateKey with tags: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
    'kms:UntagResource',
    'kms:DescribeKey',
    'kms:GetKeyPolicy',
    'kms:PutKeyPolicy',
    'kms:GetKeyRotationStatus',
    'kms:EnableKeyRotation',
    'kms:UpdateKeyDescription',
    'kms:ListResourceTags',
    'kms:ScheduleKeyDeletion',
  ],
  'resource aws_kms_alias': [
    'kms:CreateAlias',
    'kms:ListAliases',
    'kms:UpdateAlias',
    'kms:DeleteAlias',
  ],

  'resource aws_lambda_alias': [
    'lambda:CreateAlias',
    'lambda:GetAlias',
    'lambda:UpdateAlias',
    'lambda:DeleteAlias',
  ],
  'resource aws_lambda_function': [
    'lambda:CreateFunction',
    'lambda:GetFunction',
    'lambda:GetFunctionConfiguration',
    'lambda:GetFunctionCodeSigningConfig',
    'lambda:ListVersionsByFunction',
    'lambda:PublishVersion',
    'lambda:UpdateFunctionCode',
    'lambda:UpdateFunctionConfiguration',
    'lambda:DeleteFunction',
    'lambda:GetFunctionConcurrency',
    'lambda:PutFunctionConcurrency',
    'lambda:DeleteFunctionConcurrency',
    'lambda:ListTags',
    'lambda:TagResource',
    'lambda:UntagResource',
    'iam:PassRole',
    // In a VPC: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcs',
    // Variables under a key of one's own: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
    'kms:CreateGrant',
    'kms:Encrypt',
    'kms:Decrypt',
  ],
  'resource aws_lambda_permission': [
    'lambda:AddPermission',
    'lambda:GetPolicy',
    'lambda:RemovePermission',
  ],
  'resource aws_lambda_provisioned_concurrency_config': [
    'lambda:PutProvisionedConcurrencyConfig',
    'lambda:GetProvisionedConcurrencyConfig',
    'lambda:DeleteProvisionedConcurrencyConfig',
  ],

  'resource aws_secretsmanager_secret': [
    'secretsmanager:CreateSecret',
    'secretsmanager:DescribeSecret',
    'secretsmanager:GetResourcePolicy',
    'secretsmanager:UpdateSecret',
    'secretsmanager:DeleteSecret',
    'secretsmanager:TagResource',
    'secretsmanager:UntagResource',
  ],
  'resource aws_secretsmanager_secret_version': [
    'secretsmanager:PutSecretValue',
    'secretsmanager:GetSecretValue',
    'secretsmanager:DescribeSecret',
    'secretsmanager:UpdateSecretVersionStage',
    // Under a key of one's own: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    'kms:GenerateDataKey',
    'kms:Decrypt',
  ],

  'resource aws_sns_topic': [
    'sns:CreateTopic',
    'sns:GetTopicAttributes',
    'sns:SetTopicAttributes',
    'sns:DeleteTopic',
    'sns:ListTagsForResource',
    'sns:TagResource',
    'sns:UntagResource',
  ],
  'resource aws_sns_topic_policy': ['sns:SetTopicAttributes', 'sns:GetTopicAttributes'],
  'resource aws_sns_topic_subscription': [
    'sns:Subscribe',
    'sns:GetSubscriptionAttributes',
    'sns:ListSubscriptionsByTopic',
    'sns:Unsubscribe',
  ],
};

/** API Gateway's permissions are HTTP's methods. */
function restOf(service: string): string[] {
  return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => `${service}:${method}`);
}

function alarms(): string[] {
  return [
    'DescribeAlarms',
    'DeleteAlarms',
    'ListTagsForResource',
    'TagResource',
    'UntagResource',
  ].map((action) => `cloudwatch:${action}`);
}
