import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { awsClientOptions, requireCredentials } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { readStateBackend, stateBucketExists } from '../../stack/terraform/state-backend.ts';
import type { DoctorCheck } from './diagnose.ts';

/** What a deployment needs of the account. Nothing is changed: what the caller may create shows in a deployment only. */
export const awsChecks = (environment: Environment): readonly DoctorCheck[] => [
  {
    name: 'AWS credentials',
    check: async () => {
      const { region } = await readStateBackend(environment);
      return `account ${await requireCredentials(environment, region)} in ${region}`;
    },
    then: () => [
      { name: 'state bucket', check: () => bucketOf(environment) },
      { name: 'quota of Lambda', check: () => concurrencyOf(environment) },
      ...readsOf(environment),
    ],
  },
];

const bucketOf = async (environment: Environment): Promise<string> => {
  const backend = await readStateBackend(environment);
  return (await stateBucketExists(environment, backend))
    ? backend.bucket
    : `${backend.bucket} is not there yet; the first deploy creates it`;
};

/** Fewer, and a single burst of requests is throttled. New accounts begin with 10. */
const fewExecutions = 50;

const concurrencyOf = async (environment: Environment): Promise<string> => {
  const { region } = await readStateBackend(environment);
  const lambda = new LambdaClient(awsClientOptions(environment, region));
  const settings = await allowed('lambda:GetAccountSettings', () =>
    lambda.send(new GetAccountSettingsCommand({})),
  );
  return judgeConcurrency(settings.AccountLimit?.ConcurrentExecutions ?? 0);
};

export const judgeConcurrency = (executions: number): string => {
  const count = `${executions.toLocaleString('en')} concurrent executions`;
  if (executions >= fewExecutions) return count;
  throw new CommandError(
    `${count} in this account and region are few: more requests at once get 429 or 503. A higher quota is free:\n` +
      'https://console.aws.amazon.com/servicequotas/home/services/lambda/quotas/L-B99A9384',
  );
};

const readsOf = (environment: Environment): readonly DoctorCheck[] => {
  const options = async () => {
    const { region } = await readStateBackend(environment);
    return awsClientOptions(environment, region);
  };
  const reads: Readonly<Record<string, () => Promise<unknown>>> = {
    'dynamodb:ListTables': async () =>
      new DynamoDBClient(await options()).send(new ListTablesCommand({ Limit: 1 })),
    'secretsmanager:ListSecrets': async () =>
      new SecretsManagerClient(await options()).send(new ListSecretsCommand({ MaxResults: 1 })),
    'logs:DescribeLogGroups': async () =>
      new CloudWatchLogsClient(await options()).send(new DescribeLogGroupsCommand({ limit: 1 })),
    'cloudwatch:DescribeAlarms': async () =>
      new CloudWatchClient(await options()).send(new DescribeAlarmsCommand({ MaxRecords: 1 })),
  };
  return Object.entries(reads).map(([action, read]) => ({
    name: `may ${action}`,
    check: async () => {
      await allowed(action, read);
      return 'yes';
    },
  }));
};

/** Throws a `CommandError` if AWS refuses. */
export const allowed = async <T>(action: string, read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (cause) {
    const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
    if (!/^(AccessDenied|UnrecognizedClient|NotAuthorized|UnauthorizedOperation)/.test(name))
      throw new CommandError(`${action} failed: ${message}`, { cause });
    throw new CommandError(
      `${message}\nGive the caller ${action}, or sign in as somebody who deploys.`,
      { cause },
    );
  }
};
