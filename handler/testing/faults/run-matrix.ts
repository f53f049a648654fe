import { captureOutput } from '../captured-output.ts';
import type { Expectation, Row } from './fault-table.ts';
import { type Observation, runCell, type Start } from './run-cell.ts';
import { watchStalls } from './watch-stalls.ts';

export interface Judged {
  readonly row: Row;
  readonly observed: Observation;
  /** Differences from the table, or from the rules for every cell. Empty if there are none. */
  readonly wrong: string;
}

/** A response may be this much later than its deadline. */
const maxLateMs = 100;

const atATime = 16;

const runsAlone = 5;

/**
 * Runs the cells concurrently, because most of them only wait. A failed cell is final unless the process was stalled:
 * then the cell runs again, alone, a few times at most, and the last run counts. So an intermittent failure is found,
 * and one that blocks the process is found each time.
 */
export const runMatrix = async (rows: readonly Row[], start: Start): Promise<readonly Judged[]> => {
  const output = captureOutput();
  const stalls = watchStalls();
  const lines: string[] = [];
  const written = (): readonly string[] => {
    lines.push(...output.take());
    return lines;
  };
  const judgeOnce = async (row: Row): Promise<Judged> => ({
    row,
    ...judge(row, await runCell(row.cell, start, written)),
  });
  const judgeAlone = async (row: Row): Promise<Judged> => {
    for (let left = runsAlone; ; left -= 1) {
      stalls.forget();
      const judged = await judgeOnce(row);
      if (judged.wrong === '' || !stalls.hasStalled() || left <= 1) return judged;
    }
  };
  const waiting = [...rows];
  const judged: Judged[] = [];
  const work = async (): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      judged.push(await judgeOnce(row));
    }
  };
  try {
    await Promise.all(Array.from({ length: atATime }, work));
    if (!stalls.hasStalled()) return judged;
    const settled: Judged[] = [];
    for (const each of judged) settled.push(each.wrong === '' ? each : await judgeAlone(each.row));
    return settled;
  } finally {
    stalls.stop();
    output.giveBack();
  }
};

const judge = ({ cell, expected }: Row, observed: Observation): Omit<Judged, 'row'> => {
  const names = Object.keys(expected) as ReadonlyArray<keyof Expectation>;
  const wrong = names
    .filter((name) => observed[name] !== expected[name])
    .map((name) => `${name} is "${observed[name]}", not "${expected[name]}"`);
  if (observed.lateMs > maxLateMs) wrong.push(`${Math.round(observed.lateMs)} ms late`);
  if (observed.response.startsWith('503') && !observed.hasRetryAfter) wrong.push('no Retry-After');
  if (observed.response.startsWith('401')) wrong.push('a user was signed out');
  const isRepeated = cell.dependency === 'upstream' && cell.method === 'POST';
  if (isRepeated && Number(observed.calls) > 1) wrong.push('a POST was sent twice');
  const where = `${cell.dependency}, ${cell.fault}, ${cell.method}`;
  return { observed, wrong: wrong.length === 0 ? '' : `${where}: ${wrong.join('; ')}` };
};
