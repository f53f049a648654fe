import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { metricRowOf, type Widget } from '../observability/dashboard-body.ts';

/** What CloudWatch's own page asks for to draw a graph. */
export const graphQueries = ({ properties: { metrics, period } }: Widget): MetricDataQuery[] =>
  metrics.map(metricRowOf).map((row, index) => {
    const Id = row.id ?? `q${index}`;
    const shared = { Id, Label: row.label ?? Id, ReturnData: row.visible !== false };
    if (row.metric === undefined) return { ...shared, Expression: row.expression, Period: period };
    const { namespace: Namespace, name: MetricName, dimensions } = row.metric;
    const Metric = { Namespace, MetricName, Dimensions: [...dimensions] };
    return { ...shared, MetricStat: { Metric, Period: period, Stat: row.stat ?? 'Average' } };
  });

const dayMs = 24 * 60 * 60_000;

/** `-P30D`, or the page's own span. */
export const spanMs = ({ properties: { start } }: Widget, otherwiseMs: number): number => {
  const days = /^-P(\d+)D$/.exec(start ?? '')?.[1];
  return days === undefined ? otherwiseMs : Number(days) * dayMs;
};
