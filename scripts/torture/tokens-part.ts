import { rotationUnderLoad } from '../../handler/testing/rotation-under-load.ts';
import { start } from '../../handler/src/index.ts';
import type { TorturePart } from './part.ts';

/** A signing key changes while 10,000 requests go through the overlap. */
export const tokensPart: TorturePart = {
  name: 'tokens',
  run: async ({ seed, scale }) => {
    const requests = Math.ceil(12_000 * scale);
    const outcome = await rotationUnderLoad({ start, requests, seed });
    const { byOldKey, byNewKey, refused, forgedAndTaken, leastSecondsBetweenReads } = outcome;
    const tooSoon = leastSecondsBetweenReads < 60 ? 1 : 0;
    const failed = refused + forgedAndTaken + tooSoon;
    return {
      cases: requests,
      failed,
      detail: failed === 0 ? '' : `SEED=${seed}: ${JSON.stringify(outcome)}`,
      figures: {
        genuine_tokens_by_the_old_key: byOldKey,
        genuine_tokens_by_the_new_key: byNewKey,
        false_401s: refused,
        least_seconds_between_reads_of_the_secret: leastSecondsBetweenReads,
      },
    };
  },
};
