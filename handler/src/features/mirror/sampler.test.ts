import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSampler } from './sampler.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the share of requests that are copied', () => {
  it('is exact to one request after any number of them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 20_000 }),
        fc.array(random, { minLength: 1, maxLength: 50 }),
        (permille, requests, numbers) => {
          let used = 0;
          const isChosen = createSampler(permille, () => numbers[used++ % numbers.length] ?? 0);
          let chosen = 0;
          for (let request = 0; request < requests; request += 1) if (isChosen()) chosen += 1;
          expect(Math.abs(chosen - (requests * permille) / 1_000)).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is not always of the same requests of a pattern', () => {
    const isChosen = createSampler(500, Math.random);
    const chosen = Array.from({ length: 2_000 }, isChosen);
    const even = chosen.filter((each, index) => each && index % 2 === 0).length;
    // 500 of 1,000 are expected; a binomial distribution is this far off once in 10^9 runs.
    expect(Math.abs(even - 500)).toBeLessThan(140);
  });

  it('is the same in environments that end after their first request', () => {
    let chosen = 0;
    for (let index = 0; index < 100; index += 1)
      if (createSampler(100, () => index / 100)()) chosen += 1;
    expect(chosen).toBe(10);
  });
});
