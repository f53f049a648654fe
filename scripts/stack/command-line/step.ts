import { AsyncLocalStorage } from 'node:async_hooks';
import { asTyped } from './as-typed.ts';

const isTerminal = process.stderr.isTTY;

const silence = new AsyncLocalStorage<true>();

/** Runs a command as a part of another one, and reports only the outer one. */
export const quietly = <T>(work: () => Promise<T>): Promise<T> => silence.run(true, work);

const write = (text: string): void => {
  if (silence.getStore() === undefined) process.stderr.write(text);
};

/** Runs one part of a command and reports it with its duration on stderr; stdout is for results. */
export const step = async <T>(title: string, work: () => Promise<T>): Promise<T> => {
  const startedAt = performance.now();
  if (isTerminal) write(`  … ${title}`);
  const end = (mark: string): void => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const start = isTerminal ? '\r\u001b[2K' : '';
    write(`${start}  ${mark} ${title.padEnd(54)} ${seconds.padStart(6)} s\n`);
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

/** A remark between the steps. */
export const note = (text: string): void => write(`    ${asTyped(text)}\n`);
