import { verifyDamagedTokens } from '../../../handler/testing/damaged-tokens.ts';
import { rotationUnderLoad } from '../../../handler/testing/rotation-under-load.ts';
import { loadStart } from './load-start.ts';
import { jestCases } from './jest-cases.ts';
import type { TorturePart } from './part.ts';

const damagedTokens = 100;
const requests = 12_000;

/** Vectors and forgeries, damage at every bit, and a signing key that changes while requests go through the overlap. */
export const tokensPart: TorturePart = {
  name: 'tokens',
  run: async ({ seed, scale }) => {
    const vectors = await jestCases('unit', 'handler/src/sign-in/session/token.wycheproof.test.ts');
    const forgeries = await jestCases('unit', 'handler/src/sign-in/session/authenticate.test.ts');
    const { damaged, taken } = await verifyDamagedTokens(Math.ceil(damagedTokens * scale), seed);
    const start = await loadStart();
    const sent = Math.ceil(requests * scale);
    const rotation = await rotationUnderLoad({ start, requests: sent, seed });
    const { byOldKey, byNewKey, refused, forgedAndTaken, leastSecondsBetweenReads } = rotation;
    const tooSoon = leastSecondsBetweenReads < 60 ? 1 : 0;
    const wrong = refused + forgedAndTaken + tooSoon;
    return {
      cases: vectors.cases + forgeries.cases + damaged + sent,
      failed: vectors.failed + forgeries.failed + taken.length + wrong,
      detail: [
        vectors.detail,
        forgeries.detail,
        ...taken.slice(0, 10),
        wrong === 0 ? '' : `SEED=${seed}: ${JSON.stringify(rotation)}`,
      ]
        .filter(Boolean)
        .join('\n'),
      figures: {
        wycheproofTests: vectors.cases,
        forgeryTests: forgeries.cases,
        damagedTokens: damaged,
        rotationRequests: sent,
        genuineByTheOldKey: byOldKey,
        genuineByTheNewKey: byNewKey,
        false401s: refused,
        leastSecondsBetweenReadsOfTheSecret: leastSecondsBetweenReads,
      },
    };
  },
};
