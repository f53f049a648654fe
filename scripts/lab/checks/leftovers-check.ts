import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';
import { readStateBackend } from '../../stack/terraform/state-backend.ts';
import { planArguments, terraform } from '../../stack/terraform/terraform.ts';
import { type Check, failed, passed } from './check.ts';
import type { TestStack } from './test-stack.ts';

/** After a destroy the account holds nothing but the bucket with the state. */
export const leftoversCheck = ({ environment }: TestStack): Check => ({
  name: 'destroy leaves nothing',
  run: async () => {
    const { region, baseUrl } = await readDeployment(environment);
    const { bucket } = await readStateBackend(environment);
    await terraform(environment, ['destroy', ...planArguments(environment), '-auto-approve']);

    const options = awsClientOptions(environment, region);
    const [tables, groups, secrets, buckets, { status }] = await Promise.all([
      new DynamoDBClient(options).send(new ListTablesCommand({})),
      new CloudWatchLogsClient(options).send(new DescribeLogGroupsCommand({})),
      new SecretsManagerClient(options).send(new ListSecretsCommand({})),
      new S3Client({ ...options, forcePathStyle: true }).send(new ListBucketsCommand({})),
      fetch(`${baseUrl}/health`),
    ]);
    const left = [
      ...(tables.TableNames ?? []),
      ...(groups.logGroups ?? []).map(({ logGroupName }) => logGroupName),
      ...(secrets.SecretList ?? []).map(({ Name }) => Name),
      ...(buckets.Buckets ?? []).map(({ Name }) => Name).filter((name) => name !== bucket),
      ...(status === 200 ? [baseUrl] : []),
    ];
    return left.length === 0 ? passed : failed(`still there: ${left.join(', ')}`);
  },
});
