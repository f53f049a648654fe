import { describe, expect, it } from '@jest/globals';
import { limitNamedBy } from './rate-limit-policy.ts';

const member = { limit: 500, windowSeconds: 60, burst: 600 };
const limits = { member };

describe('limitNamedBy', () => {
  it('finds the limit by its name', () => {
    expect(limitNamedBy('"member";q=500;w=60', limits)).toBe(member);
    expect(limitNamedBy('"member"; q=500; w=60; pk=:abc:', limits)).toBe(member);
  });

  it.each([
    ['another limit', '"visitor";q=500;w=60'],
    ['another number of requests', '"member";q=50;w=60'],
    ['another window', '"member";q=500;w=1'],
    ['no figures', '"member"'],
    ['no policy', undefined],
  ])('finds none for %s', (_, policy) => {
    expect(limitNamedBy(policy, limits)).toBeUndefined();
  });
});
