import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Phase } from '../../../load-test/lib/gameday.ts';
import { alarmChanges, type PhaseAlarms } from './alarm-log.ts';
import { alarmsThatAreOn } from './read-alarms.ts';

/** On AWS: looks at the alarms themselves as each phase ends. */
export const watchAlarms = async (
  cloudWatch: CloudWatchClient,
  prefix: string,
  phases: readonly Phase[],
  signal: AbortSignal,
): Promise<readonly PhaseAlarms[]> => {
  const before = await alarmsThatAreOn(cloudWatch, prefix);
  const onAtEnd: ReadonlySet<string>[] = [];
  for (const { endsAtMs } of phases) {
    await sleep(Math.max(0, endsAtMs - Date.now()), undefined, { signal });
    onAtEnd.push(await alarmsThatAreOn(cloudWatch, prefix));
  }
  return alarmChanges(phases, onAtEnd, before);
};
