import {
  type CloudWatchClient,
  type MetricDatum,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import type { Measured } from './measured.ts';
import { groupBy } from '../../../handler/compiler/group-by.ts';

/** CloudWatch's limits: metrics in one call, and values of each. */
const mostMetrics = 1_000;
const mostValues = 150;

/** Sends these metrics for each of the minutes that begin at `timesMs`. */
export const putMeasured = async (
  client: CloudWatchClient,
  parts: readonly Measured[],
  timesMs: readonly number[],
): Promise<void> => {
  for (const [namespace, ofNamespace] of groupBy(parts, (part) => part.namespace)) {
    const data = timesMs.flatMap((timeMs) => ofNamespace.flatMap((part) => dataOf(part, timeMs)));
    for (const MetricData of inBatches(data, mostMetrics)) {
      await client.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
    }
  }
};

const dataOf = ({ name, unit, dimensions, counts }: Measured, timeMs: number): MetricDatum[] =>
  inBatches([...counts], mostValues).map((batch) => ({
    MetricName: name,
    Unit: unit,
    Timestamp: new Date(timeMs),
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    Values: batch.map(([value]) => value),
    Counts: batch.map(([, count]) => count),
  }));

const inBatches = <T>(items: readonly T[], most: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / most) }, (_, index) =>
    items.slice(index * most, (index + 1) * most),
  );
