import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { terraformFolder } from '../../stack/command-line/folders.ts';
import { initWithoutBackend, moduleFolders, terraformIn } from './terraform-modules.ts';

jest.setTimeout(10 * 60_000);

const modules = moduleFolders().map((folder) => ({
  folder,
  name: relative(terraformFolder, folder) || 'the root',
}));

describe.each(modules)('the Terraform module $name', ({ folder }) => {
  const succeeds = async (args: readonly string[]): Promise<void> => {
    const { exitCode, stdout, stderr } = await terraformIn(folder, args);
    if (exitCode !== 0) throw new Error(`${stdout}${stderr}`);
    expect(stdout).not.toBe('');
  };

  it('is valid', async () => {
    await succeeds(initWithoutBackend);
    // Its tests are validated as they run. Terraform 1.11 misses the aliased providers of their modules here.
    await succeeds(['validate', '-no-tests', '-no-color']);
  });

  if (existsSync(join(folder, 'tests')))
    it('passes its tests', async () => {
      await succeeds(['test', '-no-color']);
    });
});
