import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finished } from '../../stack/command-line/run.ts';
import { upgradeProject } from './upgrade-project.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
  install('1.0.0');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As npm leaves it. */
const install = (version: string): void => {
  mkdirSync(join(folder, 'node_modules', 'postern'), { recursive: true });
  for (const file of ['package.json', 'package-lock.json'])
    writeFileSync(join(folder, file), JSON.stringify({ devDependencies: { postern: version } }));
  writeFileSync(
    join(folder, 'node_modules', 'postern', 'package.json'),
    JSON.stringify({ version }),
  );
};

const done = (stdout = ''): Finished => ({ exitCode: 0, stdout, stderr: '' });
const failed = (stderr: string): Finished => ({ exitCode: 1, stdout: '', stderr });

const upgrade = async (
  results: Readonly<Record<string, Finished>> = {},
  environment: string | undefined = undefined,
) => {
  const called: string[] = [];
  const upgraded = upgradeProject({
    folder,
    to: '2.0.0',
    environment,
    run: async (program, args) => {
      const words = [program, ...args.filter((word) => !word.startsWith('--'))].join(' ');
      called.push(words);
      const result = Object.entries(results).find(([part]) => words.includes(part))?.[1] ?? done();
      if (words.endsWith('postern@2.0.0') && result.exitCode === 0) install('2.0.0');
      return result;
    },
    step: (_, work) => work(),
  });
  const settled = await upgraded.catch((error: Error) => error);
  return { called, upgraded: settled, message: settled instanceof Error ? settled.message : '' };
};

describe('an upgrade', () => {
  it('installs the version, and lets it validate the contract', async () => {
    const { called, upgraded } = await upgrade({ validate: done('The contract is valid.') });
    expect(called).toEqual(['npm install postern@2.0.0', 'npx postern validate']);
    expect(upgraded).toEqual({
      from: '1.0.0',
      to: '2.0.0',
      reports: [{ title: 'Contract', text: 'The contract is valid.' }],
    });
  });

  it('compares with an environment: breaking changes are reported and are no failure', async () => {
    const results = { diff: { ...done('1 breaking'), exitCode: 2 }, plan: done('1 to change') };
    const { called, upgraded } = await upgrade(results, 'dev');
    expect(called.slice(2)).toEqual(['npx postern diff dev', 'npx postern plan dev']);
    expect(upgraded).toMatchObject({
      reports: [
        {},
        { title: 'Contract, compared with dev', text: '1 breaking' },
        { title: 'Plan of dev', text: '1 to change' },
      ],
    });
  });

  it.each([
    ['npm has no such version', { 'postern@2.0.0': failed('ETARGET') }, 'ETARGET'],
    ['the contract has problems', { validate: failed('gateway.yaml:3:1 x') }, 'gateway.yaml:3:1'],
    ['it cannot be planned', { plan: failed('no credentials') }, 'no credentials'],
  ])('installs the version before again if %s', async (_, results, reason) => {
    const { called, message } = await upgrade(results, 'dev');
    expect(called.at(-1)).toBe('npm install');
    expect(message).toContain(reason);
    expect(message).toContain('Nothing has changed: Postern 1.0.0 is installed.');
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toContain('1.0.0');
    expect(readdirSync(folder).filter((name) => name.endsWith('.before'))).toEqual([]);
  });

  it('needs an installed version', async () => {
    rmSync(join(folder, 'node_modules'), { recursive: true });
    expect((await upgrade()).message).toContain('Run: npm install');
  });
});
