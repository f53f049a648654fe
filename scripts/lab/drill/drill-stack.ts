import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectFolder, workFolder } from '../../stack/command-line/folders.ts';
import { type Finished, run } from '../../stack/command-line/run.ts';
import { removeLocalStack } from '../../stack/deployment/local-stack.ts';
import { type Environment, readEnvironment } from '../../stack/environments/environment.ts';
import { ownStackVariables } from '../stack/test-stack.ts';

/** A local stack to break: a checkout, and the environment that was deployed from it. */
export interface DrillStack {
  readonly environment: Environment;
  /** The folder of the checkout. */
  readonly home: string;
  readonly checkout: string;
  /** Runs lines of a runbook, and ends at the first that fails. */
  readonly shell: (commands: string, folder: string) => Promise<Finished>;
}

const home = join(workFolder, 'drill');
const checkout = join(home, 'postern');

/** Nothing but an empty folder and free ports: the first runbook makes all the rest. */
export const newDrillStack = async (): Promise<DrillStack> => {
  const variables = await ownStackVariables('drill', 15_566, '222222222222');
  const here = readEnvironment({ ENV: 'local' }, variables);
  const environment: Environment = {
    ...here,
    folder: join(checkout, '.postern', basename(here.folder)),
    variablesFile: here.variablesFile.replace(projectFolder, checkout),
  };
  const stack = { environment, home, checkout, shell: shellWith(variables) };
  await removeDrillStack(stack); // What a drill that was killed has left.
  mkdirSync(home, { recursive: true });
  return stack;
};

export const shellWith =
  (env: NodeJS.ProcessEnv) =>
  (commands: string, cwd: string): Promise<Finished> =>
    run('bash', ['-euo', 'pipefail', '-c', commands], { cwd, env });

/** Everything but the empty folder. */
export const removeDrillStack = async ({ environment, checkout }: DrillStack): Promise<void> => {
  await removeLocalStack(environment.folder);
  rmSync(checkout, { recursive: true, force: true });
};
