import { projectFolder } from '../../stack/command-line/folders.ts';
import { type Finished, run } from '../../stack/command-line/run.ts';

/** What Node is given to run a command with `ENV=local`. */
export const commandOnLocal = (script: string, args: readonly string[] = []): readonly string[] => [
  ...process.execArgv,
  `scripts/commands/${script}.ts`,
  'ENV=local',
  ...args,
];

/** Runs a command on the local stack that the variables name. Throws what it wrote if it fails. */
export const runCommand = async (
  script: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Finished> => {
  const finished = await run(process.execPath, commandOnLocal(script, args), {
    cwd: projectFolder,
    env,
  });
  if (finished.exitCode === 0) return finished;
  throw new Error(`${script} failed:\n${finished.stdout}${finished.stderr}`);
};
