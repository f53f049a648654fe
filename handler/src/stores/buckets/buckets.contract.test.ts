import { beforeEach, describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { seededRandom } from '../../../testing/random.ts';
import { limitOf, member } from '../../../testing/rate-limit-rules.ts';
import { createBuckets, type Buckets } from './bucket-store.ts';
import { createMemoryBuckets } from './memory-buckets.ts';
import type { RateLimitDecision } from './token-bucket.ts';

const startMs = 1_764_000_000_000;

const inDynamoDb = (now: () => number): Buckets => {
  const dynamoDb = createFakeDynamoDb({ limits: 'rate_limit_key' });
  return createBuckets({ dynamoDb, tableName: 'limits', now });
};

describe.each([
  ['DynamoDB', inDynamoDb],
  ['memory', createMemoryBuckets],
])('buckets in %s', (_, create) => {
  let buckets: Buckets;
  let nowMs: number;
  beforeEach(() => {
    nowMs = startMs;
    buckets = create(() => nowMs);
  });
  const options = () => ({ deadlineMs: nowMs + 5_000 });
  const take = (rule = member, key = 'alice'): Promise<RateLimitDecision> =>
    buckets.take(key, rule, options());
  const takeMany = async (count: number, rule = member): Promise<number> => {
    let allowed = 0;
    for (let request = 0; request < count; request += 1) {
      if ((await take(rule)).allowed) allowed += 1;
    }
    return allowed;
  };

  it('give a new client exactly its burst at once, and report the remaining tokens', async () => {
    expect(await take()).toMatchObject({ allowed: true, remaining: 599, resetSeconds: 1 });
    expect(await takeMany(700)).toBe(599);
    expect(await take()).toEqual({
      allowed: false,
      remaining: 0,
      resetSeconds: 1,
      retryAfterSeconds: 1,
    });
  });

  it('give concurrent requests all available tokens, and no more', async () => {
    const rule = { ...member, burst: 30 };
    const decisions = await Promise.all(Array.from({ length: 100 }, () => take(rule)));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(30);
  });

  it('refill by the rule, at most to the burst', async () => {
    await takeMany(601);
    nowMs += 12_000;
    expect(await takeMany(200)).toBe(100);
    nowMs += 3_600_000;
    expect(await takeMany(1_000)).toBe(600);
  });

  it('keep keys apart', async () => {
    const one = { ...member, burst: 1 };
    expect(await take(one)).toMatchObject({ allowed: true });
    expect(await take(one, 'bob')).toMatchObject({ allowed: true });
    expect(await take(one)).toMatchObject({ allowed: false });
  });

  it.each([limitOf(500, 60, 600), limitOf(5, 60, 5), limitOf(1, 7, 1), limitOf(50, 1, 50)])(
    'accept a refused client that waits for Retry-After: $limit in $windowSeconds s',
    async (rule) => {
      const random = seededRandom(rule.burst);
      let refusals = 0;
      for (let round = 0; round < 2_000; round += 1) {
        const decision = await take(rule);
        if (decision.allowed) continue;
        refusals += 1;
        const waits = random() < 0.1;
        nowMs += waits ? decision.retryAfterSeconds * 1000 : Math.floor(random() * 300);
        if (waits) expect(await take(rule)).toMatchObject({ allowed: true });
      }
      expect(refusals).toBeGreaterThan(100);
    },
  );

  it('know a refusal without taking a token, until there is one again', async () => {
    const rule = limitOf(60, 60, 2);
    expect(buckets.knownRefusal('alice', rule)).toBeUndefined();
    await takeMany(3, rule);
    expect(buckets.knownRefusal('alice', rule)).toMatchObject({ retryAfterSeconds: 1 });
    nowMs += 1_000;
    expect(buckets.knownRefusal('alice', rule)).toBeUndefined();
    expect(await takeMany(2, rule)).toBe(1);
  });

  it('take back a token that was not used', async () => {
    const rule = limitOf(60, 60, 3);
    const taken = await take(rule);
    await takeMany(2, rule);
    if (!taken.allowed) throw new Error('The first request was refused');
    await buckets.giveBack('alice', rule, taken, options());
    expect(await takeMany(3, rule)).toBe(1);
  });

  it('take back no token that has been refilled since', async () => {
    const rule = limitOf(60, 60, 3);
    const taken = await take(rule);
    nowMs += 10_000;
    await take(rule);
    if (!taken.allowed) throw new Error('The first request was refused');
    await buckets.giveBack('alice', rule, taken, options());
    expect(await takeMany(5, rule)).toBe(2);
  });

  it('count on if the clock goes back', async () => {
    const rule = limitOf(60, 60, 3);
    await takeMany(2, rule);
    nowMs -= 1_500;
    expect(await takeMany(5, rule)).toBeLessThanOrEqual(1);
  });
});
