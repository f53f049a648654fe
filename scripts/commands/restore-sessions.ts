import {
  DynamoDBClient,
  DynamoDBServiceException,
  RestoreTableToPointInTimeCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { describeRestored } from '../operations/sessions/describe-restored.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { step } from '../stack/command-line/step.ts';
import { confirm } from '../stack/environments/confirm.ts';
import { awsClientOptions } from '../stack/environments/aws-client.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

/** Most tables are restored within an hour; this is for the largest. */
const patienceSeconds = 6 * 3_600;

/** Restores the sessions table, as it was at `AT`, into a new table; it is the tfvars that put that one to use. */
await environmentCommand('restore-sessions', async (environment, args) => {
  const at = readTime(args.AT ?? '');
  await confirm(
    environment,
    'make a new sessions table, which costs until it is deleted, in',
    'destruction',
  );
  const { region, functionName, sessionTableName } = await readDeployment(environment);
  const client = new DynamoDBClient(awsClientOptions(environment, region));
  const name = `${functionName}-sessions-${stampOf(new Date())}`;
  await step(`restore ${sessionTableName} as of ${at.toISOString()}`, async () => {
    await client
      .send(
        new RestoreTableToPointInTimeCommand({
          SourceTableName: sessionTableName,
          TargetTableName: name,
          RestoreDateTime: at,
        }),
      )
      .catch((cause: unknown) => {
        if (!(cause instanceof DynamoDBServiceException)) throw cause;
        throw new CommandError(`DynamoDB refuses: ${cause.message}`, { cause });
      });
    await waitUntilTableExists({ client, maxWaitTime: patienceSeconds }, { TableName: name });
  });
  // The sessions table itself always stays.
  const kept = sessionTableName === `${functionName}-sessions` ? undefined : sessionTableName;
  for (const line of describeRestored({ environment: environment.name, name, kept }))
    console.log(line);
});

function readTime(text: string): Date {
  const time = new Date(text);
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z$/.test(text);
  if (isTime && !Number.isNaN(time.getTime())) return time;
  throw new CommandError(`AT is "${text}"; it is a time in UTC, such as AT=2026-11-21T10:30:00Z`);
}

/** Only digits and hyphens are left of the time, to the second. */
function stampOf(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
}
