import { describe, expect, it } from '@jest/globals';
import { member, visitor } from '../../../testing/rate-limit-rules.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { refuse } from '../../stores/buckets/token-bucket.ts';

describe('the rate limit fields', () => {
  it('name the policy and its remaining requests', () => {
    const decision = { allowed: true, remaining: 599, resetSeconds: 1, takenAtMicros: 0 } as const;
    expect(rateLimitHeaders([member], [{ rule: member, decision }])).toEqual({
      'ratelimit-policy': '"member";q=500;w=60',
      ratelimit: '"member";r=599;t=1',
    });
  });

  it('end their window when a refused client may retry', () => {
    expect(
      rateLimitHeaders([member], [{ rule: member, decision: refuse(12_000_000) }]),
    ).toMatchObject({
      ratelimit: '"member";r=0;t=12',
    });
  });

  it('list every policy, and the remaining requests of those that decided', () => {
    expect(
      rateLimitHeaders([visitor, member], [{ rule: member, decision: refuse(1_000_000) }]),
    ).toEqual({
      'ratelimit-policy': '"visitor";q=100;w=60, "member";q=500;w=60',
      ratelimit: '"member";r=0;t=1',
    });
  });

  it('escape a name as structured fields require', () => {
    const named = { ...member, name: 'a "b" \\c' };
    expect(rateLimitHeaders([named], [{ rule: named, decision: refuse(1) }])['ratelimit']).toBe(
      '"a \\"b\\" \\\\c";r=0;t=1',
    );
  });
});
