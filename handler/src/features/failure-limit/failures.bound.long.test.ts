import { describe, expect, it } from '@jest/globals';
import { simulate } from '../../../testing/limiter-simulation.ts';
import { seededRandom } from '../../../testing/random.ts';
import { limitOf } from '../../../testing/rate-limit-rules.ts';
import { steady } from '../../../testing/traffic.ts';

const rule = { ...limitOf(100, 60, 100), name: 'failure_limit', per: ['ip'] } as const;
const seconds = 600;

/** The total free failures of an address and the writes for it, for a rate of failures and a number of environments. */
const fail = async (perSecond: number, environments: number) => {
  const random = seededRandom(environments);
  const arrivals = steady(perSecond, { seconds, environments, random });
  const { outcomes, writes } = await simulate({
    rule,
    arrivals,
    environments,
    random,
    clockErrorMs: 5,
    areFailures: true,
  });
  const admitted = outcomes.filter(({ decision }) => decision === 'admitted').length;
  return { failures: arrivals.length, admitted, writes };
};

const shared = rule.burst + (rule.limit / rule.windowSeconds) * seconds;

describe('the failures of an address over ten minutes', () => {
  it.each([
    [1, 50, 1.01, 0.05],
    [6, 50, 1.03, 0.07],
    [50, 50, 1.35, 0.4],
  ])(
    'over %i environments, at %i a second: admitted ÷ allowed is %d at most, writes a failure %d',
    async (environments, perSecond, mostAdmitted, mostWrites) => {
      const { failures, admitted, writes } = await fail(perSecond, environments);
      expect(admitted / shared).toBeLessThanOrEqual(mostAdmitted);
      expect(admitted / shared).toBeGreaterThan(0.9);
      expect(writes / failures).toBeLessThanOrEqual(mostWrites);
    },
  );

  it.each([1, 6, 50])(
    'never exceed the shared bound and a twentieth of it for each of %i environments',
    async (environments) => {
      const free = rule.burst / 20 + (rule.limit / 20 / rule.windowSeconds) * seconds;
      for (const perSecond of [environments / 14, environments / 12, environments / 10, 10]) {
        const { admitted } = await fail(perSecond, environments);
        expect(admitted).toBeLessThanOrEqual(shared + environments * (free + 1));
      }
    },
  );
});
