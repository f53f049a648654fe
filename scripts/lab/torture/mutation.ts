import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { binFolder, projectFolder, reportsFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { failed, joined, type Outcome } from '../checks/check.ts';
import { mutationGroups } from './mutation/groups.ts';

/** A group takes a few minutes on two cores. A group that takes longer than this would not be run any more. */
const longestMs = 15 * 60_000;

/** Stryker changes the code that decides, one place at a time; the tests beside it are to notice. */
export const mutation = async (): Promise<Outcome> => {
  const outcomes: Outcome[] = [];
  for (const group of Object.keys(mutationGroups)) outcomes.push(await mutate(group));
  return joined(outcomes);
};

interface Report {
  readonly files: Readonly<
    Record<string, { readonly mutants: ReadonlyArray<{ readonly status: string }> }>
  >;
}

/** Stryker itself fails if fewer mutants are found than `thresholds.break` in stryker.config.js. */
const mutate = async (group: string): Promise<Outcome> => {
  const file = join(reportsFolder, 'mutation', `${group}.json`);
  rmSync(file, { force: true });
  const startedAt = performance.now();
  const { exitCode, stdout, stderr } = await run(
    process.execPath,
    [join(binFolder, 'stryker'), 'run'],
    {
      cwd: projectFolder,
      env: { ...process.env, MUTATE: group },
      signal: AbortSignal.timeout(longestMs),
    },
  );
  if (exitCode !== 0) return failed(`${group}:\n${stdout}${stderr}`);
  const { files } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map((one) => one.status));
  const count = (...wanted: readonly string[]): number =>
    statuses.filter((status) => wanted.includes(status)).length;
  const found = count('Killed', 'Timeout');
  const mutants = found + count('Survived', 'NoCoverage');
  return {
    passed: mutants,
    failed: 0,
    detail: '',
    figures: {
      [`${group} mutants`]: mutants,
      [`${group} found percent`]: Math.round((1_000 * found) / mutants) / 10,
      [`${group} seconds`]: Math.round((performance.now() - startedAt) / 1_000),
    },
  };
};
