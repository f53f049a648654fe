import { describe, expect, it } from '@jest/globals';
import { casesOf, report, seedOf } from '../../../testing/effort.ts';
import {
  figuresOf,
  midnightMs,
  quotaFiguresOf,
  simulateQuota,
} from '../../../testing/quota-simulation.ts';
import { seededRandom } from '../../../testing/random.ts';
import { steady } from '../../../testing/traffic.ts';
import { spanOf } from './period.ts';

const firstSeed = seedOf(1);
const seeds = Array.from({ length: casesOf(30, 3_000) }, (_, index) => firstSeed + index);
const quota = { name: 'free', limit: 10_000, period: 'day', onStoreFailure: 'deny' } as const;

describe('quotas over 50 environments with random failures, clocks ± 500 ms', () => {
  it('never allow more than the limit, at the end of a day or month either', async () => {
    let [worstAdmittedOfAllowed, worstMisplacedMs, worstUnusedOfAllowed] = [0, 0, 0];
    let [requests, refused] = [0, 0];
    for (const seed of seeds) {
      const figures = await quotaFiguresOf(seed);
      // A simulation is defined by its seed: `quotaFiguresOf(seed)` repeats it.
      expect({ seed, isBroken: figures.admittedOfAllowed > 1 }).toEqual({ seed, isBroken: false });
      worstAdmittedOfAllowed = Math.max(worstAdmittedOfAllowed, figures.admittedOfAllowed);
      worstMisplacedMs = Math.max(worstMisplacedMs, figures.misplacedMs);
      worstUnusedOfAllowed = Math.max(worstUnusedOfAllowed, figures.unusedOfAllowed);
      requests += figures.requests;
      refused += figures.refused;
    }
    expect(worstAdmittedOfAllowed).toBe(1);
    expect(worstMisplacedMs).toBeLessThanOrEqual(500);
    expect(refused).toBeGreaterThan(1_000);
    expect(requests - refused).toBeGreaterThan(1_000);
    report(seeds.length, { worstAdmittedOfAllowed, worstMisplacedMs, worstUnusedOfAllowed });
  }, 3_600_000);

  it('leave less than one second of steady traffic unused, and write at most 0.3 times a request', async () => {
    const environments = 50;
    const perSecond = 400;
    const arrivals = steady(perSecond, {
      seconds: 30,
      environments,
      random: seededRandom(firstSeed),
    });
    const { outcomes, writes } = await simulateQuota({
      quota,
      environments,
      arrivals,
      seed: firstSeed,
      clockErrorMs: 500,
      startMs: midnightMs + 3_600_000,
    });
    const figures = figuresOf(quota, outcomes, writes);
    expect(figures.admittedOfAllowed).toBeLessThanOrEqual(1);
    expect(figures.unusedOfAllowed * quota.limit).toBeLessThan(perSecond);
    expect(figures.writesPerRequest).toBeLessThan(0.3);
    report(1, {
      writesPerRequest: figures.writesPerRequest,
      unused: figures.unusedOfAllowed * quota.limit,
    });
  });

  it('are found if they allow too much, or count for the wrong day', () => {
    const span = spanOf('day', midnightMs);
    const decision = { allowed: true, remaining: 0, span };
    const outcomes = Array.from({ length: 11 }, () => ({ atMs: midnightMs - 700, decision }));
    expect(figuresOf({ ...quota, limit: 10 }, outcomes, 11)).toMatchObject({
      admittedOfAllowed: 1.1,
      misplacedMs: 700,
    });
  });
});
