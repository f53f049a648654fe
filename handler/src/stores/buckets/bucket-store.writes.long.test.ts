import { describe, expect, it } from '@jest/globals';
import { type Arrival, simulate } from '../../../testing/limiter-simulation.ts';
import { seededRandom } from '../../../testing/random.ts';
import { limitOf, member, visitor } from '../../../testing/rate-limit-rules.ts';
import { pageLoads, steady } from '../../../testing/traffic.ts';
import type { RateLimitRule } from '../../contract.ts';

interface Counts {
  readonly writes: number;
  readonly requests: number;
  readonly admitted: number;
  readonly refused: number;
}

const count = async (
  bucket: RateLimitRule,
  environments: number,
  seconds: number,
  traffic: (each: Parameters<typeof steady>[1]) => Arrival[],
): Promise<Counts> => {
  const random = seededRandom(environments + seconds);
  const arrivals = traffic({ seconds, environments, random });
  const { outcomes, writes } = await simulate({
    rule: bucket,
    arrivals,
    environments,
    random,
    clockErrorMs: 5,
  });
  const admitted = outcomes.filter(({ decision }) => decision === 'admitted').length;
  return { writes, requests: arrivals.length, admitted, refused: outcomes.length - admitted };
};

describe('the writes of a client within its limit', () => {
  const mixes: [
    string,
    RateLimitRule,
    number,
    (each: Parameters<typeof steady>[1]) => Arrival[],
  ][] = [
    ['a request every half minute', member, 7_200, (each) => steady(1 / 30, each)],
    ['a request a second', member, 300, (each) => steady(1, each)],
    ['half its limit', member, 100, (each) => steady(4, each)],
    ['all but its limit', member, 100, (each) => steady(8, each)],
    ['a page of six a minute', member, 7_200, (each) => pageLoads(60, each)],
    ['a page of six every ten seconds', member, 1_200, (each) => pageLoads(10, each)],
    ['a page of six every two seconds', member, 240, (each) => pageLoads(2, each)],
    ['a visitor’s page of six every ten seconds', visitor, 1_200, (each) => pageLoads(10, each)],
    ['all but a visitor’s limit', visitor, 400, (each) => steady(1.6, each)],
    ['half of 50 a second', limitOf(50, 1, 50), 20, (each) => steady(25, each)],
    ['all but 50 a second', limitOf(50, 1, 50), 20, (each) => steady(48, each)],
  ];
  const cases = mixes.flatMap(([name, bucket, seconds, traffic]) =>
    [1, 6, 20].map((environments) => ({ name, bucket, seconds, traffic, environments })),
  );

  it.each(cases)(
    'are 1.1 a request at most: $name, $environments environments',
    async ({ bucket, seconds, traffic, environments }) => {
      const { writes, requests, admitted } = await count(bucket, environments, seconds, traffic);
      expect(writes / requests).toBeLessThanOrEqual(1.1);
      expect(admitted).toBeGreaterThanOrEqual(requests * 0.99);
    },
  );
});

describe('the writes of a client ten times over its limit', () => {
  it.each([
    ['one environment', member, 83.3, 1, 60],
    ['two environments', member, 83.3, 2, 60],
    ['six environments', member, 83.3, 6, 60],
    ['one environment, slowly', visitor, 16.7, 1, 240],
    ['three environments, slowly', visitor, 16.7, 3, 240],
  ] as const)(
    'are at most 0.02 per refused request: %s',
    async (_, bucket, perSecond, environments, seconds) => {
      const { writes, admitted, refused } = await count(bucket, environments, seconds, (each) =>
        steady(perSecond, each),
      );
      expect((writes - admitted) / refused).toBeLessThanOrEqual(0.02);
      expect(refused).toBeGreaterThan(3_000);
      const due = Math.floor(bucket.burst + (bucket.limit / bucket.windowSeconds) * seconds);
      // Tokens that are refilled during a pause are late: at most an eighth of the bucket.
      expect(admitted).toBeGreaterThanOrEqual(due - bucket.burst / 8);
      expect(admitted).toBeLessThanOrEqual(due + 1);
    },
  );
});

describe('the writes of a hot key', () => {
  it.each([
    ['half its limit', limitOf(2_000, 1, 4_000), 1_000],
    ['its limit', limitOf(1_000, 1, 2_000), 1_000],
    ['twice its limit', limitOf(1_000, 1, 2_000), 2_000],
  ])('stay under 300 a second over 20 environments, at %s', async (_, bucket, perSecond) => {
    const seconds = 5;
    const { writes, admitted, requests } = await count(bucket, 20, seconds, (each) =>
      steady(perSecond, each),
    );
    expect(writes / seconds).toBeLessThan(300);
    const due = Math.min(requests, bucket.burst + bucket.limit * seconds);
    expect(admitted).toBeGreaterThan(due * 0.97);
  });

  it('are one per request if each of 200 environments gets too few requests for a lease', async () => {
    const { writes, requests } = await count(limitOf(2_000, 1, 4_000), 200, 3, (each) =>
      steady(1_000, each),
    );
    expect(writes / requests).toBeLessThanOrEqual(1.1);
  });
});
