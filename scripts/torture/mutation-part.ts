import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binFolder, projectFolder } from '../command-line/folders.ts';
import { run } from '../command-line/run.ts';
import type { TorturePart } from './part.ts';

const leastPercent = 90;

/** As stryker.config.js has them. */
const groups = ['token', 'limiter', 'header', 'path', 'breaker'];

/** Stryker changes the code that decides, one place at a time; the tests beside it are to notice. */
export const mutationPart: TorturePart = {
  name: 'mutation',
  run: async () => {
    const faults: string[] = [];
    const figures: Record<string, number> = {};
    let cases = 0;
    for (const group of groups) {
      const { mutants, percent } = await mutate(group);
      cases += mutants;
      figures[`${group}Percent`] = percent;
      if (percent < leastPercent) faults.push(`${group}: ${percent} % of mutants are found`);
    }
    return { cases, failed: faults.length, detail: faults.join('\n'), figures };
  },
};

interface Report {
  readonly files: Readonly<
    Record<string, { readonly mutants: ReadonlyArray<{ readonly status: string }> }>
  >;
}

const found: ReadonlySet<string> = new Set(['Killed', 'Timeout']);
const counted: ReadonlySet<string> = new Set([...found, 'Survived', 'NoCoverage']);

const mutate = async (group: string): Promise<{ mutants: number; percent: number }> => {
  const { exitCode, stdout, stderr } = await run(join(binFolder, 'stryker'), ['run'], {
    cwd: projectFolder,
    env: { ...process.env, MUTATE: group },
  });
  if (exitCode !== 0) throw new Error(`Stryker failed for ${group}:\n${stdout}${stderr}`);
  const file = join(projectFolder, 'reports', 'mutation', `${group}.json`);
  const { files } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const statuses = Object.values(files).flatMap(({ mutants }) =>
    mutants.map(({ status }) => status),
  );
  const all = statuses.filter((status) => counted.has(status));
  const killed = all.filter((status) => found.has(status));
  return { mutants: all.length, percent: Math.round((1000 * killed.length) / all.length) / 10 };
};
