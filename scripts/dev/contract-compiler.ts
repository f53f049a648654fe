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
export const startContractCompiler = (): ContractCompiler => {
  let worker: Worker | undefined;
  const start = (): Worker => {
    const started = new Worker(threadFile);
    started.once('exit', () => (worker = undefined));
    return started;
  };
  worker = start();
  return {
    compile: async (order) => {
      worker ??= start(); // Its last compilation failed.
      worker.postMessage(order);
      const [compiled] = (await once(worker, 'message')) as [Compiled];
      return compiled;
    },
    close: async () => worker?.terminate(),
  };
};
