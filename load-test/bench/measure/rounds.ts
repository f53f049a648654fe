import { step } from '../../../scripts/stack/command-line/step.ts';
import type { Candidate } from '../candidates.ts';
import type { Task } from '../workloads.ts';
import { type BenchRun, inTurn, measureCommand, startWarm } from './bench-run.ts';
import { measureSettled, type WarmFigures } from './warm.ts';

/** What one candidate does again and again; each round adds its figures. */
export interface Measuring {
  readonly candidate: Candidate;
  readonly task: Task;
  readonly environment: BenchRun['environment'];
  readonly warm: WarmFigures[];
}

/** Warm requests of 1 KB in rounds, each with a new process of everyone, as in the comparison with the peers. */
export const measureRounds = async (
  run: BenchRun,
  what: string,
  measured: readonly Measuring[],
): Promise<void> => {
  for (let round = 0; round < run.effort.warmRounds; round += 1)
    await step(`${what}, round ${round + 1} of ${run.effort.warmRounds}`, () =>
      measureRound(run, inTurn(measured, round)),
    );
};

const measureRound = async (run: BenchRun, measured: readonly Measuring[]): Promise<void> => {
  const count = run.effort.requestsPerRound.json_1kb;
  for (const { candidate, task, environment, warm } of measured) {
    const process = await startWarm({ ...run, environment }, candidate, task);
    try {
      await process.request(measureCommand(task, run.effort.warmUpRequests));
      warm.push(await measureSettled(process, task, count));
      await run.stub.observe();
    } finally {
      await process.stop();
    }
  }
};
