import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileContract } from '../compiler/compile-contract.ts';
import type { Contract } from '../src/contract.ts';

const folder = join(import.meta.dirname, '../generated/testing');

/** Compiles and loads a contract, as the build and the handler do. Throws its problems. */
export const loadContract = async (yamlText: string): Promise<Contract> => {
  const compilation = compileContract(yamlText, {
    file: 'gateway.yaml',
    runtime: '../../../src',
  });
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  // One folder per text, because modules are cached.
  const own = join(folder, createHash('sha256').update(yamlText).digest('hex').slice(0, 16));
  await mkdir(own, { recursive: true });
  for (const [name, code] of Object.entries(compilation.modules)) {
    await writeFile(join(own, name), code);
  }
  const { contract } = (await import(pathToFileURL(join(own, 'contract.js')).href)) as {
    contract: Contract;
  };
  return contract;
};
