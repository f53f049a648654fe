import { excessOf } from '../../../handler/testing/limiter-bound.ts';
import { sessionFindings } from '../../../handler/testing/session-bound.ts';
import type { TorturePart } from './part.ts';

const seeds = 10_000;
const shownFailures = 10;

/** Sessions and limits in simulated worlds, one a seed, in which clocks, networks and environments fail. */
export const disorderPart: TorturePart = {
  name: 'disorder',
  run: async ({ seed: firstSeed, scale }) => {
    const failures: string[] = [];
    let worstExcessTokens = -Infinity;
    const count = Math.ceil(seeds * scale);
    for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
      const { inAnyInterval, sinceFresh, byAnswers } = await excessOf(seed);
      const excess = Math.max(inAnyInterval, sinceFresh, byAnswers);
      worstExcessTokens = Math.max(worstExcessTokens, excess);
      if (excess > 1e-6) failures.push(`excessOf(${seed}): ${excess} tokens over the bound`);
      const [wrong] = (await sessionFindings(seed)).wrong;
      if (wrong !== undefined) failures.push(`sessionFindings(${seed}): ${wrong}`);
    }
    return {
      cases: 2 * count,
      failed: failures.length,
      detail: failures.slice(0, shownFailures).join('\n'),
      figures: { seeds: count, worstExcessTokens },
    };
  },
};
