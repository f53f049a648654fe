import { isDeepStrictEqual } from 'node:util';
import { captureOutput } from '../../../handler/testing/captured-output.ts';
import { readFaultTable } from '../../../handler/testing/faults/fault-table.ts';
import {
  breakerRun,
  fullFailures,
  maxRetries,
  retriesDuring,
} from '../../../handler/testing/faults/full-failure.ts';
import { responsesWithLogFault, logFaults } from '../../../handler/testing/faults/log-output.ts';
import type { Start } from '../../../handler/testing/faults/run-cell.ts';
import { type Judged, runMatrix } from '../../../handler/testing/faults/run-matrix.ts';
import { loadStart } from './load-start.ts';
import type { TorturePart } from './part.ts';

/** The table of docs/failures.md over and over, and its bounds for when all requests fail. */
export const faultsPart: TorturePart = {
  name: 'faults',
  run: async ({ scale }) => {
    const rows = readFaultTable();
    const start = await loadStart();
    const judged: Judged[] = [];
    for (let round = 0; round < Math.ceil(20 * scale); round += 1) {
      judged.push(...(await runMatrix(rows, start)));
    }
    const logs = await judgeLogOutputs();
    const excesses = await excessRetries(start, Math.max(100, Math.ceil(1_000 * scale)));
    const breaker = await judgeBreaker(start);
    const wrong = [
      ...judged.map((each) => each.wrong).filter(Boolean),
      ...logs.filter(Boolean),
      ...breaker.wrong,
      ...excesses.filter((excess) => excess > 0).map((excess) => `${excess} retries too many`),
    ];
    return {
      cases: judged.length + logs.length + excesses.length + 1,
      failed: wrong.length,
      detail: wrong.join('\n'),
      figures: {
        longestAfterDeadlineMs: Math.round(
          Math.max(...judged.map(({ observed }) => observed.lateMs)),
        ),
        mostRetriesBeyondBound: Math.max(...excesses),
        letThroughByBreaker: breaker.letThrough,
        recoveredAfterMs: breaker.recoveredAfterMs,
      },
    };
  },
};

const judgeLogOutputs = async (): Promise<readonly string[]> => {
  const healthy = await responsesWithLogFault('none');
  const verdicts: string[] = [];
  for (const fault of logFaults.filter((each) => each !== 'none')) {
    const isSame = isDeepStrictEqual(await responsesWithLogFault(fault), healthy);
    verdicts.push(isSame ? '' : `log output ${fault}: the responses differ`);
  }
  return verdicts;
};

/** A service fails until its breaker opens, and is back for the one probe. */
const judgeBreaker = async (
  start: Start,
): Promise<{ letThrough: number; recoveredAfterMs: number; wrong: readonly string[] }> => {
  const { contract } = await import('../../../handler/generated/example/contract.js');
  const { failures = 0, openSeconds = 0 } = contract.upstreams['users']?.breaker ?? {};
  const output = captureOutput();
  try {
    const run = await breakerRun(start, openSeconds * 1_000);
    const { letThrough, probes, servedByProbe, recoveredAfterMs, afterwards } = run;
    const isSound =
      letThrough <= failures &&
      probes === 1 &&
      servedByProbe === 1 &&
      afterwards === '200' &&
      recoveredAfterMs < 2 * openSeconds * 1_000;
    return {
      letThrough,
      recoveredAfterMs: Math.round(recoveredAfterMs),
      wrong: isSound ? [] : [`breaker: ${JSON.stringify(run)}`],
    };
  } finally {
    output.giveBack();
  }
};

/** Of each dependency: the retries beyond its bound while all requests fail, at worst. */
const excessRetries = async (start: Start, requests: number): Promise<readonly number[]> => {
  const output = captureOutput();
  try {
    return await Promise.all(
      fullFailures.map(async (each) => {
        const retries = await retriesDuring(each, start, requests);
        return Math.max(...retries) - maxRetries(each.dependency);
      }),
    );
  } finally {
    output.giveBack();
  }
};
