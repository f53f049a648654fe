import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { createIdempotencyStore } from './dynamodb-idempotency.ts';
import type { FirstRequest, IdempotencyStore } from './idempotency-store.ts';
import { createMemoryIdempotency } from './memory-idempotency.ts';

const startMs = 1_800_000_000_000;
const tables = { keys: 'idempotency_key' };

const response = {
  statusCode: 201,
  headers: { 'content-type': 'application/json' },
  cookies: ['a=1'],
  body: Buffer.from([0, 255, 10, 123]),
};

const request = (requestId: string, changes: Partial<FirstRequest> = {}): FirstRequest => ({
  requestId,
  fingerprint: 'same',
  leaseEndsAtMs: startMs + 10_000,
  endsAtMs: startMs + 60_000,
  ...changes,
});

type Open = (now: () => number) => IdempotencyStore;

const stores: ReadonlyArray<readonly [string, Open]> = [
  [
    'DynamoDB',
    (now) =>
      createIdempotencyStore({ dynamoDb: createFakeDynamoDb(tables), tableName: 'keys', now }),
  ],
  ['memory', createMemoryIdempotency],
];

describe.each(stores)('idempotency keys in %s', (_, openStore) => {
  const open = () => {
    const world = { nowMs: startMs };
    return Object.assign(world, { store: openStore(() => world.nowMs) });
  };

  it('belong to the first request, until it is known how it ended', async () => {
    const { store } = open();
    expect(await store.begin('key', request('one'), startMs)).toBeUndefined();
    expect(await store.begin('key', request('two'), startMs)).toMatchObject({
      fingerprint: 'same',
      leaseEndsAtMs: startMs + 10_000,
      response: undefined,
    });
    expect(await store.begin('other', request('two'), startMs)).toBeUndefined();
  });

  it('have the bytes, headers and cookies of the response', async () => {
    const { store } = open();
    await store.begin('key', request('one'), startMs);
    await store.finish('key', 'one', response, startMs);
    const earlier = await store.begin('key', request('two'), startMs);
    expect(earlier?.response).toEqual(response);
    expect(earlier?.leaseEndsAtMs).toBeUndefined();
  });

  it('are free again after a release, but not after that of another request', async () => {
    const world = open();
    await world.store.begin('key', request('one'), startMs);
    await world.store.release('key', 'other', startMs);
    expect(await world.store.begin('key', request('two'), startMs)).toBeDefined();
    await world.store.release('key', 'one', startMs);
    expect(await world.store.begin('key', request('two'), startMs)).toBeUndefined();
  });

  it('are forgotten at their end, with the response', async () => {
    const world = open();
    await world.store.begin('key', request('one'), startMs);
    await world.store.finish('key', 'one', response, startMs);
    world.nowMs = startMs + 60_000;
    const next = { endsAtMs: startMs + 120_000 };
    expect(await world.store.begin('key', request('two', next), startMs)).toBeUndefined();
    const earlier = await world.store.begin('key', request('three', next), startMs);
    expect(earlier).toMatchObject({ response: undefined });
  });

  it('keep the response of their own request alone', async () => {
    const world = open();
    await world.store.begin('key', request('one'), startMs);
    world.nowMs = startMs + 60_000;
    const next = { endsAtMs: startMs + 120_000 };
    await world.store.begin('key', request('two', next), startMs);
    await world.store.finish('key', 'one', response, startMs);
    const earlier = await world.store.begin('key', request('three', next), startMs);
    expect(earlier).toMatchObject({ response: undefined });
  });
});

describe('the table of idempotency keys', () => {
  const open = () => {
    const dynamoDb = createFakeDynamoDb(tables);
    return {
      dynamoDb,
      store: createIdempotencyStore({ dynamoDb, tableName: 'keys', now: () => startMs }),
    };
  };

  it('lets a request begin whose first write was repeated because its response was lost', async () => {
    const { store } = open();
    await store.begin('key', request('one'), startMs);
    expect(await store.begin('key', request('one'), startMs)).toBeUndefined();
  });

  it('keeps no response above the largest size of an item, but its end', async () => {
    const { dynamoDb, store } = open();
    await store.begin('key', request('one'), startMs);
    const body = randomBytes(300_000);
    await store.finish('key', 'one', { ...response, body }, startMs);
    expect(await store.begin('key', request('two'), startMs)).toMatchObject({
      response: undefined,
      leaseEndsAtMs: undefined,
    });
    expect(dynamoDb.peek('keys', 'key')).not.toHaveProperty('response_body');
  });

  it('has times in seconds for the deletion of its items', async () => {
    const { dynamoDb, store } = open();
    await store.begin('key', request('one', { endsAtMs: startMs + 1 }), startMs);
    expect(dynamoDb.peek('keys', 'key')?.['ttl']).toEqual({ N: String(startMs / 1_000 + 1) });
  });
});
