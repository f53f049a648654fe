/** The median and the quartiles of the measured values. */
export interface Spread {
  readonly median: number;
  readonly p25: number;
  readonly p75: number;
}

export const spreadOf = (values: readonly number[]): Spread => {
  if (values.length === 0) throw new RangeError('Nothing was measured');
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    p25: quantile(sorted, 0.25),
    p75: quantile(sorted, 0.75),
  };
};

/** Ratios are taken within a round, where both sides saw the same machine, and only then put in order. */
export const ratioOf = (values: readonly number[], bases: readonly number[]): Spread =>
  spreadOf(values.map((value, round) => value / (bases[round] ?? NaN)));

const quantile = (sorted: readonly number[], share: number): number => {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
};
