import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall } from '@aws-sdk/util-dynamodb';
import { command } from './command-line/command.ts';
import { awsClientOptions } from './environments/aws-client.ts';
import { readEnvironment } from './environments/environment.ts';
import { readSessionRequest } from './sessions/session-request.ts';
import { newSession } from './sessions/session.ts';
import { readDeployment } from './terraform/deployment.ts';

await command(async () => {
  const environment = readEnvironment();
  const request = readSessionRequest(process.env);
  const { region, sessionTableName, signingSecretArn } = await readDeployment(environment);
  const options = awsClientOptions(environment, region);

  const { SecretString: secret = '' } = await new SecretsManagerClient(options).send(
    new GetSecretValueCommand({ SecretId: signingSecretArn }),
  );
  const { token, item } = await newSession(request, secret, Math.floor(Date.now() / 1000));
  await new DynamoDBClient(options).send(
    new PutItemCommand({ TableName: sessionTableName, Item: marshall(item) }),
  );
  console.log(token);
});
