import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { packageFolder, terraformFolder } from '../../stack/command-line/folders.ts';
import { type SharedProvider, startProvider } from './shared-provider.ts';
import {
  dataFolderOf,
  initWithoutBackend,
  moduleFolders,
  type Settings,
  terraformIn,
} from './terraform-modules.ts';
import { testedPlan } from './tested-plan.ts';

jest.setTimeout(10 * 60_000);

const modules = moduleFolders().map((folder) => ({
  folder,
  name: relative(terraformFolder, folder) || 'the root',
}));

const succeedsIn = async (folder: string, args: readonly string[], settings?: Settings) => {
  const { exitCode, stdout, stderr } = await terraformIn(folder, args, settings);
  if (exitCode !== 0) throw new Error(`${stdout}${stderr}`);
  expect(stdout).not.toBe('');
  return stdout;
};

let provider: SharedProvider;
/** With the provider that all share. */
const succeedsWithShared = (folder: string, args: readonly string[], settings?: Settings) =>
  succeedsIn(folder, args, { ...settings, variables: provider.variables });

beforeAll(async () => {
  await succeedsIn(terraformFolder, initWithoutBackend);
  provider = await startProvider(dataFolderOf('root'));
});

afterAll(() => provider?.stop());

/** Two gateways, and one in another region, with all that can be brought; without a zip. */
const brought = 'brought.tftest.hcl';

describe.each(modules)('the Terraform module $name', ({ folder }) => {
  const hasTests = existsSync(join(folder, 'tests'));

  it(hasTests ? 'can be initialized' : 'is valid', async () => {
    await succeedsIn(folder, initWithoutBackend);
    // Every run of a test validates the module first.
    if (!hasTests) await succeedsWithShared(folder, ['validate', '-no-color']);
  });

  if (!hasTests) return;

  const files = readdirSync(join(folder, 'tests')).filter((file) => file.endsWith('.tftest.hcl'));
  const filters = files.filter((file) => file !== brought).map((file) => `-filter=tests/${file}`);

  it('passes its tests', async () => {
    await succeedsWithShared(folder, ['test', '-no-color', ...filters]);
  });

  if (!files.includes(brought)) return;

  it('passes the test with several gateways, whose resources are all tagged, and whose roles are bounded', async () => {
    const { tagged, roles } = testedPlan(
      // It configures the provider for two regions.
      await succeedsIn(folder, ['test', '-json', '-verbose', `-filter=tests/${brought}`]),
    );
    expect(tagged.length).toBeGreaterThan(40);
    for (const { address, tags } of tagged)
      expect({ address, tags: Object.keys(tags ?? {}) }).toEqual({
        address,
        tags: expect.arrayContaining(['Environment', 'Gateway', 'Project']),
      });
    const bounded = roles.filter(({ address }) => address.startsWith('module.second.'));
    expect(bounded).toEqual([
      {
        address: expect.any(String),
        boundary: 'arn:aws:iam::123456789012:policy/boundary',
        path: '/gateways/',
      },
    ]);
  });
});

describe('the main.tf of docs/module.md', () => {
  it('is valid', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-module-'));
    try {
      const page = readFileSync(join(packageFolder, 'docs/module.md'), 'utf8');
      const [, text = ''] = /```hcl\n([^]*?)```/.exec(page) ?? [];
      const own = '~> 6.0';
      expect(text).toContain(own);
      // The provider that this repository locks, and so the only one that is certainly here.
      writeFileSync(join(folder, 'main.tf'), text.replace(own, '~> 5.100'));
      mkdirSync(join(folder, 'node_modules'));
      symlinkSync(packageFolder, join(folder, 'node_modules', 'postern'));
      const settings = { data: 'docs-module' };
      await succeedsIn(folder, initWithoutBackend, settings);
      await succeedsWithShared(folder, ['validate', '-no-color'], settings);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
