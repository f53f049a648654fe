import { environmentNames, judgeByCheckov } from '../audit/checkov.ts';
import { leaksIn } from '../audit/gitleaks.ts';
import type { TorturePart } from './part.ts';

const mostSkips = 12;

/** Checkov on every environment with the modules it uses, and gitleaks on the files and their history. */
export const infrastructurePart: TorturePart = {
  name: 'infrastructure',
  run: async () => {
    const faults: string[] = [];
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
      if (failed > 0) faults.push(counts.detail);
      if (skipped > mostSkips) faults.push(`${environment}: ${skipped} skips`);
      if (parsingErrors > 0) faults.push(`${environment}: ${parsingErrors} files were not read`);
    }
    for (const source of ['git', 'dir'] as const) {
      const leaks = await leaksIn(source);
      if (leaks !== '') faults.push(leaks);
    }
    return { cases, failed: faults.length, detail: faults.join('\n'), figures };
  },
};
