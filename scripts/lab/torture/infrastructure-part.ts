import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildWithGo } from '../../stack/command-line/find-go-program.ts';
import { projectFolder, workFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { environmentNames, judgeByCheckov } from './checkov.ts';
import type { TorturePart } from './part.ts';

const mostSkips = 12;

/** Checkov on every environment with the modules it uses, and gitleaks on the files and their history. */
export const infrastructurePart: TorturePart = {
  name: 'infrastructure',
  run: async () => {
    const problems: string[] = [];
    const figures: Record<string, number> = {};
    let cases = 2;
    for (const environment of environmentNames()) {
      const counts = await judgeByCheckov(environment);
      const { passed, failed, skipped, parsingErrors } = counts;
      cases += passed + failed;
      Object.assign(figures, {
        [`${environment}Passed`]: passed,
        [`${environment}Failed`]: failed,
        [`${environment}Skipped`]: skipped,
      });
      if (failed > 0) problems.push(counts.detail);
      if (skipped > mostSkips) problems.push(`${environment}: ${skipped} skips`);
      if (parsingErrors > 0) problems.push(`${environment}: ${parsingErrors} files were not read`);
    }
    for (const source of ['git', 'dir'] as const) {
      const leaks = await leaksIn(source);
      if (leaks !== '') problems.push(leaks);
    }
    return { cases, failed: problems.length, detail: problems.join('\n'), figures };
  },
};

const version = 'v8.30.1';
const folder = join(workFolder, 'bin', `gitleaks-${version}`);
const gitleaks = join(folder, 'gitleaks');

/** Possible secrets in the history (`git`) or in the current files (`dir`). Empty if there are none. */
const leaksIn = async (source: 'git' | 'dir'): Promise<string> => {
  if (!existsSync(gitleaks)) {
    const module = `github.com/zricethezav/gitleaks/v8@${version}`;
    await buildWithGo({ name: 'gitleaks', module, folder, howToGet: 'Install Go.' });
  }
  const { exitCode, stdout, stderr } = await run(
    gitleaks,
    [source, '.', '--no-banner', '--no-color', '--redact', '--verbose'],
    { cwd: projectFolder },
  );
  return exitCode === 0 ? '' : `${stdout}${stderr}`.trim();
};
