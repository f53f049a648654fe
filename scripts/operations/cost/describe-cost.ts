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

/** The table in Markdown, as docs/cost.md has it; a terminal shows it as well. */
export const describeCost = (stack: StackSettings, assumed: Assumptions): string => {
  const millions = assumed.requests / 1e6;
  const requests = estimateRequests(stack, assumed);
  const all = totalOf(requests);
  const transfer = estimateTransfer(assumed);
  const idle = estimateIdle(stack, assumed);
  const byRequests = ({ what, how, usd }: Row): string[] => [
    what,
    how,
    dollars(usd),
    dollars(usd * millions),
  ];
  const byMonth = ({ what, how, usd }: Row): string[] => [what, how, dollars(usd)];
  return [
    `Prices of ${prices.asOf} in ${prices.region}, in USD, without free tiers.`,
    '',
    ...table(
      ['By requests', 'how', 'a million', `${assumed.requests.toLocaleString('en')} a month`],
      [
        ...requests.map(byRequests),
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
        ...idle.map(byMonth),
        ['Without traffic', dashboardNote(stack), dollars(totalOf(idle))],
        byMonth(estimateMetrics(assumed)),
        ...(stack.hasOwnKey ? [byMonth(estimateTableKeys())] : []),
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
