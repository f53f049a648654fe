import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFiles } from '../compiler/testing/compile-files.ts';
import type { Contract } from '../src/contract.ts';
import type { CompiledContract } from '../src/parts.ts';

const folder = join(import.meta.dirname, '../generated/testing');

/** Compiles and loads a contract, as the build and the handler do. Throws its problems. */
export const loadContract = (yamlText: string): Promise<Contract> =>
  loadFiles({ 'gateway.yaml': yamlText });

/** The same with a contract of several files, by their path; the first is the contract. */
export const loadFiles = async (files: Readonly<Record<string, string>>): Promise<Contract> =>
  (await loadModule(files)).contract;

/** Everything that the handler imports of a contract. */
export const loadModule = async (
  files: Readonly<Record<string, string>>,
): Promise<CompiledContract> => {
  const compilation = compileFiles(files, '../../../src');
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  // One folder per contract, because modules are cached.
  const key = createHash('sha256').update(JSON.stringify(files)).digest('hex');
  const own = join(folder, key.slice(0, 16));
  await mkdir(own, { recursive: true });
  for (const [name, code] of Object.entries(compilation.modules)) {
    await writeFile(join(own, name), code);
  }
  return (await import(pathToFileURL(join(own, 'contract.js')).href)) as CompiledContract;
};
