import { beforeEach, describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb, type FakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { seededRandom } from '../../../testing/random.ts';
import { member } from '../../../testing/rate-limit-rules.ts';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import { ConditionNotMet, type DynamoDb } from '../dynamodb/dynamodb.ts';
import { type Buckets, createBuckets } from './bucket-store.ts';
import type { RateLimitDecision } from './token-bucket.ts';

const tableName = 'limits';
const startMs = 1_764_000_000_000;

let table: FakeDynamoDb;
let nowMs: number;
const environment = (dynamoDb: DynamoDb = table): Buckets =>
  createBuckets({ dynamoDb, tableName, now: () => nowMs });
const take = (buckets: Buckets, rule = member, key = 'alice'): Promise<RateLimitDecision> =>
  buckets.take(key, rule, { deadlineMs: nowMs + 5_000 });
const takeMany = async (count: number, buckets: Buckets, rule = member): Promise<number> => {
  let allowed = 0;
  for (let request = 0; request < count; request += 1) {
    if ((await take(buckets, rule)).allowed) allowed += 1;
  }
  return allowed;
};

beforeEach(() => {
  table = createFakeDynamoDb({ [tableName]: 'rate_limit_key' });
  nowMs = startMs;
});

describe('buckets', () => {
  it.each([2, 6, 20])('give it exactly its burst over %i environments', async (count) => {
    const environments = Array.from({ length: count }, () => environment());
    let allowed = 0;
    for (let round = 0; round < 1_000; round += 1) {
      for (const buckets of environments) allowed += await takeMany(1, buckets);
    }
    expect(allowed).toBe(member.burst);
  });

  it('need one write per request, whether they are full or not', async () => {
    const buckets = environment();
    await Promise.all(Array.from({ length: 50 }, () => take(buckets)));
    const { writes } = table.calls;
    for (const pauseMs of [2_000, 2_000, 60_000]) {
      nowMs += pauseMs;
      await take(buckets);
    }
    expect(table.calls.writes).toBe(writes + 3);
  });

  it('let items expire a minute after their bucket is full', async () => {
    await take(environment());
    const ttl = Number((table.peek(tableName, 'alice')?.['ttl'] as { N: string }).N);
    expect(ttl).toBe(Math.ceil(startMs / 1000) + 72 + 60);
    table.deleteItem(tableName, 'alice');
    expect(await take(environment())).toMatchObject({ remaining: 599 });
  });

  it('start again if the remembered item no longer exists', async () => {
    const buckets = environment();
    await takeMany(5, buckets);
    table.deleteItem(tableName, 'alice');
    expect(await take(buckets)).toMatchObject({ allowed: true, remaining: 599 });
  });

  it('keep the item small during long use', async () => {
    const buckets = environment();
    for (let request = 0; request < 200; request += 1) {
      nowMs += 1_000;
      await take(buckets);
    }
    const names = Object.keys(table.peek(tableName, 'alice') ?? {});
    expect(names).toHaveLength(4);
    expect(names).toEqual(expect.arrayContaining(['rate_limit_key', 'full_at', 'ttl']));
  });
});

describe('a refused client', () => {
  it.each([
    { limit: 500, windowSeconds: 60, burst: 600 },
    { limit: 5, windowSeconds: 60, burst: 5 },
    { limit: 1, windowSeconds: 7, burst: 1 },
    { limit: 50, windowSeconds: 1, burst: 50 },
  ])('that waits for Retry-After is accepted by every environment: %j', async (numbers) => {
    const rule = { ...member, ...numbers };
    const random = seededRandom(rule.burst);
    const environments = Array.from({ length: 6 }, () => environment());
    const ask = async (): Promise<RateLimitDecision> => {
      const buckets = environments[Math.floor(random() * environments.length)];
      return take(buckets ?? environment(), rule);
    };
    let refusals = 0;
    for (let round = 0; round < 3_000; round += 1) {
      const decision = await ask();
      if (!decision.allowed) {
        refusals += 1;
        const waits = random() < 0.1;
        nowMs += waits ? decision.retryAfterSeconds * 1000 : Math.floor(random() * 300);
        if (waits) expect(await ask()).toMatchObject({ allowed: true });
      }
    }
    expect(refusals).toBeGreaterThan(200);
  });

  it('needs no write until its next token, and does not affect others', async () => {
    const buckets = environment();
    await takeMany(600, buckets);
    const { writes } = table.calls;
    expect(await takeMany(1_000, buckets)).toBe(0);
    expect(table.calls.writes).toBe(writes);
    await take(buckets, member, 'bob');
    expect(table.calls.writes).toBe(writes + 1);
  });
});

describe('concurrent requests in one environment', () => {
  it('share a write, and are counted individually', async () => {
    const buckets = environment();
    const decisions = await Promise.all(Array.from({ length: 100 }, () => take(buckets)));
    expect(decisions.every(({ allowed }) => allowed)).toBe(true);
    expect(table.calls.writes).toBe(2);
    expect(await takeMany(1_000, buckets)).toBe(500);
  });

  it('take tokens for waiting requests, and none for requests that have ended', async () => {
    const buckets = environment();
    await Promise.all(Array.from({ length: 20 }, () => take(buckets)));
    nowMs += 10_000;
    expect(await take(buckets)).toMatchObject({ remaining: 599 });
    expect(await take(environment())).toMatchObject({ remaining: 598 });
  });

  it('get the tokens that another environment left', async () => {
    const rule = { ...member, burst: 10 };
    const other = environment();
    let writes = 0;
    const updateItem: DynamoDb['updateItem'] = async (input, options) => {
      writes += 1;
      if (writes === 2) expect(await takeMany(6, other, rule)).toBe(6);
      return table.updateItem(input, options);
    };
    const buckets = environment({ ...table, updateItem });
    const decisions = await Promise.all(Array.from({ length: 10 }, () => take(buckets, rule)));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(4);
  });

  it('fail together, and the next one calls the store again', async () => {
    let isDown = true;
    const updateItem: DynamoDb['updateItem'] = async (input, options) => {
      if (isDown) throw new StoreUnavailable('down');
      return table.updateItem(input, options);
    };
    const buckets = environment({ ...table, updateItem });
    const outcomes = await Promise.allSettled([take(buckets), take(buckets), take(buckets)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    isDown = false;
    expect(await take(buckets)).toMatchObject({ remaining: 599 });
  });
});

describe('the store', () => {
  const down = (updateItem: DynamoDb['updateItem']): Buckets =>
    environment({ ...table, updateItem });

  it('has a time limit of 1.5 s, within the deadline', async () => {
    const deadlines: number[] = [];
    const buckets = down(async (input, options) => {
      deadlines.push(options.deadlineMs);
      return table.updateItem(input, options);
    });
    await take(buckets);
    await buckets.take('alice', member, { deadlineMs: nowMs + 700 });
    expect(deadlines).toEqual([nowMs + 1_500, nowMs + 700]);
  });

  it('that fails, or responds without a bucket, is unavailable', async () => {
    const failing = down(async () => Promise.reject(new StoreUnavailable('down')));
    await expect(take(failing)).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(take(down(async () => ({})))).rejects.toThrow(
      new StoreUnavailable('The bucket was not written'),
    );
  });

  it('with constant write conflicts results in a refusal after a limited number of calls', async () => {
    let writes = 0;
    const buckets = down(async () => {
      writes += 1;
      throw new ConditionNotMet({ full_at: { N: String(nowMs * 1000) } });
    });
    expect(await take(buckets)).toMatchObject({ allowed: false, retryAfterSeconds: 1 });
    expect(writes).toBe(3);
  });
});
