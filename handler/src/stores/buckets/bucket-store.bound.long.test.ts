import { describe, expect, it } from '@jest/globals';
import { casesOf, report, seedOf } from '../../../testing/effort.ts';
import { excessOf, judge } from '../../../testing/limiter-bound.ts';

const firstSeed = seedOf(1);
const seeds = Array.from({ length: casesOf(300, 10_000) }, (_, index) => firstSeed + index);
const rule = {
  name: 'rule',
  per: ['caller'],
  limit: 10,
  windowSeconds: 1,
  burst: 20,
  onStoreFailure: 'deny',
  mode: 'enforce',
} as const;

describe('buckets with random failures and clocks', () => {
  it('never accept more than the bound, in hundreds of simulations', async () => {
    let worstExcessTokens = -Infinity;
    let refused = 0;
    let givenBack = 0;
    for (const seed of seeds) {
      const excess = await excessOf(seed);
      refused += excess.refused;
      givenBack += excess.givenBack;
      const worst = Math.max(excess.inAnyInterval, excess.sinceFresh, excess.byDecisions);
      worstExcessTokens = Math.max(worstExcessTokens, worst);
      // A simulation is defined by its seed: `excessOf(seed)` repeats it.
      expect({ seed, ...(worst > 1e-6 && excess) }).toEqual({ seed });
    }
    expect(refused).toBeGreaterThan(1_000);
    expect(givenBack).toBeGreaterThan(1_000);
    report(seeds.length, { worstExcessTokens });
  }, 3_600_000);

  it('are found if they exceed the bound', () => {
    const admitted = (count: number, stepMs: number): number[] =>
      Array.from({ length: count }, (_, index) => index * stepMs);
    // 20 at once, 15 for clocks and lease, and an epoch of 4 if the bucket was not new.
    expect(judge(rule, 500, admitted(35, 0)).sinceFresh).toBeCloseTo(0);
    expect(judge(rule, 500, admitted(36, 0)).sinceFresh).toBeCloseTo(1);
    expect(judge(rule, 500, [0, ...admitted(38, 0).map(() => 60_000)]).inAnyInterval).toBeCloseTo(
      0,
    );
    expect(judge(rule, 500, admitted(200, 90)).sinceFresh).toBeLessThan(0);
    expect(judge(rule, 500, admitted(300, 90)).inAnyInterval).toBeLessThan(0);
    expect(judge(rule, 500, admitted(300, 80)).inAnyInterval).toBeGreaterThan(10);
  });
});
