import { isDisturbed, type Phase } from '../../../load-test/lib/gameday.ts';
import type { Figures, Threshold } from '../k6/figures.ts';
import type { Sample } from '../k6/read-samples.ts';

/** The entry of one phase in `reports/gameday.json`. */
export interface PhaseFinding {
  readonly phase: string;
  readonly from: string;
  readonly seconds: number;
  readonly requests: number;
  /** Responses by status; `0` for no response. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly p95_ms: number;
  /** Time from the end of the fault until users noticed nothing. Absent without a fault. */
  readonly recovery_seconds?: number;
  readonly thresholds: readonly Threshold[];
  readonly verdict: 'passed' | 'failed';
}

export const judge = (
  phases: readonly Phase[],
  samples: readonly Sample[],
  { thresholds }: Pick<Figures, 'thresholds'>,
): readonly PhaseFinding[] =>
  phases.map((phase, index) => {
    const { name, fault, startsAtMs, endsAtMs, judgedFromMs } = phase;
    const within = samples.filter(
      ({ startedAtMs }) => startedAtMs >= judgedFromMs && startedAtMs < endsAtMs,
    );
    const own = thresholds.filter(({ metric }) => metric.includes(`{phase:${name}}`));
    const isPassed = within.length > 0 && own.length > 0 && own.every(({ ok }) => ok);
    return {
      phase: name,
      from: new Date(startsAtMs).toISOString(),
      seconds: (endsAtMs - startsAtMs) / 1000,
      requests: within.length,
      statuses: countBy(within.map(({ status }) => String(status))),
      p95_ms: Math.round(
        percentile(
          within.map(({ durationMs }) => durationMs),
          0.95,
        ),
      ),
      ...(fault && { recovery_seconds: recoverySeconds(phase, phases[index + 1], samples) }),
      thresholds: own,
      verdict: isPassed ? 'passed' : 'failed',
    };
  });

/** From the fault's end to the end of the last request that noticed it. */
export const recoverySeconds = (
  { fault, endsAtMs }: Phase,
  after: Phase | undefined,
  samples: readonly Sample[],
): number => {
  const lastMs = samples
    .filter(({ startedAtMs }) => startedAtMs >= endsAtMs && startedAtMs < (after?.endsAtMs ?? 0))
    .filter((seen) =>
      isDisturbed({ ...seen, code: undefined, hasRetryAfter: false }, fault?.latencyMs ?? 0),
    )
    .reduce(
      (last, { startedAtMs, durationMs }) => Math.max(last, startedAtMs + durationMs),
      endsAtMs,
    );
  return Math.round((lastMs - endsAtMs) / 100) / 10;
};

const countBy = (keys: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const key of keys.toSorted()) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
};

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0;
