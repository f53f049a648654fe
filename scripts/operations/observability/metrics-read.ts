import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type DashboardBody, metricRowOf } from './dashboard-body.ts';

/** A metric as an alarm or a graph asks for it. */
export interface MetricRead {
  /** The alarm's name or the graph's title. */
  readonly where: string;
  readonly namespace: string;
  readonly name: string;
  /** The names alone. */
  readonly dimensions: readonly string[];
}

export const metricsOfAlarm = ({
  AlarmName: where = '',
  Metrics: queries = [],
  ...alarm
}: MetricAlarm): readonly MetricRead[] =>
  [alarm, ...queries.map(({ MetricStat: stat }) => stat?.Metric)].flatMap((metric) =>
    metric?.MetricName
      ? [
          {
            where,
            namespace: metric.Namespace ?? '',
            name: metric.MetricName,
            dimensions: (metric.Dimensions ?? []).map(({ Name }) => Name ?? ''),
          },
        ]
      : [],
  );

export const metricsOfDashboard = ({ widgets }: DashboardBody): readonly MetricRead[] =>
  widgets.flatMap(({ properties: { title: where, metrics } }) =>
    metrics.flatMap((row) => {
      const { expression, metric } = metricRowOf(row);
      if (metric === undefined)
        return searchesOf(expression ?? '').map((read) => ({ where, ...read }));
      const { namespace, name, dimensions } = metric;
      return [{ where, namespace, name, dimensions: dimensions.map(({ Name }) => Name) }];
    }),
  );

/** `SEARCH('{Namespace,Dimension,…} MetricName="…" Dimension="…"', …)`: what it filters by must be in its schema, too. */
const searchesOf = (expression: string): ReadonlyArray<Omit<MetricRead, 'where'>> =>
  [...expression.matchAll(/SEARCH\('\{([^}]*)\}([^']*)'/g)].map(([, schema = '', words = '']) => {
    const [namespace = '', ...names] = schema.split(',');
    const terms = new Map(
      [...words.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
    );
    const name = terms.get('MetricName') ?? '';
    terms.delete('MetricName');
    return { namespace, name, dimensions: [...new Set([...names, ...terms.keys()])] };
  });
