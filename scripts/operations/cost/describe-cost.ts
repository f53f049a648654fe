import type { Assumptions } from './assumptions.ts';
import prices from '../../../terraform/modules/observability/prices.json' with { type: 'json' };
import {
  estimateIdle,
  estimateMetrics,
  estimateRequests,
  estimateTableKeys,
  estimateTransfer,
  type Row,
  totalOf,
} from './estimate.ts';
import type { StackSettings } from './stack-settings.ts';

/**
 * HTTP API, 512 MB for 100 ms, 1 read and 0.1 writes a request, 1 GB of logs: the cost of a million requests without
 * transfer, for comparison.
 */
const referenceUsd = 4.05;

/** All that is known of the cost, for programs. In USD, without free tiers. */
export interface CostEstimate {
  readonly prices: { readonly as_of: string; readonly region: string };
  readonly assumptions: Assumptions;
  /** By a million requests, without transfer. */
  readonly by_requests: readonly Row[];
  readonly transfer: Row;
  /** By the month, without traffic. */
  readonly by_month: readonly Row[];
  /** By the month, as soon as there is traffic. */
  readonly with_traffic: readonly Row[];
  readonly usd: {
    readonly a_million_requests: number;
    readonly a_month_without_traffic: number;
    /** With the assumed requests and their transfer. */
    readonly a_month: number;
  };
}

export const estimateCost = (stack: StackSettings, assumptions: Assumptions): CostEstimate => {
  const byRequests = estimateRequests(stack, assumptions);
  const transfer = estimateTransfer(assumptions);
  const byMonth = estimateIdle(stack, assumptions);
  const withTraffic = [
    estimateMetrics(assumptions),
    ...(stack.hasOwnKey ? [estimateTableKeys()] : []),
  ];
  const requests = totalOf([...byRequests, transfer]) * (assumptions.requests / 1e6);
  return {
    prices: { as_of: prices.asOf, region: prices.region },
    assumptions,
    by_requests: byRequests,
    transfer,
    by_month: byMonth,
    with_traffic: withTraffic,
    usd: {
      a_million_requests: totalOf(byRequests),
      a_month_without_traffic: totalOf(byMonth),
      a_month: requests + totalOf([...byMonth, ...withTraffic]),
    },
  };
};

/** The table in Markdown, as docs/cost.md has it; a terminal shows it as well. */
export const describeCost = (stack: StackSettings, assumed: Assumptions): string => {
  const { by_requests, transfer, by_month, with_traffic, usd } = estimateCost(stack, assumed);
  const millions = assumed.requests / 1e6;
  const all = usd.a_million_requests;
  const byRequests = ({ what, how, usd: cost }: Row): string[] => [
    what,
    how,
    dollars(cost),
    dollars(cost * millions),
  ];
  const byMonth = ({ what, how, usd: cost }: Row): string[] => [what, how, dollars(cost)];
  return [
    `Prices of ${prices.asOf} in ${prices.region}, in USD, without free tiers.`,
    '',
    ...table(
      ['By requests', 'how', 'a million', `${assumed.requests.toLocaleString('en')} a month`],
      [
        ...by_requests.map(byRequests),
        ['All in', `reference: ${dollars(referenceUsd)}`, dollars(all), dollars(all * millions)],
        byRequests(transfer),
        [
          'With transfer',
          '',
          dollars(all + transfer.usd),
          dollars((all + transfer.usd) * millions),
        ],
      ],
    ),
    '',
    ...table(
      ['By the month', 'how', 'USD'],
      [
        ...by_month.map(byMonth),
        ['Without traffic', dashboardNote(stack), dollars(usd.a_month_without_traffic)],
        ...with_traffic.map(byMonth),
      ],
    ),
  ].join('\n');
};

const dashboardNote = ({ hasDashboard }: StackSettings): string =>
  hasDashboard
    ? `a dashboard beyond an account's first 3: ${dollars(prices.dashboardPerMonth)} more`
    : '';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((cells) => (cells[at] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
};

const dollars = (usd: number): string => `$${usd.toFixed(2)}`;
