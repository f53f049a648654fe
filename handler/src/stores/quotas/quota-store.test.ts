import { describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import type { DynamoDb } from '../dynamodb/dynamodb.ts';
import type { Quota } from './quota.ts';
import { createQuotas } from './quota-store.ts';

const startMs = Date.UTC(2026, 10, 29, 12);
const free: Quota = { name: 'free', limit: 1_000, period: 'day', onStoreFailure: 'deny' };

/** Execution environments with one table and one clock. */
const world = (environments = 1) => {
  const table = createFakeDynamoDb({ usage: 'usage_id' });
  const clock = { nowMs: startMs };
  const sent: Array<{ readonly deadlineMs: number }> = [];
  const dynamoDb: Pick<DynamoDb, 'updateItem'> = {
    updateItem: (input, options) => {
      sent.push(options);
      return table.updateItem(input, options);
    },
  };
  const all = Array.from({ length: environments }, () =>
    createQuotas({ dynamoDb, tableName: 'usage', now: () => clock.nowMs }),
  );
  const take = (environment = 0, quota = free, caller = 'acme') => {
    const quotas = all[environment];
    if (quotas === undefined) throw new RangeError('No such environment');
    return quotas.take(caller, quota, { deadlineMs: clock.nowMs + 5_000 });
  };
  return { table, clock, sent, take };
};

describe('quotas in DynamoDB', () => {
  it('write once for each request of a caller that comes rarely', async () => {
    const { table, clock, take } = world();
    for (let request = 0; request < 20; request += 1) {
      await take();
      clock.nowMs += 2_000;
    }
    expect(table.calls).toEqual({ reads: 0, writes: 20 });
    expect(table.peek('usage', '2026-11-29#free#acme')).toEqual({
      usage_id: { S: '2026-11-29#free#acme' },
      used: { N: '20' },
      ttl: { N: String(Date.UTC(2026, 10, 30) / 1_000 + 400 * 86_400) },
    });
  });

  it('write at most 0.3 times a request of a caller with 1,000 requests over 20 environments', async () => {
    const { table, clock, take } = world(20);
    for (let request = 0; request < 1_000; request += 1) {
      await take(request % 20, { ...free, limit: 100_000 });
      clock.nowMs += 8;
    }
    expect(table.calls.writes).toBeLessThanOrEqual(300);
    expect(table.calls.reads).toBe(0);
  });

  it('reserve no more than a 128th of what is left, so that a small quota is exact', async () => {
    const { table, take } = world();
    const usedOf = () =>
      Number((table.peek('usage', '2026-11-29#free#acme')?.['used'] as { N: string }).N);
    for (let request = 1; request <= 255; request += 1) {
      await take(0, { ...free, limit: 255 });
      expect(usedOf()).toBe(request);
    }
    expect(table.calls.writes).toBe(255);
  });

  it('refuse without a write once a quota is used up, in each environment after one', async () => {
    const { table, take } = world(2);
    const small = { ...free, limit: 3 };
    for (let request = 0; request < 3; request += 1) await take(0, small);
    for (let request = 0; request < 50; request += 1) {
      expect(await take(0, small)).toMatchObject({ allowed: false });
      expect(await take(1, small)).toMatchObject({ allowed: false });
    }
    expect(table.calls.writes).toBe(4);
  });

  it('use the last request when a block is larger than what is left', async () => {
    const { table, take } = world(2);
    const quota = { ...free, limit: 512 };
    for (let request = 0; request < 100; request += 1) await take(0, quota);
    // Others have used all but one since.
    table.putItem('usage', { usage_id: { S: '2026-11-29#free#acme' }, used: { N: '511' } });
    let allowed = 0;
    for (let request = 0; request < 10; request += 1)
      if ((await take(0, quota)).allowed) allowed += 1;
    expect(allowed).toBeGreaterThanOrEqual(1);
    expect(table.peek('usage', '2026-11-29#free#acme')).toMatchObject({ used: { N: '512' } });
  });

  it('drop the block of a day that is over', async () => {
    const { table, clock, take } = world();
    const quota = { ...free, limit: 100_000 };
    for (let request = 0; request < 50; request += 1) await take(0, quota);
    clock.nowMs = Date.UTC(2026, 10, 30);
    expect(await take(0, quota)).toMatchObject({ allowed: true });
    expect(table.peek('usage', '2026-11-30#free#acme')).toMatchObject({
      used: { N: expect.any(String) },
    });
  });

  it('admit none above a limit that was lowered', async () => {
    const { table, take } = world();
    table.putItem('usage', { usage_id: { S: '2026-11-29#free#acme' }, used: { N: '5000' } });
    expect(await take()).toMatchObject({ allowed: false, remaining: 0 });
  });

  it('fail as unavailable, within 1.5 s, if the table fails or has an item that is none', async () => {
    const { table, clock, sent, take } = world();
    table.putItem('usage', { usage_id: { S: '2026-11-29#free#acme' }, used: { S: 'many' } });
    await expect(take()).rejects.toThrow(StoreUnavailable);
    expect(sent).toEqual([{ deadlineMs: clock.nowMs + 1_500 }]);
    table.updateItem = () => Promise.reject(new StoreUnavailable('down'));
    await expect(take()).rejects.toThrow('down');
  });

  it('keep the key of a long caller below the limit of DynamoDB', async () => {
    const { table, take } = world();
    await take(0, free, 'x'.repeat(3_000));
    expect(table.peek('usage', `2026-11-29#free#${'x'.repeat(3_000)}`)).toBeUndefined();
    expect(table.calls.writes).toBe(1);
  });
});
