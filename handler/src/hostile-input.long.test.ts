import { describe, expect, it } from '@jest/globals';
import { judgeCorpus, judgeGenerated } from '../testing/hostile/judge-events.ts';

const minuteMs = 60_000;

describe('hostile input', () => {
  it(
    'of the corpus neither breaks the gateway nor gets past it',
    async () => {
      const { cases, failures, forwarded } = await judgeCorpus();
      expect(failures).toEqual([]);
      expect(cases).toBeGreaterThanOrEqual(10_000);
      expect(forwarded).toBeGreaterThan(cases / 3); // Most invariants are checked only if a service is called.
    },
    10 * minuteMs,
  );

  it(
    'that is generated neither breaks the gateway nor gets past it',
    async () => {
      const runs = 20_000;
      const { cases, failures, forwarded } = await judgeGenerated({ runs, seed: Date.now() | 0 });
      expect(failures).toEqual([]);
      expect(cases).toBe(runs);
      expect(forwarded).toBeGreaterThan(cases / 3);
    },
    10 * minuteMs,
  );
});
