import type { Expectation } from './fault-table.ts';

/** Every request has these; the others report problems. */
const usualMetrics = ['Requests', 'Latency', 'UpstreamLatency', 'ColdStarts'];

type Line = Readonly<Record<string, unknown>>;

interface EmfLine {
  readonly Environment?: string;
  readonly _aws?: {
    readonly CloudWatchMetrics: ReadonlyArray<{
      readonly Metrics: ReadonlyArray<{ readonly Name: string }>;
    }>;
  };
}

/** The log and metrics of the request with this id, in an environment of this name. */
export const observedOf = (
  name: string,
  written: readonly string[],
): Pick<Expectation, 'log' | 'metrics'> => {
  const lines = written
    .flatMap((text) => text.trim().split('\n'))
    .filter((line) => line.startsWith('{'));
  const parsed = lines.map((line) => JSON.parse(line) as Line);
  const requests = parsed.filter((line) => line['correlation_id'] === name);
  const metrics = parsed
    .filter((line) => (line as EmfLine).Environment === name)
    .flatMap((line) => (line as EmfLine)._aws?.CloudWatchMetrics ?? [])
    .flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name))
    .filter((metric) => !usualMetrics.includes(metric));
  return {
    log: requests.length === 1 ? causeIn(requests[0] ?? {}) : `${requests.length} lines`,
    metrics: [...new Set(metrics)].sort().join(', ') || '–',
  };
};

/** The level, where it is not info, and the innermost cause. */
const causeIn = (line: Line): string => {
  const cause = innermost(line['error'] ?? line['limiter_error']);
  const level = line['level'] === 'ERROR' ? 'error' : '';
  return [level, cause].filter(Boolean).join(': ') || '–';
};

interface Cause {
  readonly name?: string;
  readonly code?: string;
  readonly cause?: unknown;
}

const innermost = (error: unknown): string => {
  const { name, code, cause } = (error ?? {}) as Cause;
  return cause === undefined ? (code ?? name ?? '') : innermost(cause);
};
