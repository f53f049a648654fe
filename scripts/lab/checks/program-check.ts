import { join } from 'node:path';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { type Finished, run } from '../../stack/command-line/run.ts';
import { installLocalCloud, venvPython } from '../../stack/local-cloud/python.ts';
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

/** The tests of the changes to the local cloud, by unittest, with the installed version. */
export const localCloudCheck: Check = {
  name: 'local cloud: unit tests',
  run: async () => {
    await installLocalCloud();
    const folder = join(projectFolder, 'scripts/stack/local-cloud');
    const { exitCode, stderr } = await run(venvPython, [
      '-B',
      '-m',
      'unittest',
      'discover',
      '-s',
      folder,
    ]);
    const ran = Number(/^Ran (\d+) tests?/m.exec(stderr)?.[1] ?? 0);
    const counts = [...stderr.matchAll(/(?:failures|errors)=(\d+)/g)];
    const failures = counts.reduce((sum, [, count]) => sum + Number(count), 0);
    if (ran === 0 || (exitCode !== 0 && failures === 0)) return failed(stderr.trim());
    return {
      passed: ran - failures,
      failed: failures,
      detail: exitCode === 0 ? '' : stderr.trim(),
    };
  },
};
