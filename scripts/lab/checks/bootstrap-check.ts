import { projectFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { type Check, failed, passed } from './check.ts';
import { commandOnLocal } from './program-check.ts';
import type { TestStack } from './test-stack.ts';

/** A deploy has made the state's bucket before: both have one state of it, and neither makes it again. */
export const bootstrapCheck = ({ variables }: TestStack): Check => ({
  name: 'bootstrap has no changes after a deploy',
  run: async () => {
    const { exitCode, stdout, stderr } = await run(
      process.execPath,
      commandOnLocal('bootstrap.ts'),
      { cwd: projectFolder, env: variables },
    );
    const changesNothing = exitCode === 0 && stderr.includes('bootstrap: nothing to change');
    return changesNothing ? passed : failed(`${stdout}${stderr}`.trim());
  },
});
