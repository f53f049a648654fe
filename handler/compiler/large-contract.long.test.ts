import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import type { Contract } from '../src/contract.ts';
import { buildZip } from '../../scripts/stack/build/build-zip.ts';
import { projectFolder } from '../../scripts/stack/command-line/folders.ts';
import { largeContract } from './testing/large-contract.ts';

let folder: string;
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Compiles, bundles and loads a contract, as a deployment does. */
const deployed = async (text: string): Promise<Contract> => {
  const parent = join(projectFolder, 'handler/generated');
  await mkdir(parent, { recursive: true });
  folder = await mkdtemp(join(parent, '.testing-'));
  const generatedFolder = join(folder, 'generated');
  const entryFile = join(folder, 'entry.ts');
  const contractFile = join(folder, 'gateway.yaml');
  await writeFile(entryFile, "export { contract } from './generated/contract.js';");
  await writeFile(contractFile, text);
  const outFolder = join(folder, 'out');
  await buildZip({ contractFile, generatedFolder, entryFile, outFolder });
  await writeFile(join(outFolder, 'package.json'), '{ "type": "commonjs" }');
  return (createRequire(import.meta.url)(join(outFolder, 'index.js')) as { contract: Contract })
    .contract;
};

it.each([
  [200, 200],
  [1_000, 1_000],
])(
  'a contract with %d request schemas and %d routes builds, loads and judges by the right schema',
  async (schemas, routes) => {
    const contract = await deployed(largeContract({ schemas, routes }));
    const verdicts = contract.routes.flatMap(({ id, validate }) => {
      const index = /^POST \/things-(\d+)$/.exec(id)?.[1];
      if (index === undefined || validate === undefined) return [];
      const judge = (length: number) =>
        validate({
          params: {},
          query: '',
          headers: { 'content-type': 'application/json' },
          cookies: [],
          body: Buffer.from(JSON.stringify({ name: 'x'.repeat(length) })),
        }).length;
      return [[judge(Number(index) + 1), judge(Number(index) + 2)]];
    });
    expect(verdicts).toHaveLength(routes);
    expect(verdicts.every(([fitting, longer]) => fitting === 0 && longer === 1)).toBe(true);
  },
  300_000,
);
