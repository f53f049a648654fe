import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { codeExtension } from '../stack/command-line/folders.ts';
import type { Compiled, CompileOrder } from './compiler-thread.ts';

const threadFile = join(import.meta.dirname, `compiler-thread${codeExtension}`);

export interface ContractCompiler {
  /** One at a time. Rejects if the compiler itself fails. */
  compile(order: CompileOrder): Promise<Compiled>;
  close(): Promise<unknown>;
}

/**
 * The compiler in a thread of its own: it is loaded while this thread loads the gateway, stays loaded, and compiles while
 * requests are served.
 */
export const startContractCompiler = (script: string | URL = threadFile): ContractCompiler => {
  let worker: Worker | undefined;
  const start = (): Worker => {
    const started = new Worker(script);
    started.once('exit', () => (worker = undefined));
    return started;
  };
  worker = start();
  return {
    compile: async (order) => {
      worker ??= start(); // Its last compilation failed.
      worker.postMessage(order);
      return await responseOf(worker);
    },
    close: async () => worker?.terminate(),
  };
};

/** Rejects if the thread fails, and if it ends without a response. */
const responseOf = async (worker: Worker): Promise<Compiled> => {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    return await Promise.race([
      once(worker, 'message', { signal }).then(([compiled]) => compiled as Compiled),
      once(worker, 'exit', { signal }).then(([exitCode]) => {
        throw new Error(`The compiler ended with exit code ${exitCode}`);
      }),
    ]);
  } finally {
    settled.abort();
  }
};
