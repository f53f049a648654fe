import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Finished } from '../../stack/command-line/run.ts';
import { installDependencies } from './install-dependencies.ts';

let folder: string;
let project: string;
/** Of npx. */
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'install-'));
  [project, cache] = [join(folder, 'my gateway'), join(folder, 'cache')];
  mkdirSync(project);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

const npm = (finished: Partial<Finished> = {}) =>
  jest.fn(async () => ({ exitCode: 0, stdout: '', stderr: '', ...finished }));

describe('the installation of a new project', () => {
  it('begins with what npx has installed for this command, so that npm fetches nothing', async () => {
    write(join(cache, 'node_modules/postern/dist/postern.js'), 'code');
    write(join(cache, 'node_modules/ajv/package.json'), '{}');
    const packages = {
      'node_modules/postern': { version: '1.0.0', resolved: 'file:../postern-1.0.0.tgz' },
      'node_modules/ajv': { version: '8.0.0', resolved: 'https://registry.example/ajv.tgz' },
    };
    write(
      join(cache, 'node_modules/.package-lock.json'),
      JSON.stringify({ lockfileVersion: 3, packages }),
    );
    const run = npm();
    await installDependencies(project, join(cache, 'node_modules/postern'), run);
    expect(run).toHaveBeenCalledTimes(1);
    expect(readFileSync(join(project, 'node_modules/postern/dist/postern.js'), 'utf8')).toBe(
      'code',
    );
    const list = readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8');
    // Relative to the project now.
    expect(JSON.parse(list)).toEqual({ lockfileVersion: 3, packages });
  });

  it('is npm alone where this command was not installed by npm', async () => {
    const run = npm();
    await installDependencies(project, join(folder, 'repository'), run);
    expect(run).toHaveBeenCalledTimes(1);
    expect(existsSync(join(project, 'node_modules'))).toBe(false);
  });

  it('is not repeated', async () => {
    write(join(project, 'node_modules/postern/package.json'), '{}');
    const run = npm();
    await installDependencies(project, join(folder, 'repository'), run);
    expect(run).not.toHaveBeenCalled();
  });

  it("fails with npm's own words and what to do without a network", async () => {
    const run = npm({ exitCode: 1, stderr: 'npm error code ENOTFOUND\n' });
    await expect(installDependencies(project, join(folder, 'repository'), run)).rejects.toThrow(
      'The project is written, but npm could not install what it needs:\nnpm error code ENOTFOUND\n\n' +
        'Run `npm install` in its folder once the registry can be reached.',
    );
  });
});
