import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type DashboardBody, metricRowOf } from './dashboard-body.ts';
import catalogue from '../../../terraform/modules/observability/metrics.json' with { type: 'json' };
import awsMetrics from './aws-metrics.json' with { type: 'json' };

/** A metric as an alarm or a graph reads it. */
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

/** The fields of the log that a Logs Insights query names. */
export const queryFields = (query: string): readonly string[] => {
  const aliases = new Set([...query.matchAll(/\bas\s+(\w+)/g)].map(([, alias]) => alias));
  const words = query.replace(/"[^"]*"/g, '').matchAll(/(?<![\w.@])[@a-z_][\w.@]*(?!\w*\()/g);
  return [...new Set([...words].map(([word]) => word))].filter(
    (word) => !aliases.has(word) && !keywords.has(word),
  );
};

const keywords = new Set(
  'fields filter stats sort limit display dedup by as and or not in like asc desc'.split(' '),
);

interface Group {
  readonly metrics: readonly string[];
  readonly dimensions: ReadonlyArray<readonly string[]>;
}

/**
 * Metrics that neither AWS nor the function has: a graph of them stays empty and an alarm never activates, without an
 * error.
 */
export const unknownMetrics = (read: readonly MetricRead[]): readonly string[] =>
  read.filter((metric) => !isKnown(metric)).map(describe);

const isKnown = ({ namespace, name, dimensions }: MetricRead): boolean =>
  (groups[namespace] ?? []).some(
    (group) =>
      group.metrics.includes(name) &&
      group.dimensions.some((names) => sorted(names) === sorted(dimensions)),
  );

const ownDimensions = catalogue.dimensions as Readonly<Record<string, string>>;

const groups: Readonly<Record<string, readonly Group[]>> = {
  ...Object.fromEntries(
    Object.entries(awsMetrics).map(([namespace, described]) => [namespace, described.groups]),
  ),
  [catalogue.namespace]: Object.values(catalogue.metrics).map(({ name, by }) => ({
    metrics: [name],
    dimensions: [
      [
        catalogue.dimensions.gateway,
        catalogue.dimensions.environment,
        ...by.map((key) => ownDimensions[key] ?? ''),
      ],
    ],
  })),
};

const sorted = (names: readonly string[]): string => [...names].sort().join();

const describe = ({ where, namespace, name, dimensions }: MetricRead): string =>
  `${where}: ${namespace} ${name} by ${dimensions.join(', ')}`;
