import { step } from '../../../scripts/stack/command-line/step.ts';
import { type Candidate, type CandidateName, forwards } from '../candidates.ts';
import { byWorkload, firstWorkload, type WorkloadName, workloads } from '../workloads.ts';
import { type BenchRun, inTurn, measureCommand, startWarm } from './bench-run.ts';
import type { CandidateProcess } from './candidate-process.ts';

export interface WarmFigures {
  /** User and system time of the handler's process, a request. */
  readonly cpuUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The requests of one environment, one after the other. */
  readonly requestsPerSecond: number;
}

export interface Memory {
  readonly rssBytes: number;
  /** After a garbage collection; only Node reports it. */
  readonly heapBytes?: number;
}

export interface Warm {
  readonly memoryAtRest: Memory;
  /** After the warm-up's many requests of the first workload. */
  readonly memoryAfter: Memory;
  /** One entry a round. */
  readonly rounds: Readonly<Record<WorkloadName, readonly WarmFigures[]>>;
  /** The first workload without a rest; one entry a round. */
  readonly backToBack: readonly WarmFigures[];
}

/**
 * An environment sleeps until the next request arrives. Without a pause the process never sleeps, its code stays in the
 * processor's caches, and a request costs a fraction of what it does on Lambda: the less it does, the smaller the
 * fraction.
 */
const restMs = 2;

export type WarmFiguresOf = Readonly<Partial<Record<CandidateName, Warm>>>;

/** Everyone's process lives through all rounds, and each works alone while the others wait: one request at a time. */
export const measureWarm = async (run: BenchRun): Promise<WarmFiguresOf> => {
  const warmed: WarmedUp[] = [];
  try {
    for (const candidate of run.candidates.filter(forwards)) {
      const title = `warm up ${candidate.title}`;
      warmed.push(await step(title, () => warmUp(run, candidate)));
    }
    for (let round = 0; round < run.effort.warmRounds; round += 1) {
      await step(`warm requests, round ${round + 1} of ${run.effort.warmRounds}`, async () => {
        for (const one of inTurn(warmed, round)) await measureRound(run, one);
        await run.stub.observe();
      });
    }
  } finally {
    await Promise.all(warmed.map(({ process }) => process.stop()));
  }
  return Object.fromEntries(
    warmed.map(({ candidate, process: _, ...figures }) => [candidate.name, figures]),
  );
};

interface WarmedUp extends Warm {
  readonly candidate: Candidate;
  readonly process: CandidateProcess;
  readonly rounds: Record<WorkloadName, WarmFigures[]>;
  readonly backToBack: WarmFigures[];
}

const warmUp = async (run: BenchRun, candidate: Candidate): Promise<WarmedUp> => {
  const { warmUpRequests, requestsPerRound } = run.effort;
  const process = await startWarm(run, candidate, firstWorkload);
  const memoryAtRest = await process.request<Memory>({ kind: 'memory' });
  await process.request(measureCommand(firstWorkload, warmUpRequests));
  const memoryAfter = await process.request<Memory>({ kind: 'memory' });
  for (const workload of workloads) {
    await process.request(measureCommand(workload, requestsPerRound[workload.name]));
  }
  await run.stub.observe();
  const rounds = byWorkload((): WarmFigures[] => []);
  return { candidate, process, memoryAtRest, memoryAfter, rounds, backToBack: [] };
};

const measureRound = async (
  { effort }: BenchRun,
  { process, rounds, backToBack }: WarmedUp,
): Promise<void> => {
  for (const workload of workloads) {
    const count = effort.requestsPerRound[workload.name];
    // The last workload left its garbage and its shape of the machine's caches behind.
    await process.request(measureCommand(workload, Math.ceil(count / 4)));
    rounds[workload.name].push(
      await process.request<WarmFigures>(measureCommand(workload, count, restMs)),
    );
  }
  const count = effort.requestsPerRound[firstWorkload.name];
  await process.request(measureCommand(firstWorkload, count));
  backToBack.push(await process.request<WarmFigures>(measureCommand(firstWorkload, count)));
};
