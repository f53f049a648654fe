import type { Curve } from './graph.ts';

interface Arrangement {
  /** The columns of the legend, each with the pattern of its lines. */
  readonly columns: ReadonlyArray<{ readonly series: string; readonly pattern: Pattern }>;
  readonly rows: ReadonlyArray<{
    readonly name: string;
    readonly colour: string;
    readonly curves: readonly Curve[];
  }>;
}

const patterns = ['solid', 'dashed', 'dotted'] as const;
export type Pattern = (typeof patterns)[number];

export const colours = [
  '#1f6feb',
  '#d1610c',
  '#2a8a3e',
  '#a333c8',
  '#c0222c',
  '#0f8a8a',
  '#7a6a00',
  '#1b2430',
];
const furtherColour = '#b9c2cc';

/** A colour a name and a pattern a series. Where there are more names than colours, the largest come first and have them. */
export const arrangeCurves = (curves: readonly Curve[]): Arrangement => {
  const named = [...Map.groupBy(curves, ({ name }) => name)];
  if (named.length > colours.length) named.sort(([, a], [, b]) => peakOf(b) - peakOf(a));
  const series = [...new Set(curves.map((curve) => curve.series))];
  return {
    columns: series.map((name, index) => ({
      series: name,
      pattern: patterns[Math.min(index, patterns.length - 1)] ?? 'solid',
    })),
    rows: named.map(([name, ofName], index) => ({
      name,
      colour: colours[index] ?? furtherColour,
      curves: ofName,
    })),
  };
};

const peakOf = (curves: readonly Curve[]): number =>
  Math.max(...curves.flatMap(({ points }) => points.map(({ value }) => value)), 0);
