import { describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import type { Credential, CredentialStore } from './credential-store.ts';
import { createCredentialStore } from './dynamodb-credentials.ts';
import { createMemoryCredentials } from './memory-credentials.ts';

interface World {
  readonly store: CredentialStore;
  readonly put: (credential: Credential) => void;
  readonly remove: (id: string) => void;
}

const time = (name: string, ms: number | undefined) =>
  ms === undefined ? {} : { [name]: { N: String(ms / 1_000) } };

const text = (name: string, value: string | undefined) =>
  value === undefined ? {} : { [name]: { S: value } };

const inDynamoDb = (): World => {
  const dynamoDb = createFakeDynamoDb({ credentials: 'credential_id' });
  return {
    store: createCredentialStore({ dynamoDb, tableName: 'credentials' }),
    put: ({ id, consumer, plan, scopes, secretHash, expiresAtMs, lastUsedDayMs }) =>
      dynamoDb.putItem('credentials', {
        credential_id: { S: id },
        consumer: { S: consumer },
        scopes: { L: scopes.map((scope) => ({ S: scope })) },
        ...text('plan', plan),
        ...text('secret_hash', secretHash),
        ...time('last_used_at', lastUsedDayMs),
        ...time('expires_at', expiresAtMs),
      }),
    remove: (id) => dynamoDb.deleteItem('credentials', id),
  };
};

const inMemory = (): World => {
  const store = createMemoryCredentials();
  return {
    store,
    put: (credential) => store.put(credential),
    remove: (id) => store.remove(id),
  };
};

const whole: Credential = {
  id: 'api-key/one',
  consumer: 'acme',
  plan: 'partner',
  scopes: ['orders:read', 'orders:write'],
  secretHash: 'e3b0',
  expiresAtMs: 1_900_000_000_000,
  lastUsedDayMs: Date.UTC(2026, 10, 28),
};
const least: Credential = {
  id: 'basic/bob',
  consumer: 'bob',
  plan: undefined,
  scopes: [],
  secretHash: undefined,
  expiresAtMs: undefined,
  lastUsedDayMs: undefined,
};
const deadlineMs = 1_800_000_000_000;

describe.each([
  ['DynamoDB', inDynamoDb],
  ['memory', inMemory],
])('credentials in %s', (_, create) => {
  it('are found as they were written, until they are removed', async () => {
    const { store, put, remove } = create();
    put(whole);
    put(least);
    expect(await store.find(whole.id, deadlineMs)).toEqual(whole);
    expect(await store.find(least.id, deadlineMs)).toEqual(least);
    remove(whole.id);
    expect(await store.find(whole.id, deadlineMs)).toEqual({ problem: expect.any(String) });
    expect(await store.find('api-key/two', deadlineMs)).toEqual({ problem: expect.any(String) });
  });

  it('have the last day on which they were used', async () => {
    const { store, put } = create();
    put(least);
    for (const day of [28, 29, 28])
      await store.noteUse(least.id, Date.UTC(2026, 10, day), deadlineMs);
    expect(await store.find(least.id, deadlineMs)).toEqual({
      ...least,
      lastUsedDayMs: Date.UTC(2026, 10, 29),
    });
  });

  it('that were removed stay removed, although another execution environment notes a use', async () => {
    const { store, put, remove } = create();
    put(whole);
    remove(whole.id);
    await store.noteUse(whole.id, Date.UTC(2026, 10, 29), deadlineMs);
    expect(await store.find(whole.id, deadlineMs)).toEqual({ problem: expect.any(String) });
  });
});
