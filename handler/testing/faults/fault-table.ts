import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, faultNames } from './faulty-server.ts';

export const dependencies = [
  'session store',
  'rate-limit store',
  'secret, never read',
  'secret, read before',
  'upstream',
] as const;

export type Dependency = (typeof dependencies)[number];

export interface Cell {
  readonly dependency: Dependency;
  readonly fault: Fault;
  readonly method: 'GET' | 'POST';
}

/** The expected outcome of a request in one cell. */
export interface Expectation {
  /** Status and code, such as `503 SESSION_STORE_UNAVAILABLE`. */
  readonly response: string;
  /** How often the dependency was called. */
  readonly calls: string;
  /** The cause in the log line; `–` for none. */
  readonly log: string;
  /** The metrics beside those of every request; `–` for none. */
  readonly metrics: string;
}

export interface Row {
  readonly cell: Cell;
  readonly expected: Expectation;
}

const file = join(import.meta.dirname, '../../../docs/failures.md');

/** The rows of docs/failures.md, two per line: for GET and for POST. Throws for an unknown line. */
export const readFaultTable = (text = readFileSync(file, 'utf8')): readonly Row[] =>
  text
    .split('\n')
    .map((line) => line.split('|').map((column) => column.trim().replaceAll('`', '')))
    .filter(([, dependency]) => dependencies.some((name) => name === dependency))
    .flatMap(rowsOf);

const rowsOf = (columns: readonly string[]): readonly Row[] => {
  const [, dependency = '', fault = '', get = '', post = '', calls = '', log = '', metrics = ''] =
    columns;
  const known = faultNames.find((name) => name === fault);
  const of = dependencies.find((name) => name === dependency);
  if (known === undefined || of === undefined) throw new Error(`Unknown: ${columns.join(' | ')}`);
  return (['GET', 'POST'] as const).map((method, index) => ({
    cell: { dependency: of, fault: known, method },
    expected: {
      response: index === 0 ? get : post,
      calls: either(calls, index),
      log: either(log, index),
      metrics: either(metrics, index),
    },
  }));
};

/** `2 / 1` is 2 for GET and 1 for POST; a single word counts for both. */
const either = (text: string, index: number): string => {
  const both = text.split(' / ');
  return both[index] ?? text;
};
