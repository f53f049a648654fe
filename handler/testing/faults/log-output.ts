import { fork, type StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

const loadExample = new URL('../example/load-example.ts', import.meta.url).href;

/** The faults of a function's standard output. `none` is a normal reader. */
export const logFaults = ['none', 'closed', 'blocked', 'full', 'throwing'] as const;

export type LogFault = (typeof logFaults)[number];

/** The responses of a process that serves 400 requests. `undefined` if it ended before it reported them. */
export const responsesWithLogFault = async (fault: LogFault): Promise<unknown> => {
  const full = fault === 'full' ? openSync('/dev/full', 'w') : undefined;
  const output = full ?? 'pipe';
  const stdio: StdioOptions = ['ignore', output, output, 'ipc'];
  const child = fork(join(import.meta.dirname, 'log-output-child.ts'), [fault], {
    execArgv: ['--disable-warning=ExperimentalWarning', `--import=${loadExample}`],
    stdio,
  });
  if (full !== undefined) closeSync(full);
  // A pipe without a reader blocks after 64 KiB.
  for (const stream of [child.stdout, child.stderr]) {
    if (fault === 'closed') stream?.destroy();
    if (fault === 'none' || fault === 'throwing') stream?.resume();
  }
  let responses: unknown;
  child.on('message', (message) => (responses = message));
  await new Promise((resolve) => child.on('exit', resolve));
  child.stdout?.destroy();
  child.stderr?.destroy();
  return responses;
};
