import { describe, expect, it } from '@jest/globals';
import { limitOf } from '../../../testing/rate-limit-rules.ts';
import { createLocalFailures } from './local-failures.ts';

/** Five free failures, of which one drains in 12 s. */
const local = () => createLocalFailures(limitOf(100, 60, 100));
const freeOf = (times: readonly number[], counted = local()): boolean[] =>
  times.map((seconds) => counted.isFree('address', seconds * 1000));

describe('the failures that an execution environment allows by itself', () => {
  it('are a twentieth of the burst at once', () => {
    expect(freeOf([0, 0, 0, 0, 0, 0, 0])).toEqual([true, true, true, true, true, false, false]);
  });

  it('continue while their rate is at most a twentieth of the limit', () => {
    const everyTwelve = Array.from({ length: 200 }, (_, index) => index * 12);
    expect(freeOf(everyTwelve)).not.toContain(false);
  });

  it('end for an address that continues to fail faster than that', () => {
    const everySecond = Array.from({ length: 600 }, (_, index) => index);
    expect(freeOf(everySecond).filter(Boolean).length).toBeLessThanOrEqual(6);
  });

  it('are available again after a while', () => {
    const counted = local();
    freeOf(
      Array.from({ length: 100 }, () => 0),
      counted,
    );
    expect(freeOf([24, 24], counted)).toEqual([true, false]);
    expect(freeOf([3_600, 3_600, 3_600, 3_600, 3_600, 3_600], counted)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it('are at least one', () => {
    const counted = createLocalFailures(limitOf(1, 60, 1));
    expect([counted.isFree('address', 0), counted.isFree('address', 0)]).toEqual([true, false]);
  });

  it('are counted separately for each address', () => {
    const counted = local();
    freeOf([0, 0, 0, 0, 0, 0], counted);
    expect(counted.isFree('other', 0)).toBe(true);
  });
});
