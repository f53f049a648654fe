import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Candidate } from '../candidates.ts';
import { workFolder } from '../folders.ts';
import { type Download, eventFor, resultLength, type WorkloadName } from '../workloads.ts';
import { type CandidateProcess, startCandidate } from './candidate-process.ts';
import type { Stub } from './stub-process.ts';

/** How much is measured. */
export interface Effort {
  readonly coldRounds: number;
  readonly warmRounds: number;
  /** Requests before the clock starts, for the compiler to have done its work; memory is read before and after. */
  readonly warmUpRequests: number;
  readonly requestsPerRound: Readonly<Record<WorkloadName, number>>;
}

/** All that the measurements share. */
export interface BenchRun {
  readonly candidates: readonly Candidate[];
  readonly environment: Readonly<Record<string, string>>;
  readonly stub: Stub;
  readonly tokens: readonly string[];
  readonly tokensFile: string;
  readonly effort: Effort;
}

/** Everyone takes each place in the order once, so that no one always comes after the slowest. */
export const inTurn = <T>(items: readonly T[], round: number): readonly T[] => {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
};

/** The question that has a process answer `count` such requests, and rest after each. */
export const measureCommand = (workload: Download, count: number, restMs = 0): object => ({
  kind: 'measure',
  event: eventFor(workload),
  count,
  restMs,
  expected: { status: 200, length: resultLength(workload) },
});

/** The file with a candidate's first event. */
export const writeEventFile = (candidate: Candidate, workload: Download, token: string): string => {
  const file = join(workFolder, `event-${candidate.name}.json`);
  // The handler that does nothing answers with its own few bytes.
  const length = candidate.name === 'bare' ? 16 : resultLength(workload);
  const expected = { status: 200, length };
  writeFileSync(file, JSON.stringify({ event: eventFor(workload), token, expected }));
  return file;
};

/** Starts one that stays, for measurements that need it warm. */
export const startWarm = (
  { environment, tokens, tokensFile }: Pick<BenchRun, 'environment' | 'tokens' | 'tokensFile'>,
  candidate: Candidate,
  workload: Download,
  logFile?: string,
): Promise<CandidateProcess> => {
  const eventFile = writeEventFile(candidate, workload, tokens[0] ?? '');
  return startCandidate(candidate, {
    environment,
    eventFile,
    tokensFile,
    ...(logFile === undefined ? {} : { logFile }),
  });
};
