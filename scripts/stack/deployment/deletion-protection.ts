import {
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { CommandError } from '../command-line/command-error.ts';
import { awsClientOptions } from '../environments/aws-client.ts';
import type { Environment } from '../environments/environment.ts';
import type { Deployment } from '../terraform/deployment.ts';

/** Ends here where a table is protected: Terraform would only find out with half of the rest removed. */
export const requireUnprotected = async (
  environment: Environment,
  { region, sessionTableName, rateLimitTableName, furtherTableNames }: Deployment,
): Promise<void> => {
  const client = new DynamoDBClient(awsClientOptions(environment, region));
  const tableNames = [sessionTableName, rateLimitTableName, ...Object.values(furtherTableNames)];
  const tables = await Promise.all(tableNames.map((name) => describe(client, name)));
  const names = tables
    .filter((table) => table?.DeletionProtectionEnabled)
    .map((table) => table?.TableName);
  if (names.length === 0) return;
  throw new CommandError(
    `Deletion protection is on for ${names.join(' and ')}: nothing was removed.\n` +
      `To remove them for good, set deletion_protection = false in ${environment.variablesFile}, ` +
      'deploy, then destroy.',
  );
};

const describe = async (client: DynamoDBClient, name: string) => {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
};
