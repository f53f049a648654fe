/** The part of CloudWatch's dashboard format that this project's dashboard uses. */
export interface DashboardBody {
  readonly widgets: readonly Widget[];
}

export interface Widget {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title: string;
    readonly period: number;
    /** How far back it looks, such as `-P30D`; absent: as the dashboard does. */
    readonly start?: string;
    readonly metrics: ReadonlyArray<MetricRow>;
    readonly yAxis: { readonly left: { readonly label: string } };
    readonly annotations: { readonly horizontal?: readonly Line[] };
  };
}

export interface Line {
  readonly label: string;
  readonly value: number;
}

/** Namespace, name, and names and values of dimensions in turn, then options; or the options alone. */
export type MetricRow = ReadonlyArray<string | RowOptions>;

interface RowOptions {
  readonly id?: string;
  readonly expression?: string;
  readonly stat?: string;
  readonly label?: string;
  readonly visible?: boolean;
}

interface ReadRow extends RowOptions {
  readonly metric?: {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions: ReadonlyArray<{ readonly Name: string; readonly Value: string }>;
  };
}

export const metricRowOf = (row: MetricRow): ReadRow => {
  const [namespace = '', name = '', ...rest] = row.filter((part) => typeof part === 'string');
  const options = row.find((part) => typeof part === 'object') ?? {};
  if (name === '') return options;
  const dimensions = Array.from({ length: rest.length / 2 }, (_, index) => ({
    Name: rest[index * 2] ?? '',
    Value: rest[index * 2 + 1] ?? '',
  }));
  return { ...options, metric: { namespace, name, dimensions } };
};
