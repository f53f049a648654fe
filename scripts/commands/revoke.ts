import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { confirm } from '../stack/environments/confirm.ts';
import { awsClientOptions } from '../stack/environments/aws-client.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { endSessionsOf } from '../operations/sessions/end-sessions-of.ts';
import { readRevocation } from '../operations/sessions/session-arguments.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

await environmentCommand('revoke', async (environment, args) => {
  const revocation = readRevocation(args);
  const { region, sessionTableName: tableName } = await readDeployment(environment);
  const client = new DynamoDBClient(awsClientOptions(environment, region));
  if (revocation.kind === 'session') {
    console.log(await endSession(client, tableName, revocation.key));
    return;
  }
  const { userId } = revocation;
  await confirm(environment, `end every session of ${userId} in`, 'destruction');
  const ended = await endSessionsOf(client, { tableName, userId, nowMs: Date.now() });
  console.log(
    ended === 0
      ? `${userId} had no session.`
      : `${ended === 1 ? '1 session' : `${ended} sessions`} of ${userId} ended.`,
  );
});

async function endSession(client: DynamoDBClient, tableName: string, key: string): Promise<string> {
  const { Attributes: ended } = await client.send(
    new DeleteItemCommand({
      TableName: tableName,
      Key: { session_id: { S: key } },
      ReturnValues: 'ALL_OLD',
    }),
  );
  return ended
    ? `The session of ${ended['data']?.M?.['user_id']?.S} has ended.`
    : 'That session had ended before.';
}
