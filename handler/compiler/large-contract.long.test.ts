import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import type { Contract } from '../src/contract.ts';
import { buildZip } from '../../scripts/stack/build/build-zip.ts';
import { projectFolder } from '../../scripts/stack/command-line/folders.ts';
import { dump } from 'js-yaml';
import { compileContract } from './compile-contract.ts';
import { largeContract, verboseDocument } from './testing/large-contract.ts';

let folder: string | undefined;
afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  folder = undefined;
});

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

/** Of this process: other processes on the machine do not count. */
const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

it.each<[what: string, text: () => string, megabytes: number, operations: number]>([
  [
    '8 MB of JSON with 1,000 operations',
    () => JSON.stringify(verboseDocument({ routes: 1_000, properties: 16 }), null, 2),
    8,
    1_000,
  ],
  [
    '8 MB of YAML with 1,000 operations',
    () => dump(verboseDocument({ routes: 1_000, properties: 18 })),
    8,
    1_000,
  ],
  [
    '10,000 routes that spell out the same parameters',
    () => JSON.stringify(verboseDocument({ routes: 10_000, properties: 1 })),
    8,
    10_000,
  ],
])(
  '%s compile in seconds',
  (_, text, megabytes, operations) => {
    const contract = text();
    expect(contract.length / 1e6).toBeGreaterThan(megabytes);
    expect(contract.length / 1e6).toBeLessThan(1.5 * megabytes);
    const start = cpuSeconds();
    const compilation = compileContract(contract, { file: 'gateway.yaml', runtime: '../src' });
    const seconds = cpuSeconds() - start;
    if (!compilation.ok) throw new Error(compilation.problems.slice(0, 3).join('\n'));
    expect(compilation.routes.filter(({ definedAt }) => definedAt !== undefined)).toHaveLength(
      operations,
    );
    expect(seconds).toBeLessThan(30);
    // What is loaded at the start: a few hundred bytes for each route.
    expect(compilation.modules['contract.js']?.length).toBeLessThan(400 * operations);
  },
  300_000,
);
