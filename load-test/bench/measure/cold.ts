import { step } from '../../../scripts/stack/command-line/step.ts';
import type { Candidate, CandidateName } from '../candidates.ts';
import { firstWorkload } from '../workloads.ts';
import { type BenchRun, inTurn, writeEventFile } from './bench-run.ts';
import { type Started, startCandidate } from './candidate-process.ts';

export type ColdStarts = Readonly<Record<CandidateName, readonly Started[]>>;

/** A fresh process for every start, alternating between the candidates. */
export const measureColdStarts = async (run: BenchRun): Promise<ColdStarts> => {
  const { candidates, effort, stub } = run;
  const starts = Object.fromEntries(
    candidates.map(({ name }): [string, Started[]] => [name, []]),
  ) as Record<CandidateName, Started[]>;
  // All files are read from disk once, and Python compiles them once, before anything is timed.
  await step('start everyone once', async () => {
    for (const candidate of candidates) await startOnce(run, candidate, 0);
  });
  for (let round = 0; round < effort.coldRounds; round += 1) {
    await step(`cold starts, round ${round + 1} of ${effort.coldRounds}`, async () => {
      for (const candidate of inTurn(candidates, round)) {
        starts[candidate.name].push(await startOnce(run, candidate, round));
      }
    });
    await stub.observe();
  }
  return starts;
};

const startOnce = async (
  { environment, tokens }: BenchRun,
  candidate: Candidate,
  round: number,
): Promise<Started> => {
  const eventFile = writeEventFile(candidate, firstWorkload, tokens[round % tokens.length] ?? '');
  const { started, stop } = await startCandidate(candidate, { environment, eventFile });
  await stop();
  return started;
};
