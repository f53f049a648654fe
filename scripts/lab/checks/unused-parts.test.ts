import { dirname } from 'node:path';
import { expect, it } from '@jest/globals';
import { compileContract } from '../../../handler/compiler/compile-contract.ts';
import { bundledModules } from './aws-calls.ts';
import { contractsByFeature } from './contracts-by-feature.ts';

/** Folders of parts: a contract has the code of those that it uses, and no byte of the others. */
const ofParts = /^handler\/src\/(features|sign-in|upstreams|stores|aws|openid|memory)\//;

const foldersOf = async (name: string): Promise<readonly string[]> => {
  const compilation = compileContract(contractsByFeature[name] ?? '', {
    file: 'gateway.yaml',
    runtime: '../src',
  });
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  const modules = await bundledModules(compilation);
  const folders = modules.filter(({ file }) => ofParts.test(file)).map(({ file }) => dirname(file));
  return [...new Set(folders)].map((folder) => folder.replace('handler/src/', '')).toSorted();
};

it('a contract that only forwards to HTTP services has the code of no other part', async () => {
  expect(await foldersOf('no sign-in and no limit')).toEqual([
    'features/validation',
    'upstreams/http',
  ]);
});

it('a contract whose only upstream is a Lambda function has no code for HTTP services', async () => {
  expect(await foldersOf('lambda')).toEqual(['aws', 'features/validation', 'upstreams/lambda']);
});
