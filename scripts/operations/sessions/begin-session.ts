import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall } from '@aws-sdk/util-dynamodb';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';
import type { SessionRequest } from './session-request.ts';
import { newSession } from './session.ts';

/** A session in an environment that is deployed, as a login service makes it; its token. */
export const beginSession = async (
  environment: Environment,
  request: SessionRequest,
): Promise<string> => {
  const { region, sessionTableName, signingSecretArn } = await readDeployment(environment);
  const options = awsClientOptions(environment, region);
  const { SecretString: secret = '' } = await new SecretsManagerClient(options).send(
    new GetSecretValueCommand({ SecretId: signingSecretArn }),
  );
  const { token, item } = await newSession(request, secret, Math.floor(Date.now() / 1000));
  await new DynamoDBClient(options).send(
    new PutItemCommand({ TableName: sessionTableName, Item: marshall(item) }),
  );
  return token;
};
