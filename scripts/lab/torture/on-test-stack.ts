import { join } from 'node:path';
import { newTestStack, removeTestStack } from '../checks/test-stack.ts';
import { workFolder } from '../../stack/command-line/folders.ts';
import { exclusively } from '../../stack/environments/exclusively.ts';
import { runScript } from './run-script.ts';

/** Deploys a local stack of its own, and removes it. */
export const onTestStack = <Result>(
  use: (variables: NodeJS.ProcessEnv) => Promise<Result>,
): Promise<Result> =>
  exclusively(join(workFolder, 'tests'), async () => {
    const { variables } = await newTestStack();
    try {
      await runScript('commands/deploy.ts', ['ENV=local'], variables);
      return await use(variables);
    } finally {
      await removeTestStack();
    }
  });
