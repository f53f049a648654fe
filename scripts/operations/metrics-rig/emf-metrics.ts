import { measured, type Measured } from './measured.ts';

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: ReadonlyArray<readonly string[]>;
  readonly Metrics: ReadonlyArray<{ readonly Name: string; readonly Unit: Measured['unit'] }>;
}

type Line = Readonly<Record<string, unknown>>;

/** The metrics of a line in the embedded metric format; none for other lines. */
export const emfMetrics = (line: Line): readonly Measured[] => {
  const { CloudWatchMetrics: directives = [] } = (line['_aws'] ?? {}) as {
    CloudWatchMetrics?: readonly Directive[];
  };
  return directives.flatMap(({ Namespace: namespace, Dimensions: sets, Metrics: metrics }) =>
    sets.flatMap((names) =>
      metrics.map(({ Name: name, Unit: unit }) =>
        measured(
          {
            namespace,
            name,
            unit,
            dimensions: Object.fromEntries(names.map((key) => [key, String(line[key])])),
          },
          [line[name]].flat().map(Number),
        ),
      ),
    ),
  );
};
