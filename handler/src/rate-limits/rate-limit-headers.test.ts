import { describe, expect, it } from '@jest/globals';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { refuse } from './token-bucket.ts';

const rule = {
  name: 'member',
  per: 'user',
  limit: 500,
  windowSeconds: 60,
  burst: 600,
  onStoreFailure: 'allow',
  mode: 'enforce',
} as const;

describe('the rate limit fields', () => {
  it('name the policy, and what is left of it', () => {
    expect(rateLimitHeaders(rule, { allowed: true, remaining: 599, resetSeconds: 1 })).toEqual({
      'ratelimit-policy': '"member";q=500;w=60',
      ratelimit: '"member";r=599;t=1',
    });
  });

  it('end their window when a refused client may come back', () => {
    expect(rateLimitHeaders(rule, refuse(12_000_000))).toMatchObject({
      ratelimit: '"member";r=0;t=12',
    });
  });

  it('escape a name as structured fields want it', () => {
    const named = { ...rule, name: 'a "b" \\c' };
    expect(rateLimitHeaders(named, refuse(1))['ratelimit']).toBe('"a \\"b\\" \\\\c";r=0;t=1');
  });
});
