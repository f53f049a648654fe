import { type Chart, drawChart } from '../report-pages/chart.ts';
import type { Sample } from './read-samples.ts';
import { groupBy } from '../../../handler/compiler/group-by.ts';

export interface Outcome {
  readonly label: string;
  readonly color: string;
}

/** The width of a bar or the distance of two points: whole seconds, so that at most 250 fill the time. */
export const stretchMsOf = (fromMs: number, untilMs: number): number =>
  1_000 * Math.max(1, Math.ceil((untilMs - fromMs) / 250_000));

interface RequestsChart {
  readonly fromMs: number;
  readonly untilMs: number;
  /** The first is at the bottom. */
  readonly outcomes: readonly Outcome[];
  readonly outcomeOf: (sample: Sample) => Outcome;
  readonly bands?: Chart['bands'];
}

/** Requests per second over time, stacked by their outcome. */
export const requestsChart = (
  samples: readonly Sample[],
  { fromMs, untilMs, outcomes, outcomeOf, bands = [] }: RequestsChart,
): string => {
  const stretchMs = stretchMsOf(fromMs, untilMs);
  const count = Math.ceil((untilMs - fromMs) / stretchMs);
  const byOutcome = groupBy(samples, outcomeOf);
  return drawChart({
    ...{ title: 'Requests per second by outcome', unit: 'requests/s', width: 1000, height: 280 },
    x: { kind: 'time', from: fromMs, until: fromMs + count * stretchMs },
    ...{ bars: stretchMs, hasLegend: true, bands },
    series: outcomes.map((outcome) => {
      const perStretch = Array.from({ length: count }, () => 0);
      for (const { startedAtMs } of byOutcome.get(outcome) ?? []) {
        const at = Math.floor((startedAtMs - fromMs) / stretchMs);
        if (at in perStretch) perStretch[at] = (perStretch[at] ?? 0) + 1_000 / stretchMs;
      }
      return {
        ...{ name: outcome.label, color: outcome.color },
        points: perStretch.map((rate, at) => [fromMs + at * stretchMs, rate] as const),
      };
    }),
  });
};
