/** The plain figures of a run: `reports/loadtest.json`. */
export interface Figures {
  readonly scenario: string;
  readonly env: string;
  readonly base_url: string;
  readonly when: string;
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  readonly requests_per_second: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly checks: readonly { name: string; passed: number; failed: number }[];
  /** What the scenario itself counted, such as `admitted`. */
  readonly counted: Readonly<Record<string, number>>;
  readonly thresholds: readonly Threshold[];
  readonly verdict: 'passed' | 'failed';
}

export interface Threshold {
  readonly metric: string;
  readonly condition: string;
  /** Absent if nothing was measured, which is not a success. */
  readonly measured: number | undefined;
  readonly ok: boolean;
}

interface Run {
  readonly scenario: string;
  readonly env: string;
  readonly base_url: string;
  readonly when: string;
}

/**
 * Converts k6's summary to figures. A run without requests is a failure, and so is a threshold without a measurement.
 */
export const figuresOf = (run: Run, { state, metrics, root_group }: Summary): Figures => {
  const value = (metric: string, key: string): number => metrics[metric]?.values[key] ?? 0;
  const requests = value('http_reqs', 'count');
  const thresholds = thresholdsOf(metrics);
  return {
    ...run,
    seconds: rounded(state.testRunDurationMs / 1000),
    requests,
    // A rate's `passes` are those for which it is true: here, the failed requests.
    failed: value('http_req_failed', 'passes'),
    requests_per_second: rounded(value('http_reqs', 'rate')),
    p50_ms: rounded(value('http_req_duration', 'med')),
    p95_ms: rounded(value('http_req_duration', 'p(95)')),
    p99_ms: rounded(value('http_req_duration', 'p(99)')),
    checks: root_group.checks.map(({ name, passes, fails }) => ({
      name,
      passed: passes,
      failed: fails,
    })),
    counted: countedBy(metrics),
    thresholds,
    verdict: requests > 0 && thresholds.every(({ ok }) => ok) ? 'passed' : 'failed',
  };
};

const thresholdsOf = (metrics: Summary['metrics']): Threshold[] =>
  Object.entries(metrics).flatMap(([metric, { values, thresholds = {} }]) =>
    Object.entries(thresholds).map(([condition, { ok }]) => {
      const value = hasSamples(values) ? values[condition.split(/[<>=]/)[0] ?? ''] : undefined;
      const measured = value === undefined ? undefined : rounded(value);
      return { metric, condition, measured, ok: ok && hasSamples(values) };
    }),
  );

/**
 * k6 reports 0 for a rate or a time without a sample, which would pass any upper bound; for a counter, 0 is a value.
 */
const hasSamples = (values: Metric['values']): boolean => {
  const { passes, fails, med, count } = values;
  if (passes !== undefined && fails !== undefined) return passes + fails > 0;
  return med === undefined || count !== 0;
};

const ownPrefix = 'postern_';

const countedBy = (metrics: Summary['metrics']): Record<string, number> =>
  Object.fromEntries(
    Object.entries(metrics)
      .filter(([name]) => name.startsWith(ownPrefix))
      .map(([name, { values }]) => [
        name.slice(ownPrefix.length),
        values.count ?? values.value ?? 0,
      ]),
  );

/** Thousandths: enough for a millisecond's parts and for a rate. */
const rounded = (number: number): number => Math.round(number * 1000) / 1000;

/** The used part of k6's input to `handleSummary`. Times are in ms. */
export interface Summary {
  readonly state: { readonly testRunDurationMs: number };
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly root_group: { readonly checks: readonly Check[] };
}

interface Metric {
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

interface Check {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}
