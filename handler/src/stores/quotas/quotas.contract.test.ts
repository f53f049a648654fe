import { beforeEach, describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { createMemoryQuotas } from './memory-quotas.ts';
import type { Quota, Quotas } from './quota.ts';
import { createQuotas } from './quota-store.ts';

const lastMs = Date.UTC(2026, 10, 30) - 1;
const free: Quota = { name: 'free', limit: 30, period: 'day', onStoreFailure: 'deny' };

const inDynamoDb = (now: () => number): Quotas =>
  createQuotas({
    dynamoDb: createFakeDynamoDb({ usage: 'usage_id' }),
    tableName: 'usage',
    now,
  });

describe.each([
  ['DynamoDB', inDynamoDb],
  ['memory', createMemoryQuotas],
])('quotas in %s', (_, create) => {
  let quotas: Quotas;
  let nowMs: number;
  beforeEach(() => {
    nowMs = lastMs;
    quotas = create(() => nowMs);
  });
  const take = (quota = free, caller = 'acme') =>
    quotas.take(caller, quota, { deadlineMs: nowMs + 5_000 });
  const allowedOf = async (requests: number, ...given: Parameters<typeof take>) => {
    const decisions = await Promise.all(Array.from({ length: requests }, () => take(...given)));
    return decisions.filter(({ allowed }) => allowed).length;
  };

  it('allow exactly the limit, and say what is left', async () => {
    expect(await take()).toMatchObject({ allowed: true, remaining: 29 });
    for (let left = 28; left >= 0; left -= 1)
      expect(await take()).toMatchObject({ allowed: true, remaining: left });
    expect(await take()).toMatchObject({ allowed: false, remaining: 0 });
    expect(await take()).toMatchObject({ allowed: false, remaining: 0 });
  });

  it('allow exactly the limit to requests that come at once', async () => {
    expect(await allowedOf(100)).toBe(30);
  });

  it('begin anew at 00:00:00.000 UTC, by day', async () => {
    await allowedOf(40);
    expect(await take()).toMatchObject({ allowed: false, span: { name: '2026-11-29' } });
    nowMs += 1;
    expect(await take()).toMatchObject({
      allowed: true,
      remaining: 29,
      span: { name: '2026-11-30', endMs: Date.UTC(2026, 11, 1) },
    });
  });

  it('begin anew with the month, and not with a day before', async () => {
    const monthly: Quota = { ...free, period: 'month' };
    await allowedOf(40, monthly);
    nowMs += 1;
    expect(await take(monthly)).toMatchObject({ allowed: false, span: { name: '2026-11' } });
    nowMs += 86_400_000;
    expect(await take(monthly)).toMatchObject({ allowed: true, span: { name: '2026-12' } });
  });

  it('count callers and plans apart', async () => {
    await allowedOf(40);
    expect(await allowedOf(40, free, 'globex')).toBe(30);
    expect(await allowedOf(40, { ...free, name: 'pro' })).toBe(30);
    expect(await allowedOf(40)).toBe(0);
  });
});
