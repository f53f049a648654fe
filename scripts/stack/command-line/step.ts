import { AsyncLocalStorage } from 'node:async_hooks';
import createSpinner from 'yocto-spinner';
import { asTyped } from './as-typed.ts';

const isTerminal = process.stderr.isTTY && !('CI' in process.env);

const silence = new AsyncLocalStorage<true>();

/** Runs a command as a part of another one, and reports only the outer one. */
export const quietly = <T>(work: () => Promise<T>): Promise<T> => silence.run(true, work);

const write = (text: string): void => {
  if (silence.getStore() === undefined) process.stderr.write(text);
};

/** Of the step that runs, on a terminal. An interrupt is for the programs that the step waits for. */
const spinner = createSpinner({ stream: process.stderr, handleSignals: false });

/**
 * Runs one part of a command and reports it with its duration on stderr; stdout is for results. On a terminal a spinner
 * turns meanwhile; elsewhere, and in CI, there is one line at the end.
 */
export const step = async <T>(title: string, work: () => Promise<T>): Promise<T> => {
  const startedAt = performance.now();
  const isShown = isTerminal && silence.getStore() === undefined && !spinner.isSpinning;
  if (isShown) spinner.start(title);
  const end = (mark: string): void => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    if (isShown) spinner.stop();
    write(`  ${mark} ${title.padEnd(54)} ${seconds.padStart(6)} s\n`);
  };
  try {
    const result = await work();
    end('✓');
    return result;
  } catch (error) {
    end('✗');
    throw error;
  }
};

/** Before another program or a question writes to the terminal. */
export const stopSpinner = (): void => void spinner.stop();

/** A remark between the steps. */
export const note = (text: string): void => write(`    ${asTyped(text)}\n`);
