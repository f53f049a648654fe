import { Metrics as PowertoolsMetrics, type MetricUnit } from '@aws-lambda-powertools/metrics';
import catalogue from '../../../terraform/modules/observability/metrics.json' with { type: 'json' };

export type MetricName = keyof typeof catalogue.metrics;

/** Values of the dimensions that `metrics.json` lists under the metric's `by`, besides `Gateway` and `Environment`. */
export interface Dimensions {
  readonly route?: string;
  readonly upstream?: string;
  readonly rule?: string;
}

/** A metric that is not in the catalogue. */
export interface OwnMetric {
  readonly name: string;
  readonly unit: string;
}

export interface Metrics {
  add(name: MetricName | OwnMetric, value: number, dimensions?: Dimensions): void;
  /** Writes what is due as EMF lines. Never throws: a lost metric must not fail a request. */
  endRequest(nowMs: number): void;
}

/**
 * CloudWatch takes up to 100 values of a metric in one EMF line, and bills the line's bytes: an environment under load
 * gathers them. An environment with less than one request per second writes after each. One that has been busy for
 * longer waits for a tenth of that time, so that at most a tenth is lost if Lambda ends it before the next write.
 */
const leastWaitMs = 1_000;
const mostWaitMs = 10_000;
const shareOfBusyTime = 0.1;

/** A metric that may page someone is written at once. */
const urgent: ReadonlySet<MetricName | OwnMetric> = new Set<MetricName>([
  'serverErrors',
  'limiterStoreFailures',
  'breakerOpenings',
  'injectedFaults',
]);

/** The dimensions of every metric: two gateways of one account and environment must not add up. */
interface Common {
  readonly gateway: string;
  readonly environment: string;
}

export const createMetrics = (common: Common): Metrics => {
  const byDimensions = new Map<string, PowertoolsMetrics>();
  let writtenAtMs = Number.NEGATIVE_INFINITY;
  let requestAtMs = Number.NEGATIVE_INFINITY;
  let busySinceMs = 0;
  let isUrgent = false;

  const isDue = (nowMs: number): boolean => {
    if (nowMs - requestAtMs > leastWaitMs) busySinceMs = nowMs;
    requestAtMs = nowMs;
    const share = (nowMs - busySinceMs) * shareOfBusyTime;
    return isUrgent || nowMs - writtenAtMs >= Math.min(Math.max(share, leastWaitMs), mostWaitMs);
  };

  const recorderFor = (dimensions: Dimensions): PowertoolsMetrics => {
    const { route = '', upstream = '', rule = '' } = dimensions;
    const key = `${route}\n${upstream}\n${rule}`;
    let recorder = byDimensions.get(key);
    if (recorder === undefined) {
      recorder = new PowertoolsMetrics({ namespace: catalogue.namespace });
      recorder.clearDefaultDimensions(); // Powertools adds `service`; the dashboard's dimensions are those of the catalogue alone.
      recorder.setDefaultDimensions(named({ ...common, ...dimensions }));
      byDimensions.set(key, recorder);
    }
    return recorder;
  };

  return {
    add: (name, value, dimensions = {}) => {
      isUrgent ||= urgent.has(name);
      const { name: published, unit } = typeof name === 'string' ? catalogue.metrics[name] : name;
      recorderFor(dimensions).addMetric(
        published,
        unit as (typeof MetricUnit)[keyof typeof MetricUnit],
        value,
      );
    },
    endRequest: (nowMs) => {
      if (!isDue(nowMs)) return;
      isUrgent = false;
      writtenAtMs = nowMs;
      for (const recorder of byDimensions.values()) {
        if (recorder.hasStoredMetrics()) publish(recorder);
      }
    },
  };
};

const publish = (recorder: PowertoolsMetrics): void => {
  try {
    recorder.publishStoredMetrics();
  } catch {
    // Standard output is closed; Powertools has emptied its store anyway.
  }
};

const named = (values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      catalogue.dimensions[key as keyof typeof catalogue.dimensions],
      value,
    ]),
  );
