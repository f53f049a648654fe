import { join } from 'node:path';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { installLocalCloud, venvPython } from '../../stack/local-cloud/python.ts';
import { type Check, failed } from './check.ts';

/** The tests of what is changed in the local cloud, by unittest, on the very version that is installed. */
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
