import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { CommandError } from '../../../stack/command-line/command-error.ts';
import { awsClientOptions } from '../../../stack/environments/aws-client.ts';
import { readDeployment } from '../../../stack/terraform/deployment.ts';
import type { Drill } from '../drill.ts';
import { requireStatus, signIn } from '../signed-in.ts';

export const restoreSessions: Drill = {
  runbook: 'restore-sessions',
  reads: { table: /^restored_sessions_table = "([^"]+)"$/m },
  breakIt: async ({ environment }) => {
    const { region, sessionTableName, ...before } = await readDeployment(environment);
    const token = await signIn(environment);
    await requireStatus(before.baseUrl, token, 200);
    const time = await nextSecond();
    const client = new DynamoDBClient(awsClientOptions(environment, region));
    await empty(client, sessionTableName);
    await requireStatus(before.baseUrl, token, 401);
    return {
      values: { time },
      prove: async () => {
        const after = await readDeployment(environment);
        if (after.sessionTableName === sessionTableName)
          throw new CommandError(`The gateway still reads ${sessionTableName}.`);
        await requireStatus(after.baseUrl, token, 200);
        return `a session that was deleted holds again, read from ${after.sessionTableName}`;
      },
    };
  },
};

const empty = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  const pages = paginateScan({ client }, { TableName, ProjectionExpression: 'session_id' });
  for await (const { Items: items = [] } of pages)
    for (const { session_id } of items)
      if (session_id) await client.send(new DeleteItemCommand({ TableName, Key: { session_id } }));
};

/** A whole second after what was written, and before what is written next: a point in time has no fractions. */
const nextSecond = async (): Promise<string> => {
  const atMs = Math.ceil((Date.now() + 1) / 1_000) * 1_000;
  await sleep(atMs - Date.now() + 50);
  return new Date(atMs).toISOString().replace('.000', '');
};
