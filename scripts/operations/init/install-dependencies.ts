import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { run } from '../../stack/command-line/run.ts';
import { step } from '../../stack/command-line/step.ts';

/**
 * Lets npm install what package.json names, unless Postern is there. Throws a `CommandError` with npm's own words and what
 * to do, such as without a network.
 */
export const installDependencies = async (folder: string): Promise<void> => {
  if (existsSync(join(folder, 'node_modules', 'postern', 'package.json'))) return;
  await step('npm install', async () => {
    const args = ['install', '--no-audit', '--no-fund', '--loglevel=error'];
    const { exitCode, stderr } = await run('npm', args, { cwd: folder });
    if (exitCode === 0) return;
    throw new CommandError(
      `The project is written, but npm could not install what it needs:\n${stderr.trim()}\n\n` +
        'Run `npm install` in its folder once the registry can be reached.',
    );
  });
};
