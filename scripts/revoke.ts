import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { command } from './command-line/command.ts';
import { awsClientOptions } from './environments/aws-client.ts';
import { readEnvironment } from './environments/environment.ts';
import { sessionKeyOf } from './sessions/session.ts';
import { readDeployment } from './terraform/deployment.ts';

await command(async () => {
  const environment = readEnvironment();
  const key = sessionKeyOf(process.env['TOKEN'] ?? '');
  const { region, sessionTableName } = await readDeployment(environment);
  const { Attributes: ended } = await new DynamoDBClient(
    awsClientOptions(environment, region),
  ).send(
    new DeleteItemCommand({
      TableName: sessionTableName,
      Key: { session_id: { S: key } },
      ReturnValues: 'ALL_OLD',
    }),
  );
  console.log(
    ended
      ? `The session of ${ended['data']?.M?.['user_id']?.S} has ended.`
      : 'That session had ended before.',
  );
});
