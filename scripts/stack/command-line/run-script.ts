import { join } from 'node:path';
import { CommandError } from './command-error.ts';
import { projectFolder } from './folders.ts';
import { run } from './run.ts';

/** Runs another command of the project, and returns its output; what it says of a failure becomes the error's message. */
export const runScript = async (script: string, args: readonly string[] = []): Promise<string> => {
  const { exitCode, stdout, stderr } = await run(
    process.execPath,
    [...process.execArgv, join(projectFolder, 'scripts/commands', script), ...args],
    { cwd: projectFolder },
  );
  if (exitCode === 0) return stdout.trim();
  throw new CommandError(
    stderr.trim().replace(/^Error: /, '') || `scripts/commands/${script} failed.`,
  );
};
