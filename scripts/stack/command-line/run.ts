import { spawn, type SpawnOptions } from 'node:child_process';
import { constants } from 'node:os';
import { stopSpinner } from './step.ts';

export interface Run {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The target of its output: returned to the caller, or shown at once on the named stream, as progress or result. */
  readonly output?: 'keep' | 'to-stderr' | 'to-stdout';
  /** Written to its standard input, which is empty by default. */
  readonly input?: string;
  /** Receives the process id as soon as there is one. */
  readonly onStart?: (pid: number) => void;
  /** Ends the program by SIGTERM. */
  readonly signal?: AbortSignal;
}

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, with any exit code. Throws if it cannot be started (`ENOENT`). It runs in a separate
 * process group, so that Ctrl-C reaches it only once, from here, and its end is awaited: a second interrupt makes
 * Terraform abandon its state and lock.
 */
export const run = async (
  program: string,
  args: readonly string[],
  { cwd, env, output = 'keep', onStart, signal, input }: Run = {},
): Promise<Finished> => {
  const options: SpawnOptions = {
    stdio: [input === undefined ? 'ignore' : 'pipe', ...outputs[output]],
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
  };
  if (output !== 'keep') stopSpinner();
  const child = spawn(program, args, options);
  if (child.pid !== undefined) onStart?.(child.pid);
  child.stdin?.end(input);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));

  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const end = (): void => forward('SIGTERM');
  signals.forEach((signal) => process.on(signal, forward));
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) =>
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
      );
    });
    return { exitCode, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    signals.forEach((signal) => process.off(signal, forward));
    signal?.removeEventListener('abort', end);
  }
};

const outputs = {
  keep: ['pipe', 'pipe'],
  'to-stderr': [process.stderr.fd, process.stderr.fd],
  'to-stdout': [process.stdout.fd, process.stderr.fd],
} as const;

const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
