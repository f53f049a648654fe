import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { compileContract } from '../../../handler/compiler/compile-contract.ts';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { completeExample } from './complete-example.ts';

const examples = globSync(['README.md', 'docs/*.md', 'handler/src/**/README.md'], {
  cwd: projectFolder,
})
  .toSorted()
  .flatMap((page) => {
    const text = readFileSync(join(projectFolder, page), 'utf8');
    return [...text.matchAll(/^```yaml\n(.*?)^```/gms)].flatMap(({ index, 1: block = '' }) => {
      const line = text.slice(0, index).split('\n').length;
      const contract = completeExample(block);
      return contract === undefined ? [] : [[`${page}:${line}`, contract] as const];
    });
  });

it.each(examples)('the example at %s compiles, with what the page leaves out', (_, contract) => {
  const compilation = compileContract(contract, { file: 'gateway.yaml', runtime: '../src' });
  expect(compilation.ok ? [] : compilation.problems.map(String)).toEqual([]);
});

it('most examples of contracts are compiled', () => {
  expect(examples.length).toBeGreaterThanOrEqual(60);
});
