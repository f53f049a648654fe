import { workloads } from '../workloads.ts';
import type { ContractCost } from '../measure/contracts.ts';
import type { KindCosts } from '../measure/kinds.ts';
import type { Spread } from '../statistics.ts';
import type { Figures, FiguresByName } from './figures.ts';
import { goals, type Ratios } from './ratios.ts';

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What is shown of a run, on the terminal and in the documents alike. */
export const tablesOf = (figures: FiguresByName, ratios: Ratios): readonly Table[] => {
  const all = Object.values(figures);
  return [
    { title: 'Postern against its goals', head: goalHead, rows: goals.map(goalRow(ratios)) },
    { title: 'Cold start, size, memory', head: coldHead, rows: all.map(coldRow) },
    { title: 'CPU of a warm request, µs', head: cpuHead, rows: all.filter(isWarm).map(cpuRow) },
    { title: 'One environment, warm', head: speedHead, rows: all.filter(isWarm).map(speedRow) },
    { title: 'What a request causes', head: workHead, rows: all.filter(isCounted).map(workRow) },
  ];
};

/** Unused parts of a contract cost nothing: the size of Postern with smaller and smaller contracts. */
export const contractTable = (contracts: readonly ContractCost[]): Table => ({
  title: 'What a contract costs',
  head: ['contract', 'zip, bytes', 'first response, ms', 'CPU of 1 KB, µs'],
  rows: contracts.map(({ contract, zip_bytes, first_response_ms, cpu_us }) => [
    contract,
    zip_bytes.toLocaleString('en'),
    spread(first_response_ms, 0),
    spread(cpu_us, 0),
  ]),
});

/** What the gateway adds to one request to a service, and to one call of a function. */
export const kindTable = ({ kinds }: KindCosts): Table => ({
  title: 'What an upstream costs',
  head: ['upstream', 'direct, CPU µs', 'through Postern', 'direct, p50 ms', 'through Postern'],
  rows: kinds.map(({ kind, ...cost }) => [
    kind,
    spread(cost.direct_cpu_us, 0),
    spread(cost.gateway_cpu_us, 0),
    spread(cost.direct_p50_ms, 2),
    spread(cost.gateway_p50_ms, 2),
  ]),
});

const isWarm = (one: Figures): boolean => one.warm !== undefined;
const isCounted = (one: Figures): boolean => one.per_request !== undefined;

const goalHead = ['figure', 'measured', 'quartiles', 'must', 'stretch', 'reached'];
const goalRow =
  (ratios: Ratios) =>
  ({ name, title, must, stretch }: (typeof goals)[number]): string[] => {
    const { median, p25, p75 } = ratios[name];
    const reached = median <= stretch ? 'stretch' : median <= must ? 'must' : 'no';
    const digits = name === 'zip_kib' ? 0 : 2;
    const quartiles = p25 === p75 ? '' : `${p25.toFixed(digits)}–${p75.toFixed(digits)}`;
    return [title, median.toFixed(digits), quartiles, `≤ ${must}`, `≤ ${stretch}`, reached];
  };

const coldHead = [
  'gateway',
  'first response, ms',
  'modules load, ms',
  'zip, KiB',
  'RSS at rest, MiB',
  'RSS after, MiB',
  'heap after, MiB',
];
const coldRow = ({ title, cold, zip_bytes, memory }: Figures): string[] => [
  title,
  spread(cold.first_response_ms, 0),
  spread(cold.init_ms, 0),
  zip_bytes < 10_240
    ? (zip_bytes / 1024).toFixed(1)
    : Math.round(zip_bytes / 1024).toLocaleString('en'),
  megabytes(memory?.at_rest.rss_bytes),
  megabytes(memory?.after_warm_up.rss_bytes),
  megabytes(memory?.after_warm_up.heap_bytes),
];

const cpuHead = ['gateway', ...workloads.map(({ title }) => title), '1 KB, back to back'];
const cpuRow = ({ title, warm }: Figures): string[] => [
  title,
  ...workloads.map(({ name }) => (warm ? spread(warm[name].cpu_us, 0) : '')),
  warm ? spread(warm.json_1kb_back_to_back.cpu_us, 0) : '',
];

const speedHead = [
  'gateway',
  'p50 of 1 KB, ms',
  'p99, ms',
  'p50, back to back',
  'requests/s',
  'p50 of 1 MB, ms',
];
const speedRow = ({ title, warm }: Figures): string[] => [
  title,
  warm ? spread(warm.json_1kb.p50_ms, 2) : '',
  warm ? spread(warm.json_1kb.p99_ms, 1) : '',
  warm ? spread(warm.json_1kb_back_to_back.p50_ms, 2) : '',
  warm ? spread(warm.json_1kb_back_to_back.requests_per_second, 0) : '',
  warm ? spread(warm.json_1mb.p50_ms, 1) : '',
];

const workHead = ['gateway', 'DynamoDB reads', 'DynamoDB writes', 'log lines', 'log bytes'];
const workRow = ({ title, per_request: work }: Figures): string[] => [
  title,
  work?.dynamoDbReads.toFixed(2) ?? '',
  work?.dynamoDbWrites.toFixed(2) ?? '',
  work?.logLines.toFixed(2) ?? '',
  work?.logBytes.toFixed(0) ?? '',
];

const spread = ({ median, p25, p75 }: Spread, digits: number): string => {
  const [low, middle, high] = [p25, median, p75].map((value) => value.toFixed(digits));
  return low === high ? `${middle}` : `${middle} (${low}–${high})`;
};

const megabytes = (bytes: number | undefined): string =>
  bytes === undefined ? '' : (bytes / 1_048_576).toFixed(0);

/** In columns, for a terminal. */
export const asText = ({ title, head, rows }: Table): string => {
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => (row[at] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ');
  return [
    title,
    line(head),
    line(widths.map((width) => '─'.repeat(width))),
    ...rows.map(line),
  ].join('\n');
};

export const asMarkdown = ({ title, head, rows }: Table): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, at) => (at === 0 ? '---' : '---:'));
  return [`## ${title}`, '', line(head), line(rule), ...rows.map(line)].join('\n');
};
