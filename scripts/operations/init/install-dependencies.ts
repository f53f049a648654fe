import { existsSync, readFileSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { packageFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { step } from '../../stack/command-line/step.ts';

/**
 * Lets npm install what package.json names, unless Postern is there. Throws a `CommandError` with npm's own words and what
 * to do, such as without a network.
 */
export const installDependencies = async (
  folder: string,
  from = packageFolder,
  npm: (args: readonly string[]) => ReturnType<typeof run> = (args) =>
    run('npm', args, { cwd: folder }),
): Promise<void> => {
  if (existsSync(join(folder, 'node_modules', 'postern', 'package.json'))) return;
  await step('npm install', async () => {
    await copyInstalled(folder, dirname(from));
    const { exitCode, stderr } = await npm([
      ...['install', '--no-audit', '--no-fund', '--loglevel=error'],
    ]);
    if (exitCode === 0) return;
    throw new CommandError(
      `The project is written, but npm could not install what it needs:\n${stderr.trim()}\n\n` +
        'Run `npm install` in its folder once the registry can be reached.',
    );
  });
};

interface HiddenLockfile {
  readonly packages?: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly resolved?: string;
}

/**
 * What `npx` has just installed for this command is what the project needs: npm then has it to check only, which takes two
 * seconds instead of eight. npm believes the list of a `node_modules` that is not older than its folders, so it is
 * written last.
 */
const copyInstalled = async (folder: string, installed: string): Promise<void> => {
  const modules = join(folder, 'node_modules');
  const list = '.package-lock.json';
  if (basename(installed) !== 'node_modules' || !existsSync(join(installed, list))) return;
  if (existsSync(modules)) return;
  const root = dirname(installed);
  const lockfile = JSON.parse(readFileSync(join(installed, list), 'utf8')) as HiddenLockfile;
  await cp(installed, modules, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => file !== join(installed, list),
  });
  const moved = Object.entries(lockfile.packages ?? {}).map(
    ([name, entry]): [string, LockedPackage] => {
      const { resolved } = entry;
      if (!resolved?.startsWith('file:')) return [name, entry];
      const file = resolve(root, resolved.slice('file:'.length));
      return [name, { ...entry, resolved: `file:${relative(folder, file)}` }];
    },
  );
  const text = JSON.stringify({ ...lockfile, packages: Object.fromEntries(moved) }, undefined, 2);
  await writeFile(join(modules, list), `${text}\n`);
};
