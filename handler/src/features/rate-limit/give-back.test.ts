import { beforeEach, describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb, type FakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { member } from '../../../testing/rate-limit-rules.ts';
import type { CallOptions } from '../../aws/aws-call.ts';
import type { DynamoDb, UpdateItem } from '../../stores/dynamodb/dynamodb.ts';
import { type Buckets, createBuckets } from '../../stores/buckets/bucket-store.ts';
import {
  createKeyMemory,
  lease,
  noteTaken,
  returnToLease,
} from '../../stores/buckets/key-memory.ts';
import {
  type Allowed,
  bucketOf,
  type RateLimitDecision,
} from '../../stores/buckets/token-bucket.ts';

const tableName = 'limits';
const rule = { ...member, burst: 3 };
const startMs = 1_764_000_000_000;

let table: FakeDynamoDb;
let nowMs: number;
let sent: Array<{ readonly input: UpdateItem; readonly options: CallOptions }>;
let buckets: Buckets;

const options = () => ({ deadlineMs: nowMs + 5_000 });
const take = (): Promise<RateLimitDecision> => buckets.take('alice', rule, options());
const taken = async (): Promise<Allowed> => {
  const decision = await take();
  if (!decision.allowed) throw new Error('refused');
  return decision;
};
const giveBack = (token: Allowed) => buckets.giveBack('alice', rule, token, options());

beforeEach(() => {
  table = createFakeDynamoDb({ [tableName]: 'rate_limit_key' });
  nowMs = startMs;
  sent = [];
  const dynamoDb: DynamoDb = {
    ...table,
    updateItem: (input, callOptions) => {
      sent.push({ input, options: callOptions });
      return table.updateItem(input, callOptions);
    },
  };
  buckets = createBuckets({ dynamoDb, tableName, now: () => nowMs });
});

describe('a token that is returned', () => {
  it('is available again, and no other token', async () => {
    const first = await taken();
    await taken();
    await taken();
    expect(await take()).toMatchObject({ allowed: false });
    await giveBack(first);
    expect(await take()).toMatchObject({ allowed: true });
    expect(await take()).toMatchObject({ allowed: false });
  });

  it('is written once to its own key and table, within the limiter’s time limit', async () => {
    const token = await taken();
    nowMs += 100;
    await giveBack(token);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toMatchObject({
      input: { TableName: tableName, Key: { rate_limit_key: { S: 'alice' } } },
      options: { once: true, deadlineMs: nowMs + 1_500 },
    });
    await buckets.giveBack('alice', rule, token, { deadlineMs: nowMs + 10 });
    expect(sent[2]?.options.deadlineMs).toBe(nowMs + 10);
  });

  it('stays taken once two seconds have passed', async () => {
    const token = await taken();
    nowMs += 2_000;
    await giveBack(token);
    expect(sent).toHaveLength(2);
    nowMs += 1;
    await giveBack(token);
    expect(sent).toHaveLength(2);
  });

  it('stays taken without an error when the table cannot be written', async () => {
    const token = await taken();
    table.updateItem = () => Promise.reject(new Error('down'));
    await expect(giveBack(token)).resolves.toBeUndefined();
  });
});

describe('a leased token that is returned', () => {
  const bucket = bucketOf(member);
  const atMicros = startMs * 1_000;
  const leased = (tokens: number) => {
    const memory = createKeyMemory();
    const decision = noteTaken(memory, bucket, tokens, atMicros);
    if (!decision.allowed) throw new Error('refused');
    return { memory, decision };
  };

  it('goes back to its lease until the lease ends', () => {
    const { memory, decision } = leased(5);
    expect(returnToLease(memory, decision, atMicros + lease.lifeMicros - 1)).toBe(true);
    expect(memory.leased).toBe(5);
    expect(returnToLease(memory, decision, atMicros + lease.lifeMicros)).toBe(false);
    expect(memory.leased).toBe(5);
  });

  it('does not go back to a used lease, or to another one', () => {
    const { memory, decision } = leased(1);
    expect(returnToLease(memory, decision, atMicros + 1)).toBe(false);
    const { memory: other } = leased(5);
    const later = { ...decision, takenAtMicros: atMicros + 1 };
    expect(returnToLease(other, later, atMicros + 2)).toBe(false);
    expect(other.leased).toBe(4);
  });
});
