import { fork, type StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

const loadExample = new URL('../example/load-example.ts', import.meta.url).href;

/** What may be wrong with the standard output of a function. `none` is a reader that reads. */
export const logFaults = ['none', 'closed', 'blocked', 'full', 'throwing'] as const;

export type LogFault = (typeof logFaults)[number];

/** What a process that serves 400 requests answered; `undefined` where it ended before it could say so. */
export const answersWithLogFault = async (fault: LogFault): Promise<unknown> => {
  const full = fault === 'full' ? openSync('/dev/full', 'w') : undefined;
  const output = full ?? 'pipe';
  const stdio: StdioOptions = ['ignore', output, output, 'ipc'];
  const child = fork(join(import.meta.dirname, 'log-output-child.ts'), [fault], {
    execArgv: ['--disable-warning=ExperimentalWarning', `--import=${loadExample}`],
    stdio,
  });
  if (full !== undefined) closeSync(full);
  // A pipe that nobody reads is full after 64 KiB: blocked.
  for (const stream of [child.stdout, child.stderr]) {
    if (fault === 'closed') stream?.destroy();
    if (fault === 'none' || fault === 'throwing') stream?.resume();
  }
  let answers: unknown;
  child.on('message', (message) => (answers = message));
  await new Promise((resolve) => child.on('exit', resolve));
  child.stdout?.destroy();
  child.stderr?.destroy();
  return answers;
};
