import { setTimeout as sleep } from 'node:timers/promises';
import { type CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';

/** An alarm that went off, or was over. */
export interface AlarmChange {
  readonly alarm: string;
  readonly state: string;
  readonly at: string;
}

const everyMs = 5_000;

/** Notes each change of the alarms with that prefix until it is told to stop. */
export const watchAlarms = async (
  client: CloudWatchClient,
  prefix: string,
  signal: AbortSignal,
): Promise<readonly AlarmChange[]> => {
  const states = new Map<string, string | undefined>();
  const changes: AlarmChange[] = [];
  const look = async (): Promise<void> => {
    const pages = paginateDescribeAlarms({ client }, { AlarmNamePrefix: prefix });
    for await (const { MetricAlarms: alarms = [] } of pages) {
      for (const {
        AlarmName: name = '',
        StateValue: state = '',
        StateUpdatedTimestamp,
      } of alarms) {
        const before = states.get(name);
        states.set(name, state);
        if (before === undefined || before === state) continue;
        const at = (StateUpdatedTimestamp ?? new Date()).toISOString();
        changes.push({ alarm: name.slice(prefix.length), state, at });
      }
    }
  };
  while (!signal.aborted) {
    await look();
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
  await look();
  return changes;
};
