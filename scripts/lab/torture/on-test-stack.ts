import { join } from 'node:path';
import { newTestStack, removeTestStack } from '../checks/test-stack.ts';
import { projectFolder, workFolder } from '../../stack/command-line/folders.ts';
import { withEnvironmentLock } from '../../stack/environments/environment-lock.ts';
import { run } from '../../stack/command-line/run.ts';

/** Deploys a separate local stack, and removes it. */
export const onTestStack = <Result>(
  use: (variables: NodeJS.ProcessEnv) => Promise<Result>,
): Promise<Result> =>
  withEnvironmentLock(join(workFolder, 'tests'), async () => {
    const { variables } = await newTestStack();
    try {
      await runScript('commands/deploy.ts', ['ENV=local'], variables);
      return await use(variables);
    } finally {
      await removeTestStack();
    }
  });

/** The last line that a script of the project's own writes. */
export const runScript = async (
  script: string,
  args: readonly (string | number)[],
  env: NodeJS.ProcessEnv,
): Promise<string> => {
  const { exitCode, stdout, stderr } = await run(
    process.execPath,
    [...process.execArgv, join(projectFolder, 'scripts', script), ...args.map(String)],
    { env },
  );
  if (exitCode !== 0) throw new Error(`${script} failed:\n${stderr}`);
  return stdout.trimEnd().split('\n').at(-1) ?? '';
};
