import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compileContract } from '../../../handler/compiler/compile-contract.ts';
import type { Permission } from '../../../handler/compiler/permissions.ts';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { bundledModules, callsIn, makesCalls } from './aws-calls.ts';
import { contractsByFeature } from './contracts-by-feature.ts';

const examples = globSync(['examples/*/gateway.yaml', 'handler/**/gateway.yaml'], {
  cwd: projectFolder,
  exclude: (name) => name === 'node_modules',
});

const texts: ReadonlyArray<readonly [name: string, file: string, text: string]> = [
  ...Object.entries(contractsByFeature).map(
    ([name, text]) => [name, 'gateway.yaml', text] as const,
  ),
  ...examples.map((file) => [file, file, readFileSync(join(projectFolder, file), 'utf8')] as const),
];

const contracts = texts.map(([name, file, text]) => {
  const compilation = compileContract(text, {
    file,
    runtime: '../src',
    readFile: (path) => readFileSync(join(projectFolder, path), 'utf8'),
  });
  if (!compilation.ok) throw new Error(`${name}: ${compilation.problems.join('\n')}`);
  return [name, compilation] as const;
});

/** As `callsIn` names them. */
const described = (permissions: readonly Permission[]): readonly string[] => [
  ...new Set(
    permissions.flatMap((permission) => {
      const resource =
        'store' in permission
          ? `store ${permission.store}`
          : 'secret' in permission
            ? `secret ${permission.secret}`
            : 'upstream' in permission
              ? 'upstream'
              : 'value';
      return permission.actions.map((action) => `${action} ${resource}`);
    }),
  ),
];

describe('the permissions that follow from a contract', () => {
  const seen = new Set<string>();

  it.each(contracts)(
    'are what its code can do on AWS, no less and no more: %s',
    async (_, compiled) => {
      const permissions = compiled.summary['permissions'] as readonly Permission[];
      const modules = await bundledModules(compiled);
      expect(described(permissions).toSorted()).toEqual([...callsIn(modules)].toSorted());
      for (const { file } of modules) seen.add(file);
    },
  );

  it('are compared for every module of the handler that calls AWS', () => {
    const sources = globSync('handler/src/**/*.ts', { cwd: projectFolder })
      .filter((file) => !file.endsWith('.test.ts') && !switchedOn.includes(dirname(file)))
      .map((file) => [file, readFileSync(join(projectFolder, file), 'utf8')] as const);
    const parts = sources.filter(([file]) => file.endsWith('/contract.ts')).join('\n');
    // A store that no part has is in no bundle.
    const isUsed = (file: string): boolean =>
      !file.includes('/stores/') || parts.includes(`'${basename(dirname(file))}/`);
    const calling = sources
      .filter(([file, text]) => makesCalls(text) && isUsed(file))
      .map(([file]) => file);
    expect(calling.length).toBeGreaterThan(3);
    expect(calling.filter((file) => !seen.has(file))).toEqual([]);
  });
});

/** They belong to an environment and not to a contract: `switched_permissions` in terraform/modules/gateway. */
const switchedOn = ['handler/src/features/faults', 'handler/src/features/trusted-proxy'];
