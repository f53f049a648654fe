import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder, workFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { buildWithGo } from '../../stack/tools/build-with-go.ts';

const version = 'v8.30.1';
const folder = join(workFolder, 'bin', `gitleaks-${version}`);
const gitleaks = join(folder, 'gitleaks');

/** What looks like a secret in the history (`git`) or in the files as they stand (`dir`); empty where nothing does. */
export const leaksIn = async (source: 'git' | 'dir'): Promise<string> => {
  if (!existsSync(gitleaks)) {
    const module = `github.com/zricethezav/gitleaks/v8@${version}`;
    await buildWithGo({ name: 'gitleaks', module, folder, howToGet: 'Install Go.' });
  }
  const { exitCode, stdout, stderr } = await run(
    gitleaks,
    [source, '.', '--no-banner', '--no-color', '--redact', '--verbose'],
    { cwd: projectFolder },
  );
  return exitCode === 0 ? '' : `${stdout}${stderr}`.trim();
};
