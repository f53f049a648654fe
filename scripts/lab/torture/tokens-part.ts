import { rotationUnderLoad } from '../../../handler/testing/rotation-under-load.ts';
import { loadStart } from './load-start.ts';
import { jestCases } from './jest-cases.ts';
import type { TorturePart } from './part.ts';

const requests = 12_000;

/** Vectors and forgeries, damage at every bit, and a signing key that changes while requests go through the overlap. */
export const tokensPart: TorturePart = {
  name: 'tokens',
  run: async ({ seed, scale }) => {
    const vectors = await jestCases('unit', 'handler/src/sign-in/session/token.wycheproof.test.ts');
    const forgeries = await jestCases('unit', 'handler/src/sign-in/session/authenticate.test.ts');
    const damage = await jestCases('unit', 'handler/src/sign-in/session/token.test.ts');
    const start = await loadStart();
    const sent = Math.ceil(requests * scale);
    const rotation = await rotationUnderLoad({ start, requests: sent, seed });
    const { byOldKey, byNewKey, refused, forgedAndTaken, leastSecondsBetweenReads } = rotation;
    const tooSoon = leastSecondsBetweenReads < 60 ? 1 : 0;
    const wrong = refused + forgedAndTaken + tooSoon;
    return {
      cases: vectors.cases + forgeries.cases + damage.cases + sent,
      failed: vectors.failed + forgeries.failed + damage.failed + wrong,
      detail: [
        vectors.detail,
        forgeries.detail,
        damage.detail,
        wrong === 0 ? '' : `SEED=${seed}: ${JSON.stringify(rotation)}`,
      ]
        .filter(Boolean)
        .join('\n'),
      figures: {
        wycheproofTests: vectors.cases,
        forgeryTests: forgeries.cases,
        damagedTokenTests: damage.cases,
        rotationRequests: sent,
        genuineByTheOldKey: byOldKey,
        genuineByTheNewKey: byNewKey,
        false401s: refused,
        leastSecondsBetweenReadsOfTheSecret: leastSecondsBetweenReads,
      },
    };
  },
};
