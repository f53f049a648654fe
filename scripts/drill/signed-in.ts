import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall } from '@aws-sdk/util-dynamodb';
import { Fault } from '../command-line/fault.ts';
import { awsClientOptions } from '../environments/aws-client.ts';
import type { Environment } from '../environments/environment.ts';
import { newSession } from '../sessions/session.ts';
import { readDeployment } from '../terraform/deployment.ts';

/** A token as a login service gives it out. */
export const signIn = async (environment: Environment): Promise<string> => {
  const { region, sessionTableName, signingSecretArn } = await readDeployment(environment);
  const options = awsClientOptions(environment, region);
  const { SecretString: secret = '' } = await new SecretsManagerClient(options).send(
    new GetSecretValueCommand({ SecretId: signingSecretArn }),
  );
  const { token, item } = await newSession(
    { userId: 'alice', roles: ['user'], lifetimeSeconds: 3_600 },
    secret,
    Math.floor(Date.now() / 1000),
  );
  await new DynamoDBClient(options).send(
    new PutItemCommand({ TableName: sessionTableName, Item: marshall(item) }),
  );
  return token;
};

/** What a route that needs a session answers. */
export const statusFor = async (baseUrl: string, token: string): Promise<number> => {
  const { status } = await fetch(`${baseUrl}/api/v1/users`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(30_000),
  });
  return status;
};

/** Throws where a route that needs a session answers otherwise. */
export const requireStatus = async (
  baseUrl: string,
  token: string,
  wanted: number,
): Promise<void> => {
  const status = await statusFor(baseUrl, token);
  if (status !== wanted)
    throw new Fault(`GET /api/v1/users answers ${status}; ${wanted} was expected.`);
};
