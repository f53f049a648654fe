import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, jest } from '@jest/globals';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';
import { readStateBackend, s3 } from '../../stack/terraform/state-backend.ts';
import { planArguments, terraform } from '../../stack/terraform/terraform.ts';
import { runCommand } from './run-command.ts';
import { testStack } from './test-stack.ts';

jest.setTimeout(5 * 60_000);

const environment = testStack();

describe('a destroy', () => {
  it('leaves nothing but the bucket of the state', async () => {
    const { region, baseUrl } = await readDeployment(environment);
    const { bucket } = await readStateBackend(environment);
    await terraform(environment, ['destroy', ...planArguments(environment), '-auto-approve']);

    const options = awsClientOptions(environment, region);
    const { TableNames: tables } = await new DynamoDBClient(options).send(
      new ListTablesCommand({}),
    );
    expect(tables).toEqual([]);
    const { logGroups } = await new CloudWatchLogsClient(options).send(
      new DescribeLogGroupsCommand({}),
    );
    expect(logGroups).toEqual([]);
    const { SecretList: secrets } = await new SecretsManagerClient(options).send(
      new ListSecretsCommand({}),
    );
    expect(secrets).toEqual([]);
    const { Buckets: buckets = [] } = await s3(environment, region).send(
      new ListBucketsCommand({}),
    );
    expect(buckets.map(({ Name }) => Name)).toEqual([bucket]);
    expect((await fetch(`${baseUrl}/health`)).status).not.toBe(200);
  });

  it('stops the local cloud', async () => {
    await runCommand('destroy');
    await expect(fetch(environment.local.endpoint)).rejects.toThrow();
  });
});
