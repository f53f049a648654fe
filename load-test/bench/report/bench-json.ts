import type { Measured } from '../measure/bench.ts';
import type { FiguresByName } from './figures.ts';
import type { Ratios } from './ratios.ts';

/** `reports/bench.json`: the main ratios as plain numbers at the top, everything else below them. */
export const benchJson = (
  { machine, effort, contracts, kinds, growth }: Measured,
  figures: FiguresByName,
  ratios: Ratios,
  measuredAt: Date,
): object => ({
  ...Object.fromEntries(
    Object.entries(ratios).map(([name, { median }]) => [name, Number(median.toFixed(3))]),
  ),
  measured_at: measuredAt.toISOString(),
  machine,
  effort,
  ratios,
  candidates: figures,
  contracts,
  kinds,
  growth,
});
