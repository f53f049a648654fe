import { describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { createIssuerKeyStore } from './dynamodb-issuer-keys.ts';
import type { Claim, IssuerKeyStore } from './issuer-key-store.ts';
import { createMemoryIssuerKeys } from './memory-issuer-keys.ts';

const tableName = 'rate-limits';
const nowMs = 1_800_000_000_000;
const deadlineMs = nowMs + 1_000;
const keys = { json: '{"keys":[]}', readAtMs: nowMs };
const claimAt = (atMs: number, reason: Claim['reason'] = 'refresh'): Claim => ({
  reason,
  atMs,
  afterMs: atMs - 60_000,
});

describe.each<[string, () => IssuerKeyStore]>([
  [
    'DynamoDB',
    () =>
      createIssuerKeyStore({
        dynamoDb: createFakeDynamoDb({ [tableName]: 'rate_limit_key' }),
        tableName,
      }),
  ],
  ['memory', createMemoryIssuerKeys],
])('the keys of issuers in %s', (_, open) => {
  it('are found as they were kept, each issuer with its own', async () => {
    const store = open();
    expect(await store.find('one', deadlineMs)).toBeUndefined();
    expect(await store.keep('one', keys, deadlineMs)).toEqual(keys);
    expect(await store.find('one', deadlineMs)).toEqual({ keys, claimedAtMs: {} });
    expect(await store.find('other', deadlineMs)).toBeUndefined();
  });

  it('can be claimed by one of those who claim within a minute, for each reason', async () => {
    const store = open();
    const claims = [0, 1, 59_999, 60_000].map((later) => claimAt(nowMs + later));
    const outcomes: boolean[] = [];
    for (const claim of claims) outcomes.push(await store.claim('one', claim, deadlineMs));
    expect(outcomes).toEqual([true, false, false, true]);
    expect(await store.claim('one', claimAt(nowMs, 'search'), deadlineMs)).toBe(true);
    expect(await store.find('one', deadlineMs)).toEqual({
      keys: undefined,
      claimedAtMs: { refresh: nowMs + 60_000, search: nowMs },
    });
  });

  it('outlast a claim', async () => {
    const store = open();
    await store.keep('one', keys, deadlineMs);
    await store.claim('one', claimAt(nowMs), deadlineMs);
    expect(await store.find('one', deadlineMs)).toMatchObject({ keys });
  });
});

describe('the item of an issuer in DynamoDB', () => {
  it('expires after two days, and has a key that no bucket has', async () => {
    const dynamoDb = createFakeDynamoDb({ [tableName]: 'rate_limit_key' });
    await createIssuerKeyStore({ dynamoDb, tableName }).keep('one', keys, deadlineMs);
    expect(dynamoDb.peek(tableName, 'issuer-keys/one')).toMatchObject({
      ttl: { N: String(nowMs / 1_000 + 2 * 86_400) },
    });
  });

  it('is not written if it would come near the largest size of an item', async () => {
    const dynamoDb = createFakeDynamoDb({ [tableName]: 'rate_limit_key' });
    const large = { ...keys, json: ' '.repeat(300_001) };
    const store = createIssuerKeyStore({ dynamoDb, tableName });
    expect(await store.keep('one', large, deadlineMs)).toBe(large);
    expect(dynamoDb.calls.writes).toBe(0);
  });

  it('without a list of keys is as good as none', async () => {
    const dynamoDb = createFakeDynamoDb({ [tableName]: 'rate_limit_key' });
    dynamoDb.putItem(tableName, {
      rate_limit_key: { S: 'issuer-keys/one' },
      jwks: { N: '1' },
      read_at: { N: '1' },
    });
    const found = await createIssuerKeyStore({ dynamoDb, tableName }).find('one', deadlineMs);
    expect(found?.keys).toBeUndefined();
  });
});
