import { join } from 'node:path';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { installLocalCloud, venvPython } from '../../stack/local-cloud/python.ts';
import { type Check, failed, passed } from './check.ts';

/** A program that passes if it ends with exit code 0. */
export const programCheck = (name: string, program: string, args: readonly string[]): Check => ({
  name,
  run: async () => {
    const { exitCode, stdout, stderr } = await run(program, args, { cwd: projectFolder });
    return exitCode === 0 ? passed : failed(`${stdout}${stderr}`.trim());
  },
});

/** The tests of the changes to the local cloud, by unittest, with the installed version. */
export const localCloudCheck: Check = {
  name: 'local cloud: unit tests',
  run: async () => {
    await installLocalCloud();
    const folder = join(projectFolder, 'scripts/stack/local-cloud');
    const args = ['-B', '-m', 'unittest', 'discover', '-s', folder];
    const { exitCode, stderr } = await run(venvPython, args);
    const ran = Number(/^Ran (\d+) tests?/m.exec(stderr)?.[1] ?? 0);
    return exitCode === 0 && ran > 0 ? { ...passed, passed: ran } : failed(stderr.trim());
  },
};
