import { step } from '../../../scripts/stack/command-line/step.ts';
import { type Candidate, type CandidateName, forwards } from '../candidates.ts';
import {
  byWorkload,
  firstWorkload,
  type Task,
  type WorkloadName,
  workloads,
} from '../workloads.ts';
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

/** One entry a process, and a new process each round. */
export interface Warm {
  readonly memoryAtRest: readonly Memory[];
  /** After the warm-up: one round of each workload, then many requests of the first. */
  readonly memoryAfter: readonly Memory[];
  readonly rounds: Readonly<Record<WorkloadName, readonly WarmFigures[]>>;
  /** The first workload without a rest. */
  readonly backToBack: readonly WarmFigures[];
}

/**
 * An environment sleeps until the next request arrives. Without a pause the process never sleeps, its code stays in the
 * processor's caches, and a request costs a fraction of what it does on Lambda: the less it does, the smaller the
 * fraction.
 */
const restMs = 2;

/** CPython does not compile what runs often: more requests would not make it faster. */
export const pythonWarmUp = 500;

export type WarmFiguresOf = Readonly<Partial<Record<CandidateName, Warm>>>;

/**
 * Where a process's memory lies and what V8 optimized differ from process to process by 15 % of a request's CPU. So each
 * round has a new process of everyone. It is measured as soon as it is warm: after minutes without a request it would
 * open new connections first, which V8 compiles Node's streams for once more.
 */
export const measureWarm = async (run: BenchRun): Promise<WarmFiguresOf> => {
  const measured = run.candidates.filter(forwards).map((candidate) => ({
    candidate,
    memoryAtRest: [] as Memory[],
    memoryAfter: [] as Memory[],
    rounds: byWorkload((): WarmFigures[] => []),
    backToBack: [] as WarmFigures[],
  }));
  for (let round = 0; round < run.effort.warmRounds; round += 1) {
    await step(`warm requests, round ${round + 1} of ${run.effort.warmRounds}`, () =>
      measureRound(run, inTurn(measured, round)),
    );
  }
  return Object.fromEntries(measured.map(({ candidate, ...figures }) => [candidate.name, figures]));
};

interface Measuring extends Warm {
  readonly candidate: Candidate;
  readonly memoryAtRest: Memory[];
  readonly memoryAfter: Memory[];
  readonly rounds: Record<WorkloadName, WarmFigures[]>;
  readonly backToBack: WarmFigures[];
}

const measureRound = async (run: BenchRun, measured: readonly Measuring[]): Promise<void> => {
  for (const each of measured) {
    const process = await startWarm(run, each.candidate, firstWorkload);
    try {
      await warmUp(run, each, process);
      await measureOne(run, each, process);
      await run.stub.observe();
    } finally {
      await process.stop();
    }
  }
};

const warmUp = async (
  { effort }: BenchRun,
  { candidate, memoryAtRest, memoryAfter }: Measuring,
  process: CandidateProcess,
): Promise<void> => {
  memoryAtRest.push(await process.request<Memory>({ kind: 'memory' }));
  // First, because a kind of request that V8 has not seen makes it discard and repeat what it optimized before.
  for (const workload of workloads) {
    await process.request(measureCommand(workload, effort.requestsPerRound[workload.name]));
  }
  const requests = candidate.kind === 'python peer' ? pythonWarmUp : effort.warmUpRequests;
  await process.request(measureCommand(firstWorkload, requests));
  memoryAfter.push(await process.request<Memory>({ kind: 'memory' }));
};

const measureOne = async (
  { effort }: BenchRun,
  { rounds, backToBack }: Measuring,
  process: CandidateProcess,
): Promise<void> => {
  for (const workload of workloads) {
    const count = effort.requestsPerRound[workload.name];
    rounds[workload.name].push(await measureSettled(process, workload, count));
  }
  const count = effort.requestsPerRound[firstWorkload.name];
  await process.request(measureCommand(firstWorkload, count));
  backToBack.push(await process.request<WarmFigures>(measureCommand(firstWorkload, count)));
};

/** Such requests with a rest after each, and a quarter as many first: those before left their garbage behind. */
export const measureSettled = async (
  process: CandidateProcess,
  task: Task,
  count: number,
): Promise<WarmFigures> => {
  await process.request(measureCommand(task, Math.ceil(count / 4), restMs));
  return process.request(measureCommand(task, count, restMs));
};
