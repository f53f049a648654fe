import { describe, expect, it } from '@jest/globals';
import { casesOf, report, seedOf } from '../testing/effort.ts';
import { judgeCorpus, judgeGenerated } from '../testing/hostile/judge-events.ts';

const minuteMs = 60_000;

/** Memory grows with the length of a run; the next one has a new gateway. */
const mostRuns = 25_000;

describe('hostile input', () => {
  it(
    'of the corpus neither breaks the gateway nor gets past it',
    async () => {
      const { cases, failures, forwarded } = await judgeCorpus();
      expect(failures).toEqual([]);
      expect(cases).toBeGreaterThanOrEqual(10_000);
      expect(forwarded).toBeGreaterThan(cases / 3); // Most invariants are checked only if a service is called.
      report(cases);
    },
    10 * minuteMs,
  );

  it(
    'that is generated neither breaks the gateway nor gets past it',
    async () => {
      const wanted = casesOf(20_000, 1_000_000);
      let seed = seedOf(Date.now()) | 0;
      let [forwarded, longestMs] = [0, 0];
      for (let left = wanted; left > 0; left -= mostRuns, seed += 1) {
        const runs = Math.min(left, mostRuns);
        const judged = await judgeGenerated({ runs, seed });
        expect(judged).toMatchObject({ failures: [], cases: runs });
        forwarded += judged.forwarded;
        longestMs = Math.max(longestMs, Math.round(judged.longestMs));
      }
      expect(forwarded).toBeGreaterThan(wanted / 3);
      report(wanted, { forwarded, longestMs });
    },
    120 * minuteMs,
  );
});
