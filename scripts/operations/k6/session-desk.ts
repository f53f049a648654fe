import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import type { Deployment } from '../../stack/terraform/deployment.ts';
import type { SessionDesk } from './sign-in-users.ts';
import { writeSessions } from './write-sessions.ts';

/** What is needed to begin and end sessions in an environment, with the caller's own AWS credentials. */
export const sessionDesk = async (
  environment: Environment,
  { region, sessionTableName, signingSecretArn }: Deployment,
  /** Each gets every session: two versions that serve side by side can read two tables. */
  tables: readonly string[] = [sessionTableName],
): Promise<SessionDesk> => {
  const options = awsClientOptions(environment, region);
  const { SecretString: signingSecret = '' } = await new SecretsManagerClient(options).send(
    new GetSecretValueCommand({ SecretId: signingSecretArn }),
  );
  const dynamoDb = new DynamoDBClient(options);
  return {
    signingSecret,
    write: async (requests) => {
      await Promise.all(tables.map((table) => writeSessions(dynamoDb, table, requests)));
    },
    nowSeconds: Math.floor(Date.now() / 1000),
  };
};
