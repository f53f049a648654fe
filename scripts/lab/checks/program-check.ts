import { projectFolder } from '../../stack/command-line/folders.ts';
import { type Finished, run } from '../../stack/command-line/run.ts';
import { type Check, failed, passed } from './check.ts';

/** A program that passes where it ends with exit code 0. */
export const programCheck = (
  name: string,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Check => ({
  name,
  run: async () => {
    const { exitCode, stdout, stderr } = await run(program, args, { cwd: projectFolder, env });
    return exitCode === 0 ? passed : failed(`${stdout}${stderr}`.trim());
  },
});

/** A command of the project's own on a local stack. */
export const scriptCheck = (
  name: string,
  script: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[] = [],
): Check => programCheck(name, process.execPath, commandOnLocal(script, args), env);

/** What Node is given to run a command with `ENV=local`. */
export const commandOnLocal = (script: string, args: readonly string[] = []): readonly string[] => [
  ...process.execArgv,
  `scripts/commands/${script}`,
  'ENV=local',
  ...args,
];

export const runScript = (script: string): Promise<Finished> =>
  run(process.execPath, [...process.execArgv, `scripts/commands/${script}`], {
    cwd: projectFolder,
  });
