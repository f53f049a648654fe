import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../command-line/fault.ts';
import { projectFolder, workFolder } from '../command-line/folders.ts';
import { run } from '../command-line/run.ts';

const version = 'v8.30.1';
const binFolder = join(workFolder, 'bin');
const gitleaks = join(binFolder, `gitleaks-${version}`, 'gitleaks');

/** What looks like a secret in the history (`git`) or in the files as they stand (`dir`); empty where nothing does. */
export const leaksIn = async (source: 'git' | 'dir'): Promise<string> => {
  await build();
  const { exitCode, stdout, stderr } = await run(
    gitleaks,
    [source, '.', '--no-banner', '--no-color', '--redact', '--verbose'],
    { cwd: projectFolder },
  );
  return exitCode === 0 ? '' : `${stdout}${stderr}`.trim();
};

/** Go checks what it fetches against its public checksum database (sum.golang.org). */
const build = async (): Promise<void> => {
  if (existsSync(gitleaks)) return;
  const { exitCode, stderr } = await run(
    'go',
    ['install', `github.com/zricethezav/gitleaks/v8@${version}`],
    { env: { ...process.env, GOBIN: join(gitleaks, '..') } },
  );
  if (exitCode !== 0) throw new Fault(`Go could not build gitleaks:\n${stderr.trim()}`);
};
