import { join } from 'node:path';
import { exampleVariables } from '../../stack/build/build-places.ts';
import { workFolder } from '../../stack/command-line/folders.ts';
import { removeLocalStack } from '../../stack/deployment/local-stack.ts';
import { type Environment, readEnvironment } from '../../stack/environments/environment.ts';
import { withEnvironmentLock } from '../../stack/environments/environment-lock.ts';
import type { LocalCloud } from '../../stack/environments/local-environment.ts';
import { freeStackPort } from '../../stack/local-cloud/port.ts';
import { newSecret } from '../../stack/local-cloud/secret.ts';

/** The variables of a local stack with its own ports, account and folder, so that a running stack is not affected. */
export const ownStackVariables = async (
  folder: string,
  firstPort: number,
  accountId: string,
): Promise<NodeJS.ProcessEnv> => ({
  ...outsideOfMake(),
  ...exampleVariables,
  LOCAL_FOLDER: folder,
  LOCAL_PORT: String(await freeStackPort(firstPort)),
  LOCAL_ACCOUNT_ID: accountId,
  LOCAL_SECRET: newSecret(),
});

/** Without the variables that make passes on to its children, and without those of AWS. */
export const outsideOfMake = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(AWS_|MAKE|MFLAGS|ENV$|LOCAL_|ONLY$)/.test(name),
    ),
  );

const folder = 'test';

/**
 * Gives `use` the variables of a local stack only for tests, which nothing has deployed yet. Removes it afterwards, and
 * the remains of an interrupted earlier run before.
 */
export const withTestStack = <Result>(
  use: (variables: NodeJS.ProcessEnv) => Promise<Result>,
): Promise<Result> =>
  withEnvironmentLock(join(workFolder, 'tests'), async () => {
    await removeTestStack();
    try {
      return await use(await ownStackVariables(folder, 14_566, '111111111111'));
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
