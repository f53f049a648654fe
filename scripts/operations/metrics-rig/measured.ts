/** Values of one metric, which CloudWatch identifies by namespace, name and dimensions. */
export interface Measured {
  readonly namespace: string;
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds' | 'Bytes';
  readonly dimensions: Readonly<Record<string, string>>;
  /** How many times each value was seen. */
  readonly counts: ReadonlyMap<number, number>;
}

export const measured = (
  metric: Omit<Measured, 'counts'>,
  values: readonly number[],
): Measured => ({ ...metric, counts: countsOf(values) });

/** One entry for each metric, however many lines report it. */
export const merged = (parts: readonly Measured[]): readonly Measured[] => {
  const byMetric = new Map<string, Measured>();
  for (const part of parts) {
    const key = JSON.stringify([part.namespace, part.name, Object.entries(part.dimensions).sort()]);
    const earlier = byMetric.get(key)?.counts ?? new Map<number, number>();
    byMetric.set(key, { ...part, counts: sumOf(earlier, part.counts) });
  }
  return [...byMetric.values()];
};

/** The measurements of `factor` times the traffic. */
export const times = (parts: readonly Measured[], factor: number): readonly Measured[] =>
  parts.map((part) => ({
    ...part,
    counts: new Map([...part.counts].map(([value, count]) => [value, count * factor])),
  }));

const countsOf = (values: readonly number[]): ReadonlyMap<number, number> =>
  sumOf(
    new Map(),
    values.map((value) => [value, 1] as const),
  );

const sumOf = (
  counts: ReadonlyMap<number, number>,
  more: Iterable<readonly [number, number]>,
): ReadonlyMap<number, number> => {
  const sum = new Map(counts);
  for (const [value, count] of more) sum.set(value, (sum.get(value) ?? 0) + count);
  return sum;
};
