import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { binFolder, projectFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { type GroupName, leastPercent, mutationGroups } from './mutation/groups.ts';
import type { TorturePart } from './part.ts';

/** A group takes a few minutes on two cores. A group that takes longer than this would not be run any more. */
const longestMs = 15 * 60_000;

/** Stryker changes the code that decides, one place at a time; the tests beside it are to notice. */
export const mutationPart: TorturePart = {
  name: 'mutation',
  run: async () => {
    const problems: string[] = [];
    const figures: Record<string, number> = {};
    let cases = 0;
    for (const group of Object.keys(mutationGroups) as GroupName[]) {
      const startedAt = performance.now();
      const outcome = await mutate(group);
      figures[`${group}Seconds`] = Math.round((performance.now() - startedAt) / 1000);
      if ('problem' in outcome) {
        problems.push(`${group}: ${outcome.problem}`);
        continue;
      }
      const percent = Math.round((1000 * outcome.found) / outcome.changes) / 10;
      cases += outcome.changes;
      figures[`${group}Changes`] = outcome.changes;
      figures[`${group}Percent`] = percent;
      if (100 * outcome.found < leastPercent * outcome.changes)
        problems.push(`${group}: ${percent} % of the changes are found`);
    }
    return { cases, failed: problems.length, detail: problems.join('\n'), figures };
  },
};

/** Counts the detected mutants, or reports why the number is not known. */
const mutate = async (group: GroupName): Promise<Count | { readonly problem: string }> => {
  const file = join(projectFolder, 'reports', 'mutation', `${group}.json`);
  rmSync(file, { force: true });
  const signal = AbortSignal.timeout(longestMs);
  const { stdout, stderr } = await run(process.execPath, [join(binFolder, 'stryker'), 'run'], {
    cwd: projectFolder,
    env: { ...process.env, MUTATE: group },
    signal,
  });
  if (signal.aborted) return { problem: `no end after ${longestMs / 60_000} minutes` };
  try {
    return countOf(JSON.parse(readFileSync(file, 'utf8')) as Report);
  } catch {
    return { problem: `Stryker made no report:\n${stdout}${stderr}` };
  }
};

interface Count {
  readonly found: number;
  readonly changes: number;
}

interface Report {
  readonly files: Readonly<
    Record<string, { readonly mutants: ReadonlyArray<{ readonly status: string }> }>
  >;
}

const found: ReadonlySet<string> = new Set(['Killed', 'Timeout']);
const counted: ReadonlySet<string> = new Set([...found, 'Survived', 'NoCoverage']);

const countOf = ({ files }: Report): Count => {
  const statuses = Object.values(files).flatMap(({ mutants }) =>
    mutants.map(({ status }) => status),
  );
  return {
    found: statuses.filter((status) => found.has(status)).length,
    changes: statuses.filter((status) => counted.has(status)).length,
  };
};
