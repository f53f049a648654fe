import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { limitOf } from '../../../testing/rate-limit-rules.ts';
import { allow, bucketOf, latestFullAt, microsToToken, refuse, tokensIn } from './token-bucket.ts';

const now = 1_764_000_000_000_000;
const rules = fc
  .record({
    limit: fc.integer({ min: 1, max: 100_000 }),
    windowSeconds: fc.integer({ min: 1, max: 86_400 }),
    burst: fc.integer({ min: 1, max: 100_000 }),
  })
  .map(({ limit, windowSeconds, burst }) => limitOf(limit, windowSeconds, burst));

describe('a token bucket', () => {
  it('counts in whole microseconds, and never gives more tokens than the rule allows', () => {
    fc.assert(
      fc.property(rules, (any) => {
        const { intervalMicros, fillMicros, epochMicros } = bucketOf(any);
        expect([intervalMicros, fillMicros, epochMicros].every(Number.isSafeInteger)).toBe(true);
        expect(intervalMicros * any.limit).toBeGreaterThanOrEqual(any.windowSeconds * 1e6);
        expect((intervalMicros - 1) * any.limit).toBeLessThan(any.windowSeconds * 1e6);
      }),
    );
  });

  it('gives a full bucket exactly its burst', () => {
    fc.assert(
      fc.property(rules, (any) => {
        const bucket = bucketOf(any);
        expect(tokensIn(bucket, now, now)).toBe(any.burst);
        expect(tokensIn(bucket, now - 1, now)).toBe(any.burst);
        expect(latestFullAt(bucket, any.burst, now)).toBe(now);
      }),
    );
  });

  it('has exactly the tokens that can be taken, and one more after its wait', () => {
    fc.assert(
      fc.property(rules, fc.nat(1e12), (any, ahead) => {
        const bucket = bucketOf(any);
        const fullAt = now + Math.min(ahead, bucket.fillMicros);
        const tokens = tokensIn(bucket, fullAt, now);
        if (tokens > 0) expect(fullAt).toBeLessThanOrEqual(latestFullAt(bucket, tokens, now));
        if (tokens < any.burst) {
          expect(fullAt).toBeGreaterThan(latestFullAt(bucket, tokens + 1, now));
        }
        const wait = microsToToken(bucket, fullAt, now);
        expect(wait <= 0).toBe(tokens > 0);
        expect(tokensIn(bucket, fullAt, now + Math.max(0, wait))).toBeGreaterThan(0);
        if (wait > 0) expect(tokensIn(bucket, fullAt, now + wait - 1)).toBe(0);
      }),
    );
  });

  it('has an epoch of ten tokens, at least a quarter of a second and at most a fifth of the bucket', () => {
    expect(bucketOf(limitOf(500, 60, 600)).epochMicros).toBe(1_200_000);
    expect(bucketOf(limitOf(1000, 1, 2000)).epochMicros).toBe(250_000);
    expect(bucketOf(limitOf(100, 10, 20)).epochMicros).toBe(400_000);
    expect(bucketOf(limitOf(5, 60, 5)).epochMicros).toBe(12_000_000);
    expect(bucketOf(limitOf(1, 60, 1)).epochMicros).toBe(60_000_000);
  });
});

describe('a decision of the limiter', () => {
  const bucket = bucketOf(limitOf(10, 1, 5));

  it('has the remaining tokens, including leased ones, and the time of the next token', () => {
    expect(allow(bucket, now + 100_000, 0, now, now)).toMatchObject({
      allowed: true,
      remaining: 4,
      resetSeconds: 1,
    });
    expect(allow(bucket, now + 500_000, 3, now, now)).toMatchObject({ remaining: 3 });
    expect(allow(bucket, now - 100_000, 3, now, now)).toMatchObject({ remaining: 5 });
  });

  it('rounds waits up to whole seconds, at least one', () => {
    const slow = bucketOf(limitOf(1, 60, 2));
    expect(allow(slow, now + 61_500_000, 0, now, now)).toMatchObject({
      remaining: 0,
      resetSeconds: 2,
    });
    const waits = [1, 999_999, 1_000_000, 1_000_001].map((micros) => refuse(micros));
    expect(waits.map(({ resetSeconds }) => resetSeconds)).toEqual([1, 1, 1, 2]);
    expect(refuse(-5)).toEqual({
      allowed: false,
      remaining: 0,
      resetSeconds: 1,
      retryAfterSeconds: 1,
    });
  });
});
