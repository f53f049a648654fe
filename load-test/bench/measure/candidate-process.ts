import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Candidate } from '../candidates.ts';
import { linesOf } from './lines.ts';

/** The report of a new process after its first response. */
export interface Started {
  /** From the start of the program to its first response, measured from outside. */
  readonly firstResponseMs: number;
  /** Loading the modules alone, seen from inside. */
  readonly initMs: number;
  readonly modules: { readonly builtIn: number; readonly files: number };
}

export interface CandidateProcess {
  readonly started: Started;
  readonly request: <Response>(command: object) => Promise<Response>;
  readonly stop: () => Promise<void>;
}

interface StartOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly eventFile: string;
  /** Absent: one event, and the process ends. */
  readonly tokensFile?: string;
  /** The target of its log; `/dev/null` by default. */
  readonly logFile?: string;
}

const running = new Set<ChildProcess>();

/** Ends all processes of a failed measurement. */
export const stopCandidates = (): void => {
  for (const child of running) child.kill();
};

export const startCandidate = async (
  { command: [executable, ...args], title }: Candidate,
  { environment, eventFile, tokensFile, logFile = '/dev/null' }: StartOptions,
): Promise<CandidateProcess> => {
  const log = openSync(logFile, 'a');
  const child = spawn(executable, [...args, eventFile, ...(tokensFile ? [tokensFile] : [])], {
    stdio: [tokensFile ? 'pipe' : 'ignore', log, 'pipe', 'pipe'],
    env: environment,
  });
  // Measured after the call, which returns when the program runs: forking this process is not part of a cold start.
  const spawnedMs = performance.now();
  closeSync(log);
  running.add(child);
  child.once('exit', () => running.delete(child));
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const next = linesOf(child.stdio[3] as Readable);
  const nextResponse = async <Response>(): Promise<Response> => {
    const line = await next();
    if (line === undefined) throw new Error(`${title} ended before it responded:\n${complaint}`);
    const value = JSON.parse(line) as Response & { readonly error?: string };
    if (value.error !== undefined) throw new Error(`${title}: ${value.error}`);
    return value;
  };
  const first = await nextResponse<Omit<Started, 'firstResponseMs'>>().catch((error: unknown) => {
    child.kill();
    throw error;
  });
  const firstResponseMs = performance.now() - spawnedMs;
  return {
    started: { ...first, firstResponseMs },
    request: (question) => {
      child.stdin?.write(`${JSON.stringify(question)}\n`);
      return nextResponse();
    },
    stop: () => ended(child),
  };
};

const ended = async (child: ChildProcess): Promise<void> => {
  child.stdin?.end();
  if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
};
