import { isDeepStrictEqual } from 'node:util';
import { captureOutput } from '../../handler/testing/captured-output.ts';
import { readFaultTable } from '../../handler/testing/faults/fault-table.ts';
import {
  amplificationOf,
  fullFailures,
  leastToJudgeAmplification,
} from '../../handler/testing/faults/full-failure.ts';
import { answersWithLogFault, logFaults } from '../../handler/testing/faults/log-output.ts';
import { type Judged, runMatrix } from '../../handler/testing/faults/run-matrix.ts';
import { start } from '../../handler/src/index.ts';
import type { TorturePart } from './part.ts';

const maxAmplification = 1.2;

/** The table of docs/failures.md over and over, and its bounds for when all requests fail. */
export const faultsPart: TorturePart = {
  name: 'faults',
  run: async ({ scale }) => {
    const rows = readFaultTable();
    const judged: Judged[] = [];
    for (let round = 0; round < Math.ceil(20 * scale); round += 1) {
      judged.push(...(await runMatrix(rows, start)));
    }
    const logs = await judgeLogOutputs();
    const ratios = await worstAmplifications(Math.max(100, Math.ceil(1_000 * scale)));
    const wrong = [
      ...judged.map((each) => each.wrong).filter(Boolean),
      ...logs.filter(Boolean),
      ...ratios.filter((ratio) => ratio > maxAmplification).map((ratio) => `asked ${ratio} times`),
    ];
    return {
      cases: judged.length + logs.length + ratios.length,
      failed: wrong.length,
      detail: wrong.join('\n'),
      figures: {
        longest_after_deadline_ms: Math.round(
          Math.max(...judged.map(({ observed }) => observed.lateMs)),
        ),
        worst_retry_amplification: Math.max(...ratios),
      },
    };
  },
};

const judgeLogOutputs = async (): Promise<readonly string[]> => {
  const healthy = await answersWithLogFault('none');
  const verdicts: string[] = [];
  for (const fault of logFaults.filter((each) => each !== 'none')) {
    const isSame = isDeepStrictEqual(await answersWithLogFault(fault), healthy);
    verdicts.push(isSame ? '' : `log output ${fault}: the answers differ`);
  }
  return verdicts;
};

const worstAmplifications = async (requests: number): Promise<readonly number[]> => {
  const output = captureOutput();
  try {
    const ratios = await Promise.all(
      fullFailures.map((each) => amplificationOf(each, start, requests)),
    );
    return ratios.map((each) => Math.max(...each.slice(leastToJudgeAmplification - 1)));
  } finally {
    output.giveBack();
  }
};
