import { existsSync, readFileSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../../stack/command-line/command-error.ts';
import type { Finished, Run } from '../../stack/command-line/run.ts';

interface Upgrade {
  /** The project. */
  readonly folder: string;
  /** What npm installs: a version, a tag or a tarball. */
  readonly to: string;
  /** Whose deployed contract and resources the new version is compared with; absent: none. */
  readonly environment: string | undefined;
  readonly run: (program: string, args: readonly string[], options: Run) => Promise<Finished>;
  readonly step: <T>(title: string, work: () => Promise<T>) => Promise<T>;
}

export interface Upgraded {
  readonly from: string;
  readonly to: string;
  /** What the new version reports, by the command: the contract's problems, its differences, the plan. */
  readonly reports: ReadonlyArray<{ readonly title: string; readonly text: string }>;
}

/** What npm changes, and what is put back if the new version cannot be used. */
const npmFiles = ['package.json', 'package-lock.json'];

/**
 * Installs another version of Postern, and lets that version check the contract and compare it with what is deployed.
 * Nothing is deployed. If npm fails, or the contract has problems for the new version, a `CommandError` says which, and
 * the version before is installed again.
 */
export const upgradeProject = async (upgrade: Upgrade): Promise<Upgraded> => {
  const { folder, to, environment, run, step } = upgrade;
  const from = installedVersion(folder);
  const restore = await keep(folder);
  const postern = (...args: readonly string[]): Promise<Finished> =>
    run('npx', ['--no-install', 'postern', ...args], { cwd: folder });
  const install = (spec: readonly string[]): Promise<Finished> =>
    run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...spec], {
      cwd: folder,
    });

  const back = async (reason: string): Promise<never> => {
    await restore();
    await install([]);
    throw new CommandError(`${reason}\n\nNothing has changed: Postern ${from} is installed.`);
  };

  const installed = await step(`install postern ${to}`, () =>
    install(['--save-dev', '--save-exact', to.startsWith('file:') ? to : `postern@${to}`]),
  );
  if (installed.exitCode !== 0)
    return back(`npm could not install it:\n${installed.stderr.trim()}`);
  const now = installedVersion(folder);
  const validated = await step('validate the contract', () => postern('validate'));
  if (validated.exitCode !== 0)
    return back(
      `Postern ${now} does not accept the contract. Its CHANGELOG.md says what to write instead:\n${textOf(validated)}`,
    );
  const reports = [{ title: 'Contract', text: textOf(validated) }];
  if (environment !== undefined) {
    const compared = await step('compare the contracts', () => postern('diff', environment));
    reports.push({ title: `Contract, compared with ${environment}`, text: textOf(compared) });
    const planned = await step('plan', () => postern('plan', environment, '--allow-changes'));
    if (planned.exitCode !== 0) return back(`It cannot be planned:\n${textOf(planned)}`);
    reports.push({ title: `Plan of ${environment}`, text: planned.stdout.trim() });
  }
  await restore.forget();
  return { from, to: now, reports };
};

const textOf = ({ stdout, stderr }: Finished): string =>
  stdout.trim() === '' ? stderr.trim() : stdout.trim();

const installedVersion = (folder: string): string => {
  const file = join(folder, 'node_modules', 'postern', 'package.json');
  if (!existsSync(file))
    throw new CommandError('Postern is not installed in this project. Run: npm install');
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
};

/** Copies of npm's files, until they are put back or no longer needed. */
const keep = async (folder: string) => {
  const copies = npmFiles
    .filter((file) => existsSync(join(folder, file)))
    .map((file) => ({ file: join(folder, file), copy: join(folder, `.${file}.before`) }));
  for (const { file, copy } of copies) await copyFile(file, copy);
  const forget = async (): Promise<void> => {
    for (const { copy } of copies) await rm(copy, { force: true });
  };
  const restore = async (): Promise<void> => {
    for (const { file, copy } of copies) await copyFile(copy, file);
    await forget();
  };
  return Object.assign(restore, { forget });
};
