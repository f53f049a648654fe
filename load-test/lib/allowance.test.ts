import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allowance, judge, type Sighting } from './allowance.ts';
import type { Limit } from './input.ts';

const member: Limit = { limit: 500, windowSeconds: 60, burst: 600 };

interface Client {
  /** The length of each run; there is a pause of one second between them. */
  readonly boutSeconds: readonly number[];
  readonly perSecond: number;
  readonly latencyMs: number;
  /** The deviation of the limiter: the defect that the test must find. */
  readonly surplusTokens?: number;
  readonly refillFactor?: number;
}

/** A client over its limit, with a token bucket that decides half-way between request and response. */
const boutsOf = (
  { limit, windowSeconds, burst }: Limit,
  { boutSeconds, perSecond, latencyMs, surplusTokens = 0, refillFactor = 1 }: Client,
): Sighting[][] => {
  const perMs = (refillFactor * limit) / (windowSeconds * 1000);
  const size = burst + surplusTokens;
  let tokens = size;
  let sentAtMs = 0;
  const wait = (ms: number): void => {
    sentAtMs += ms;
    tokens = Math.min(size, tokens + ms * perMs);
  };
  return boutSeconds.map((seconds) => {
    const bout = Array.from({ length: seconds * perSecond }, (): Sighting => {
      wait(1000 / perSecond);
      const admitted = tokens >= 1 - 1e-9;
      if (admitted) tokens -= 1;
      return { sentAtMs, endedAtMs: sentAtMs + latencyMs, admitted };
    });
    wait(1000);
    return bout;
  });
};

const overLimit: Client = { boutSeconds: [30, 1, 1], perSecond: 40, latencyMs: 20 };

describe('allowance', () => {
  it('is the burst at first, and grows by the refill in whole requests', () => {
    expect(allowance(member, 0)).toBe(600);
    expect(allowance(member, 119)).toBe(600);
    expect(allowance(member, 120)).toBe(601);
    expect(allowance(member, 60_000)).toBe(1100);
  });

  it('takes no time that runs backwards', () => {
    expect(allowance(member, -5)).toBe(600);
  });
});

describe('judge', () => {
  it('finds an exact limiter exact, at any latency, rate and limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 20, max: 100 }),
        fc.integer({ min: 0, max: 500 }),
        (limit, burst, latencyMs) => {
          const rule = { limit, windowSeconds: 60, burst };
          const bouts = boutsOf(rule, { ...overLimit, latencyMs });
          expect(judge(rule, bouts)).toMatchObject({ exact: true });
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([
    ['gives two requests too many', { surplusTokens: 2 }],
    ['starts with too small a bucket', { surplusTokens: -2 }],
    ['refills a tenth too fast', { refillFactor: 1.1 }],
    ['refills a tenth too slowly', { refillFactor: 0.9 }],
  ])('detects a limiter that %s', (_, fault) => {
    const bouts = boutsOf(member, { ...overLimit, ...fault });
    expect(judge(member, bouts)).toMatchObject({ exact: false });
  });

  it('finds out a limiter that stays shut after its first refusal', () => {
    let shut = false;
    const bouts = boutsOf(member, overLimit).map((bout) =>
      bout.map((sighting): Sighting => {
        shut ||= !sighting.admitted;
        return { ...sighting, admitted: !shut };
      }),
    );
    expect(judge(member, bouts)).toMatchObject({ exact: false });
  });

  it('has no result if a run ended before the client was refused', () => {
    expect(judge(member, boutsOf(member, { ...overLimit, boutSeconds: [5] }))).toBeUndefined();
  });
});
