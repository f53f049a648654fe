import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Phase } from '../../../load-test/lib/gameday.ts';
import { merged } from '../../operations/metrics-rig/measured.ts';
import { readMeasured } from '../../operations/metrics-rig/read-measured.ts';
import type { ServiceNames } from '../../operations/metrics-rig/service-metrics.ts';
import { createTimeline } from '../../operations/metrics-rig/timeline.ts';
import { alarmChanges, type PhaseAlarms } from './alarm-log.ts';
import { alarmsThatAreOn } from './read-alarms.ts';

interface Where {
  readonly cloudWatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly names: ServiceNames;
}

/** Longer than an alarm looks back, so that each has made up its mind. */
const minutesAPhase = 6;

/**
 * Tells CloudWatch the day as if each phase had lasted six minutes: the emulator measures nothing by itself, and an
 * alarm wants three bad minutes out of five. What is told are the phase's own log lines and metrics.
 */
export const retellAlarms = async (
  { cloudWatch, logs, names }: Where,
  phases: readonly Phase[],
): Promise<readonly PhaseAlarms[]> => {
  const prefix = `${names.functionName}-`;
  const timeline = await createTimeline({ cloudWatch, ...names }, phases.length * minutesAPhase);
  const onAtEnd: ReadonlySet<string>[] = [];
  for (const { fault, startsAtMs, judgedFromMs, endsAtMs } of phases) {
    // A breaker opens in a fault's first seconds, which no user's experience is judged by.
    const span = { fromMs: fault ? startsAtMs : judgedFromMs, untilMs: endsAtMs };
    const byMinute = await readMeasured(logs, names, span);
    await timeline.tell(merged([...byMinute.values()].flat()), minutesAPhase);
    onAtEnd.push(await alarmsThatAreOn(cloudWatch, prefix));
  }
  return alarmChanges(phases, onAtEnd, new Set());
};
