import { describe, expect, it } from '@jest/globals';
import { createDemand } from './demand.ts';

const start = 1_764_000_000_000_000;
const perSecondAfter = (timesMs: readonly number[]): number => {
  const demand = createDemand();
  return timesMs.reduce((_, atMs) => demand.note(start + atMs * 1000), 0);
};
const every = (stepMs: number, untilMs: number): number[] =>
  Array.from({ length: Math.floor(untilMs / stepMs) }, (_, index) => index * stepMs);

describe('demand', () => {
  it.each([5, 20, 50, 500])('measures a constant rate of %i per second', (perSecond) => {
    expect(perSecondAfter(every(1000 / perSecond, 5_000))).toBeGreaterThan(perSecond - 1.01);
    expect(perSecondAfter(every(1000 / perSecond, 5_500))).toBeLessThan(perSecond + 1.01);
  });

  it('decreases to zero within two seconds', () => {
    expect(perSecondAfter([...every(10, 1_000), 1_500])).toBeCloseTo(51);
    expect(perSecondAfter([...every(10, 1_000), 2_000])).toBe(1);
    expect(perSecondAfter([...every(10, 1_000), 60_000])).toBe(1);
  });

  it('counts simultaneous requests, and those between two seconds', () => {
    expect(perSecondAfter([0, 0])).toBe(2);
    expect(perSecondAfter([...every(10, 1_000), 1_000, 1_500])).toBeCloseTo(52);
    expect(perSecondAfter([...every(10, 1_000), 2_000, 2_500])).toBe(2);
  });

  it('starts again when the clock is set back', () => {
    expect(perSecondAfter([...every(10, 1_000), -5_000])).toBe(1);
  });
});
