import { describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { limitOf } from '../../../testing/rate-limit-rules.ts';
import { ConditionNotMet, type Item } from '../dynamodb/dynamodb.ts';
import { bucketReturn, type BucketWrite, bucketWrite, fullAtOf } from './bucket-write.ts';
import { type Bucket, bucketOf } from './token-bucket.ts';

/** One token a second, 20 at most; an epoch is 4 s. */
const bucket: Bucket = bucketOf(limitOf(1, 1, 20));
const second = 1_000_000;
/** On the border of an epoch. */
const start = 1_764_000_000 * second;

const worldOf = (item?: Item) => {
  const table = createFakeDynamoDb({ limits: 'key' });
  if (item) table.putItem('limits', { key: { S: 'k' }, ...item });
  /** The new state in seconds after the start, or the reason of the failure. */
  return async (kind: BucketWrite['kind'], atSeconds: number, tokens = 1): Promise<unknown> => {
    const write = bucketWrite({ kind, bucket, tokens, nowMicros: start + atSeconds * second });
    const input = { TableName: 'limits', Key: { key: { S: 'k' } }, ...write };
    try {
      const written = await table.updateItem(input, { deadlineMs: Infinity });
      return ((fullAtOf(written) ?? NaN) - start) / second;
    } catch (error) {
      if (error instanceof ConditionNotMet) return 'not met';
      throw error;
    }
  };
};
const state = (fullAtSeconds: number, epoch: number): Item => {
  const fullAt = { N: String(start + fullAtSeconds * second) };
  const ordinal = start / bucket.epochMicros + epoch;
  return { full_at: fullAt, [`e${ordinal % 32}`]: fullAt };
};

describe('renew', () => {
  it('creates a new bucket, and takes from one that was used in this epoch', async () => {
    const take = worldOf();
    expect(await take('renew', 1)).toBe(2);
    expect(await take('renew', 1)).toBe(3);
    expect(await take('renew', 3.9, 5)).toBe(8);
  });

  it('does not advance the time of a full bucket until the epoch ends', async () => {
    const take = worldOf();
    expect(await take('renew', 0)).toBe(1);
    expect(await take('renew', 3.999, 11)).toBe(12);
    expect(await take('renew', 3.999, 11)).toBe(23);
    expect(await take('renew', 3.999, 1)).toBe('not met');
  });

  it('counts a bucket that became full before this epoch from now', async () => {
    expect(await worldOf(state(-1, -1))('renew', 1)).toBe(2);
    expect(await worldOf(state(1, -1))('renew', 1)).toBe(2);
    expect(await worldOf(state(-500, -100))('renew', 1)).toBe(2);
  });

  it('fails for a bucket that is not full since an earlier epoch', async () => {
    expect(await worldOf(state(1.1, -1))('renew', 1)).toBe('not met');
  });

  it('fails for one whose last epoch had the same name as this', async () => {
    expect(await worldOf(state(-120, -32))('renew', 1)).toBe('not met');
    expect(await worldOf(state(0, -32))('renew', 1)).toBe(1);
  });
});

describe('add', () => {
  it('takes from a bucket that is not full, to its last token', async () => {
    expect(await worldOf(state(1, -1))('add', 1)).toBe(2);
    expect(await worldOf(state(5, -1))('add', 1, 16)).toBe(21);
    expect(await worldOf(state(5, -1))('add', 1, 17)).toBe('not met');
    expect(await worldOf(state(21, -1))('add', 1)).toBe('not met');
  });

  it('fails for a bucket that is full or missing', async () => {
    expect(await worldOf(state(0.9, 0))('add', 1)).toBe('not met');
    expect(await worldOf()('add', 1)).toBe('not met');
  });
});

describe('restart', () => {
  it('counts a full bucket from now, with any epochs', async () => {
    expect(await worldOf(state(-120, -32))('restart', 1, 3)).toBe(4);
    expect(await worldOf(state(1, 0))('restart', 1)).toBe(2);
    expect(await worldOf()('restart', 1)).toBe(2);
  });

  it('fails for one that is not full', async () => {
    expect(await worldOf(state(1.1, 0))('restart', 1)).toBe('not met');
  });
});

describe('a returned token', () => {
  const giveBack = async (item: Item | undefined, takenAtSeconds: number): Promise<unknown> => {
    const table = createFakeDynamoDb({ limits: 'key' });
    if (item) table.putItem('limits', { key: { S: 'k' }, ...item });
    const update = bucketReturn(bucket, start + takenAtSeconds * second);
    const input = { TableName: 'limits', Key: { key: { S: 'k' } }, ...update };
    try {
      await table.updateItem(input, { deadlineMs: Infinity });
      const { full_at: fullAt, ...epochs } = table.peek('limits', 'k') ?? {};
      expect(Object.entries(epochs).find(([name]) => name !== 'key')?.[1]).toEqual(fullAt);
      return ((fullAtOf(table.peek('limits', 'k')) ?? NaN) - start) / second;
    } catch (error) {
      if (error instanceof ConditionNotMet) return 'not met';
      throw error;
    }
  };

  it('is available again, in the epoch in which it was taken', async () => {
    expect(await giveBack(state(2, 0), 1)).toBe(1);
    expect(await giveBack(state(20, 0), 3.9)).toBe(19);
  });

  it('stays taken once a write of another epoch came after it', async () => {
    expect(await giveBack(state(5, 1), 1)).toBe('not met');
    expect(await giveBack(state(5, 0), 4)).toBe('not met');
    expect(await giveBack(undefined, 1)).toBe('not met');
  });

  it('stays taken if the epoch’s name is in use again', async () => {
    expect(await giveBack(state(129, 32), 1)).toBe('not met');
  });

  it('never moves the bucket before its epoch, even if sent repeatedly', async () => {
    expect(await giveBack(state(0.9, 0), 1)).toBe('not met');
    expect(await giveBack(state(1, 0), 1)).toBe(0);
  });
});

describe('the state', () => {
  it('is read from the item, or undefined', () => {
    expect(fullAtOf({ full_at: { N: '12' } })).toBe(12);
    expect(fullAtOf({ full_at: { S: '12' } })).toBeUndefined();
    expect(fullAtOf(undefined)).toBeUndefined();
  });
});
