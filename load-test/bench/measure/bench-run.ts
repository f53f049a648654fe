import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Candidate } from '../candidates.ts';
import { workFolder } from '../folders.ts';
import { eventFor, type Task, type WorkloadName } from '../workloads.ts';
import { type CandidateProcess, startCandidate } from './candidate-process.ts';
import type { Stub } from './stub-process.ts';

/** How much is measured. */
export interface Effort {
  readonly coldRounds: number;
  /** Each with a new process of every candidate. */
  readonly warmRounds: number;
  /** Requests before the clock starts, for the compiler to have done its work; memory is read before and after. */
  readonly warmUpRequests: number;
  readonly requestsPerRound: Readonly<Record<WorkloadName, number>>;
}

/** All that the measurements share. */
export interface BenchRun {
  readonly candidates: readonly Candidate[];
  readonly proxySecretArn: string;
  readonly proxySecret: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stub: Stub;
  readonly tokens: readonly string[];
  readonly tokensFile: string;
  readonly effort: Effort;
}

/** Each candidate has each position in the order once, so that none always runs after the slowest. */
export const inTurn = <T>(items: readonly T[], round: number): readonly T[] => {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
};

/** The command for a process to serve `count` such requests, with a pause after each. */
export const measureCommand = (task: Task, count: number, restMs = 0): object => ({
  kind: 'measure',
  event: eventFor(task),
  count,
  restMs,
  expected: task.expected,
});

/** The file with a candidate's first event. */
export const writeEventFile = (candidate: Candidate, task: Task, token: string): string => {
  const file = join(workFolder, `event-${candidate.name}.json`);
  // The empty handler responds with a few fixed bytes.
  const expected = candidate.name === 'bare' ? { status: 200, length: 16 } : task.expected;
  writeFileSync(file, JSON.stringify({ event: eventFor(task), token, expected }));
  return file;
};

/** Starts one that stays, for measurements that need it warm. */
export const startWarm = (
  { environment, tokens, tokensFile }: Pick<BenchRun, 'environment' | 'tokens' | 'tokensFile'>,
  candidate: Candidate,
  task: Task,
  logFile?: string,
): Promise<CandidateProcess> => {
  const eventFile = writeEventFile(candidate, task, tokens[0] ?? '');
  return startCandidate(candidate, {
    environment,
    eventFile,
    tokensFile,
    ...(logFile === undefined ? {} : { logFile }),
  });
};
