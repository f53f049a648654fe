import catalogue from '../../../handler/src/telemetry/metrics.json' with { type: 'json' };
import awsMetrics from './aws-metrics.json' with { type: 'json' };
import type { MetricRead } from './metrics-read.ts';

interface Group {
  readonly metrics: readonly string[];
  readonly dimensions: ReadonlyArray<readonly string[]>;
}

/** What neither AWS nor the function has: a graph of it stays empty, an alarm on it never goes off, and neither says so. */
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
