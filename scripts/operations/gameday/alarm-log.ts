import { setTimeout as sleep } from 'node:timers/promises';
import { type CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Phase } from '../../../load-test/lib/gameday.ts';
import { merged } from '../metrics-rig/measured.ts';
import { readMeasured } from '../metrics-rig/read-measured.ts';
import type { ServiceNames } from '../metrics-rig/service-metrics.ts';
import { createTimeline } from '../metrics-rig/timeline.ts';

/** The alarms of one phase in `reports/gameday.json`. */
export interface PhaseAlarms {
  readonly phase: string;
  readonly raised: readonly string[];
  readonly cleared: readonly string[];
}

/** Compares the active alarms at the end of each phase with those before it. */
export const alarmChanges = (
  phases: readonly Pick<Phase, 'name'>[],
  onAtEnd: readonly ReadonlySet<string>[],
  onBefore: ReadonlySet<string>,
): readonly PhaseAlarms[] =>
  phases.map(({ name }, index) => {
    const before = index === 0 ? onBefore : (onAtEnd[index - 1] ?? new Set());
    const after = onAtEnd[index] ?? new Set();
    return {
      phase: name,
      raised: [...after].filter((alarm) => !before.has(alarm)).toSorted(),
      cleared: [...before].filter((alarm) => !after.has(alarm)).toSorted(),
    };
  });

/** The missing alarms: each fault must raise its alarm, and the alarm must end in the next phase. */
export const missingAlarms = (
  phases: readonly Pick<Phase, 'name' | 'fault'>[],
  changes: readonly PhaseAlarms[],
): readonly string[] =>
  phases.flatMap(({ name, fault }) => {
    if (fault === undefined) return [];
    const { alarm } = fault;
    const during = changes.find(({ phase }) => phase === name);
    const after = changes.find(({ phase }) => phase === `${name}-after`);
    return [
      ...(during?.raised.includes(alarm) ? [] : [`${name} did not raise ${alarm}`]),
      ...(after?.cleared.includes(alarm) ? [] : [`${alarm} was not cleared after ${name}`]),
    ];
  });

/** The alarms that are on, by their names without the environment's. */
export const alarmsThatAreOn = async (
  client: CloudWatchClient,
  prefix: string,
): Promise<ReadonlySet<string>> => {
  const on = new Set<string>();
  const pages = paginateDescribeAlarms(
    { client },
    { AlarmNamePrefix: prefix, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
  );
  for await (const { MetricAlarms: simple = [], CompositeAlarms: composite = [] } of pages) {
    for (const { AlarmName: name = '', StateValue: state } of [...simple, ...composite])
      if (state === 'ALARM') on.add(name.slice(prefix.length));
  }
  return on;
};

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

interface Where {
  readonly cloudWatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly names: ServiceNames;
}

/** Longer than the window of any alarm, so that each reaches its state. */
const minutesAPhase = 6;

/**
 * Sends the metrics of each phase to CloudWatch as if the phase had lasted six minutes: the emulator measures nothing
 * by itself, and an alarm needs three bad minutes out of five. The metrics come from the log lines of the phase.
 */
export const replayAlarms = async (
  { cloudWatch, logs, names }: Where,
  phases: readonly Phase[],
): Promise<readonly PhaseAlarms[]> => {
  const prefix = `${names.functionName}-`;
  const timeline = await createTimeline({ cloudWatch, ...names }, phases.length * minutesAPhase);
  const onAtEnd: ReadonlySet<string>[] = [];
  for (const { fault, startsAtMs, judgedFromMs, endsAtMs } of phases) {
    // A breaker opens in a fault's first seconds, which are not part of the evaluation.
    const span = { fromMs: fault ? startsAtMs : judgedFromMs, untilMs: endsAtMs };
    const byMinute = await readMeasured(logs, names, span);
    await timeline.send(merged([...byMinute.values()].flat()), minutesAPhase);
    onAtEnd.push(await alarmsThatAreOn(cloudWatch, prefix));
  }
  return alarmChanges(phases, onAtEnd, new Set());
};
