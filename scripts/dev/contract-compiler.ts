import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Compiled, CompileOrder } from './compiler-thread.ts';

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
    const started = new Worker(new URL('./compiler-thread.ts', import.meta.url));
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
