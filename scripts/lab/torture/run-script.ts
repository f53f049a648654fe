import { join } from 'node:path';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';

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
