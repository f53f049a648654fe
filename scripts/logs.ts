import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  type FilteredLogEvent,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { command } from './command-line/command.ts';
import { awsClientOptions } from './environments/aws-client.ts';
import { readEnvironment } from './environments/environment.ts';
import { describeLogLine } from './logs/describe-log-line.ts';
import { readDeployment } from './terraform/deployment.ts';

const lookBackMs = 15 * 60_000;
/** CloudWatch takes a while to show a line, and may show a later one first. */
const overlapMs = 30_000;
const pauseMs = 1_000;

await command(async () => {
  const environment = readEnvironment();
  const { region, logGroupName } = await readDeployment(environment);
  const client = new CloudWatchLogsClient(awsClientOptions(environment, region));
  const shown = new Map<string, number>();
  let startTime = Date.now() - lookBackMs;

  const show = async (): Promise<void> => {
    for await (const { events = [] } of paginateFilterLogEvents(
      { client },
      { logGroupName, startTime },
    )) {
      events.forEach((event) => showOnce(event, shown));
    }
    startTime = Math.max(startTime, Date.now() - overlapMs);
    for (const [id, timestamp] of shown) if (timestamp < startTime) shown.delete(id);
  };

  await show();
  while (process.env['FOLLOW'] !== '0') {
    await sleep(pauseMs);
    await show();
  }
});

function showOnce(
  { eventId = '', timestamp = 0, message = '' }: FilteredLogEvent,
  shown: Map<string, number>,
): void {
  if (shown.has(eventId)) return;
  shown.set(eventId, timestamp);
  const line = describeLogLine(message, timestamp);
  if (line !== undefined) console.log(line);
}
