import { captureOutput } from '../captured-output.ts';
import type { Expectation, Row } from './fault-table.ts';
import { type Observation, runCell, type Start } from './run-cell.ts';

export interface Judged {
  readonly row: Row;
  readonly observed: Observation;
  /** What differs from the table, or from what holds of every cell; empty where nothing does. */
  readonly wrong: string;
}

/** An answer may be so much later than its deadline, for timers and the machine's other work. */
const maxLateMs = 100;

const atATime = 16;

/**
 * Runs the cells, many at a time, as most of them only wait. Where the answer is late, the machine may have been: such a
 * cell is run once more, alone, and what counts is that run. A gateway at fault is late then, too.
 */
export const runMatrix = async (rows: readonly Row[], start: Start): Promise<readonly Judged[]> => {
  const output = captureOutput();
  const lines: string[] = [];
  const written = (): readonly string[] => {
    lines.push(...output.take());
    return lines;
  };
  const waiting = [...rows];
  const judged: Judged[] = [];
  const work = async (): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      judged.push({ row, ...judge(row, await runCell(row.cell, start, written)) });
    }
  };
  try {
    await Promise.all(Array.from({ length: atATime }, work));
    const again: Judged[] = [];
    for (const each of judged) {
      if (each.observed.lateMs <= maxLateMs) again.push(each);
      else {
        const { row } = each;
        again.push({ row, ...judge(row, await runCell(row.cell, start, written)) });
      }
    }
    return again;
  } finally {
    output.giveBack();
  }
};

const judge = ({ cell, expected }: Row, observed: Observation): Omit<Judged, 'row'> => {
  const names = Object.keys(expected) as ReadonlyArray<keyof Expectation>;
  const wrong = names
    .filter((name) => observed[name] !== expected[name])
    .map((name) => `${name} is "${observed[name]}", not "${expected[name]}"`);
  if (observed.lateMs > maxLateMs) wrong.push(`${Math.round(observed.lateMs)} ms late`);
  if (observed.answer.startsWith('503') && !observed.hasRetryAfter) wrong.push('no Retry-After');
  if (observed.answer.startsWith('401')) wrong.push('somebody was signed out');
  const isRepeated = cell.dependency === 'service' && cell.method === 'POST';
  if (isRepeated && Number(observed.asked) > 1) wrong.push('a POST was sent twice');
  const where = `${cell.dependency}, ${cell.fault}, ${cell.method}`;
  return { observed, wrong: wrong.length === 0 ? '' : `${where}: ${wrong.join('; ')}` };
};
