import { afterEach, describe, expect, it } from '@jest/globals';
import { type ContractCompiler, startContractCompiler } from './contract-compiler.ts';

let compiler: ContractCompiler | undefined;
afterEach(() => compiler?.close());

const compileWith = (script: string) => {
  compiler = startContractCompiler(new URL(`data:text/javascript,${encodeURIComponent(script)}`));
  return compiler.compile({ contractFile: 'gateway.yaml', outFolder: 'out' });
};

describe('the compiler in its thread', () => {
  const inThread = "import { parentPort } from 'node:worker_threads'; parentPort.once('message', ";

  it('passes on what the compilation resulted in', async () => {
    const compiled = { ok: false, files: [], problems: ['a problem'] };
    const script = `${inThread} () => parentPort.postMessage(${JSON.stringify(compiled)}))`;
    await expect(compileWith(script)).resolves.toEqual(compiled);
  });

  it('reports that it ended without a result, and compiles again afterwards', async () => {
    const ended = compileWith(`${inThread} () => process.exit(3))`);
    await expect(ended).rejects.toThrow('The compiler ended with exit code 3');
    const again = compiler?.compile({ contractFile: 'gateway.yaml', outFolder: 'out' });
    await expect(again).rejects.toThrow('exit code 3');
  });

  it('reports an error of its own', async () => {
    const failed = compileWith(`${inThread} () => { throw new Error('seeded') })`);
    await expect(failed).rejects.toThrow('seeded');
  });
});
