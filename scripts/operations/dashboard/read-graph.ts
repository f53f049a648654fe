import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { type Line, metricRowOf, type Widget } from '../observability/dashboard-body.ts';

export interface Curve {
  /** What sets it apart from its neighbors, such as a route. */
  readonly name: string;
  /** What distinguishes it from others of the graph, such as `p95`. May be empty. */
  readonly series: string;
  readonly points: ReadonlyArray<{ readonly atMs: number; readonly value: number }>;
}

export interface Graph {
  readonly title: string;
  readonly unit: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly periodMs: number;
  readonly lines: readonly Line[];
  readonly curves: readonly Curve[];
}

/** The data of one widget until `untilMs`, from `usualSpanMs` before it unless the widget has its own span. */
export const readGraph = async (
  client: CloudWatchClient,
  widget: Widget,
  { untilMs, usualSpanMs }: { readonly untilMs: number; readonly usualSpanMs: number },
): Promise<Graph> => {
  const { title, yAxis, annotations, period } = widget.properties;
  const periodMs = period * 1000;
  // CloudWatch dates a period by its beginning.
  const fromMs = Math.floor((untilMs - spanMs(widget, usualSpanMs)) / periodMs) * periodMs;
  const queries = graphQueries(widget);
  const namesOf = curveNames(queries);
  const { MetricDataResults: results = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: new Date(fromMs),
      EndTime: new Date(untilMs),
      ScanBy: 'TimestampAscending',
    }),
  );
  return {
    ...{ title, unit: yAxis.left.label, fromMs, untilMs, periodMs },
    lines: annotations.horizontal ?? [],
    curves: results.map((result) => ({
      ...namesOf(result),
      points: (result.Timestamps ?? []).map((time, index) => ({
        atMs: new Date(time).getTime(),
        value: result.Values?.[index] ?? 0,
      })),
    })),
  };
};

/** The queries that CloudWatch's own page sends for the widget. */
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

/** Of `-P30D`, or the page's own span. */
export const spanMs = ({ properties: { start } }: Widget, usualMs: number): number => {
  const days = /^-P(\d+)D$/.exec(start ?? '')?.[1];
  return days === undefined ? usualMs : Number(days) * dayMs;
};

const foundByName = /\$\{PROP\([^)]*\)\}/;

/** SEARCH results make a table: `${PROP('Dim.Route')} p95` has a row for each route, and a column `p95`. */
export const curveNames = (queries: readonly MetricDataQuery[]) => {
  const shown = queries.filter(({ ReturnData }) => ReturnData);
  const isTable = shown.every(({ Label = '' }) => foundByName.test(Label));
  const templates = new Map(shown.map(({ Id, Label = '' }) => [Id, Label]));
  return ({ Id, Label = '' }: MetricDataResult): Pick<Curve, 'name' | 'series'> => {
    const [before = '', after = ''] = (templates.get(Id) ?? '').split(foundByName);
    if (!isTable || !Label.startsWith(before) || !Label.endsWith(after))
      return { name: Label, series: '' };
    const name = Label.slice(before.length, Label.length - after.length);
    return { name, series: `${before}${after}`.trim() };
  };
};
