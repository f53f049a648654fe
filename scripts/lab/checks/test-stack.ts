import { join } from 'node:path';
import { exampleVariables } from '../../stack/build/build-places.ts';
import { workFolder } from '../../stack/command-line/folders.ts';
import { removeLocalStack } from '../../stack/deployment/local-stack.ts';
import { type Environment, readEnvironment } from '../../stack/environments/environment.ts';
import type { LocalCloud } from '../../stack/environments/local-environment.ts';
import { freeStackPort } from '../../stack/local-cloud/port.ts';
import { newSecret } from '../../stack/local-cloud/secret.ts';

/** A local stack only for tests: its own ports, account and folder, so that a running stack is not affected. */
export interface TestStack {
  readonly environment: Environment & { readonly local: LocalCloud };
  /** For commands that are to work on it. */
  readonly variables: NodeJS.ProcessEnv;
}

const folder = 'test';
const firstPort = 14_566;

/** Removes the remains of an interrupted earlier run. */
export const newTestStack = async (): Promise<TestStack> => {
  await removeTestStack();
  const variables: NodeJS.ProcessEnv = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
    ...exampleVariables,
    LOCAL_FOLDER: folder,
    LOCAL_PORT: String(await freeStackPort(firstPort)),
    LOCAL_ACCOUNT_ID: '111111111111',
    LOCAL_SECRET: newSecret(),
  };
  const environment = readEnvironment({ ENV: 'local' }, variables);
  const { local } = environment;
  if (local === undefined) throw new Error('ENV=local is not local');
  return { environment: { ...environment, local }, variables };
};

export const removeTestStack = (): Promise<void> => removeLocalStack(join(workFolder, folder));
