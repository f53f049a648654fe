import { describe, expect, it, jest } from '@jest/globals';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import type { DynamoDb, Item } from '../dynamodb/dynamodb.ts';
import { createSessionStore, sessionKey } from './session-store.ts';

const nowMs = 1_800_000_000_000;
const claims = { sessionId: 'the-session-id', userId: 'alice', expiresAtMs: nowMs + 60_000 };

const item = (changes: Record<string, unknown> = {}): Item => ({
  session_id: { S: sessionKey('the-session-id') },
  data: { M: { user_id: { S: 'alice' }, roles: { L: [{ S: 'user' }, { S: 'admin' }] } } },
  ttl: { N: String(nowMs / 1000 + 60) },
  ...(changes as Item),
});

const storeWith = (response: Item | undefined | Error) => {
  const getItem = jest.fn<DynamoDb['getItem']>(async () => {
    if (response instanceof Error) throw response;
    return response;
  });
  const dynamoDb = { getItem } as unknown as DynamoDb;
  return {
    getItem,
    store: createSessionStore({ dynamoDb, tableName: 'sessions', now: () => nowMs }),
  };
};

describe('createSessionStore', () => {
  it('finds a session by the hash of its id, strongly consistent, in one read', async () => {
    const { store, getItem } = storeWith(item());
    expect(await store.find(claims, 5)).toEqual({
      userId: 'alice',
      roles: ['user', 'admin'],
      endsAtMs: nowMs + 60_000,
    });
    expect(getItem.mock.calls).toEqual([
      [
        {
          TableName: 'sessions',
          Key: { session_id: { S: sessionKey('the-session-id') } },
          ConsistentRead: true,
        },
        { deadlineMs: 5 },
      ],
    ]);
    expect(sessionKey('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  const secondsInTenYears = 315_576_000;

  it.each([
    ['missing', undefined, 'the sessions table has no such item'],
    [
      'past its ttl, though TTL has not deleted it',
      item({ ttl: { N: String(nowMs / 1000) } }),
      'ttl has passed',
    ],
    ['without ttl', item({ ttl: undefined }), 'ttl is missing'],
    ['of a ttl in words', item({ ttl: { S: '9999999999' } }), 'ttl is not a number'],
    [
      'of a ttl in milliseconds',
      item({ ttl: { N: String(nowMs + 60_000) } }),
      'ttl is more than 10 years ahead: write seconds, not milliseconds',
    ],
    [
      'of a ttl more than ten years ahead',
      item({ ttl: { N: String(nowMs / 1000 + secondsInTenYears + 1) } }),
      'ttl is more than 10 years ahead: write seconds, not milliseconds',
    ],
    ['without data', item({ data: undefined }), 'data is not a map'],
    ['of data that is no map', item({ data: { S: 'alice' } }), 'data is not a map'],
    ['without a user', item({ data: { M: { roles: { L: [] } } } }), 'data.user_id is missing'],
    [
      'of a user who is a number',
      item({ data: { M: { user_id: { N: '7' } } } }),
      'data.user_id is not a string',
    ],
    [
      'another user’s',
      item({ data: { M: { user_id: { S: 'mallory' } } } }),
      "data.user_id differs from the token's sub",
    ],
  ])('responds 401 for a session that is %s, and notes why', async (_, stored, note) => {
    await expect(storeWith(stored).store.find(claims, 5)).rejects.toMatchObject({
      status: 401,
      code: 'CREDENTIALS_EXPIRED',
      detail: 'Sign in again.',
      note,
    });
  });

  it('accepts a ttl of ten years', async () => {
    const ttl = { N: String(nowMs / 1000 + secondsInTenYears) };
    expect(await storeWith(item({ ttl })).store.find(claims, 5)).toMatchObject({ userId: 'alice' });
  });

  it('accepts roles as a string set, as boto3 writes a Python set', async () => {
    const data = { M: { user_id: { S: 'alice' }, roles: { SS: ['admin', 'user'] } } };
    const session = await storeWith(item({ data })).store.find(claims, 5);
    expect(session.roles).toEqual(['admin', 'user']);
    expect(session.rolesProblem).toBeUndefined();
  });

  it.each([
    ['no roles attribute', undefined, [], undefined],
    ['roles that are a string', { S: 'admin' }, [], 'data.roles is not a list or string set'],
    [
      'a role that is a number',
      { L: [{ N: '1' }, { S: 'user' }] },
      ['user'],
      'data.roles has an entry that is not a string',
    ],
  ])('reads an item with %s', async (_, roles, read, rolesProblem) => {
    const data = { M: { user_id: { S: 'alice' }, ...(roles && { roles }) } };
    expect(await storeWith(item({ data })).store.find(claims, 5)).toMatchObject({
      userId: 'alice',
      roles: read,
      ...(rolesProblem !== undefined && { rolesProblem }),
    });
  });

  it('responds 503 with Retry-After, never 401, when the table is unreachable', async () => {
    const down = new StoreUnavailable('down');
    await expect(storeWith(down).store.find(claims, 5)).rejects.toMatchObject({
      status: 503,
      code: 'SESSION_STORE_UNAVAILABLE',
      detail: 'Try again later.',
      cause: down,
      headers: { 'retry-after': '1' },
    });
  });
});
