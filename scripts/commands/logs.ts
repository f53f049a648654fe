import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  type FilteredLogEvent,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { flag } from '../stack/command-line/arguments.ts';
import { awsClientOptions } from '../stack/environments/aws-client.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { describeLogLine, jsonLine } from '../operations/logs/describe-log-line.ts';
import { readLogFilter } from '../operations/logs/log-filter.ts';
import {
  requestOfInvocation,
  timedOutInvocation,
} from '../operations/logs/timed-out-invocation.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

const lookBackMs = 15 * 60_000;
/** CloudWatch may show a line later than one that was written after it. */
const overlapMs = 30_000;
const pauseMs = 1_000;

await environmentCommand('logs', async (environment, args) => {
  const isWanted = readLogFilter(args);
  const { region, logGroupName, functionName } = await readDeployment(environment);
  const client = new CloudWatchLogsClient(awsClientOptions(environment, region));
  const isJson = flag(args.JSON, 'JSON');
  const isFollowing = flag(args.FOLLOW, 'FOLLOW', true);
  const shown = new Map<string, number>();
  let startTime = Date.now() - lookBackMs;

  const showRequestOf = async (message: string, timestampMs: number): Promise<void> => {
    const invocationId = timedOutInvocation(message)?.requestId;
    if (invocationId === undefined) return;
    const found = await requestOfInvocation(client, functionName, { invocationId, timestampMs });
    console.log(`  its request: ${found ?? 'not in the API’s access log (api_access_log)'}`);
  };

  /** How many lines were new. */
  const show = async (): Promise<number> => {
    let fresh = 0;
    let newest = startTime;
    for await (const { events = [] } of paginateFilterLogEvents(
      { client },
      { logGroupName, startTime },
    )) {
      for (const event of events) {
        const { timestamp = 0, message = '' } = event;
        newest = Math.max(newest, timestamp);
        if (shown.has(identityOf(event))) continue;
        shown.set(identityOf(event), timestamp);
        fresh += 1;
        const line = isWanted(message) ? describeLogLine(message, timestamp) : undefined;
        if (line === undefined) continue;
        if (isJson) {
          console.log(jsonLine(message, timestamp));
          continue;
        }
        console.log(line);
        await showRequestOf(message, timestamp);
      }
    }
    startTime = Math.max(startTime, newest - overlapMs);
    for (const [id, timestamp] of shown) if (timestamp < startTime) shown.delete(id);
    return fresh;
  };

  while ((await show()) > 0 || isFollowing) await sleep(isFollowing ? pauseMs : 0);
});

/** Events of the emulator have no id. */
function identityOf({ eventId, logStreamName, timestamp, message }: FilteredLogEvent): string {
  return eventId ?? `${logStreamName} ${timestamp} ${message}`;
}
