import { join } from 'node:path';
import { exampleVariables } from '../../stack/build/build-places.ts';
import { workFolder } from '../../stack/command-line/folders.ts';
import { removeLocalStack } from '../../stack/deployment/local-stack.ts';
import { type Environment, readEnvironment } from '../../stack/environments/environment.ts';
import { withEnvironmentLock } from '../../stack/environments/environment-lock.ts';
import type { LocalCloud } from '../../stack/environments/local-environment.ts';
import { freeStackPort } from '../../stack/local-cloud/port.ts';
import { newSecret } from '../../stack/local-cloud/secret.ts';

const folder = 'test';
const firstPort = 14_566;

/**
 * Gives `use` the variables of a local stack only for tests, which nothing has deployed yet: its own ports, account and
 * folder, so that a running stack is not affected. Removes it afterwards, and the remains of an interrupted earlier run
 * before.
 */
export const withTestStack = <Result>(
  use: (variables: NodeJS.ProcessEnv) => Promise<Result>,
): Promise<Result> =>
  withEnvironmentLock(join(workFolder, 'tests'), async () => {
    await removeTestStack();
    try {
      return await use({
        ...Object.fromEntries(
          Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')),
        ),
        ...exampleVariables,
        LOCAL_FOLDER: folder,
        LOCAL_PORT: String(await freeStackPort(firstPort)),
        LOCAL_ACCOUNT_ID: '111111111111',
        LOCAL_SECRET: newSecret(),
      });
    } finally {
      await removeTestStack();
    }
  });

const removeTestStack = (): Promise<void> => removeLocalStack(join(workFolder, folder));

/** The local stack of this process's variables. */
export const testStack = (): Environment & { readonly local: LocalCloud } => {
  const environment = readEnvironment({ ENV: 'local' });
  const { local } = environment;
  if (local === undefined) throw new TypeError('ENV=local is not local');
  return { ...environment, local };
};
