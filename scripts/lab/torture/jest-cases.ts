import { jestCheck } from '../checks/jest-check.ts';
import type { TortureOutcome } from './part.ts';

/** The cases of a table that has one test for each, as jest runs them. */
export const jestCases = async (
  project: 'unit' | 'long' | 'integration',
  file: string,
  env?: NodeJS.ProcessEnv,
): Promise<TortureOutcome> => {
  const { passed, failed, detail } = await jestCheck(
    file,
    ['--selectProjects', project, '--runInBand', '--runTestsByPath', file],
    env,
  ).run();
  return { cases: passed + failed, failed, detail };
};
