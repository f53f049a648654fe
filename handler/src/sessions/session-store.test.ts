import { describe, expect, it, jest } from '@jest/globals';
import { type DynamoDb, type Item, StoreUnavailable } from '../aws/dynamodb.ts';
import { createSessionStore, sessionKey } from './session-store.ts';

const nowMs = 1_800_000_000_000;
const claims = { sessionId: 'the-session-id', userId: 'alice', expiresAtMs: nowMs + 60_000 };

const item = (changes: Record<string, unknown> = {}): Item => ({
  session_id: { S: sessionKey('the-session-id') },
  data: { M: { user_id: { S: 'alice' }, roles: { L: [{ S: 'user' }, { S: 'admin' }] } } },
  ttl: { N: String(nowMs / 1000 + 60) },
  ...(changes as Item),
});

const storeWith = (answer: Item | undefined | Error) => {
  const getItem = jest.fn<DynamoDb['getItem']>(async () => {
    if (answer instanceof Error) throw answer;
    return answer;
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
    expect(await store.find(claims, 5)).toEqual({ userId: 'alice', roles: ['user', 'admin'] });
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

  it.each([
    ['missing', undefined],
    ['past its ttl, though TTL has not deleted it', item({ ttl: { N: String(nowMs / 1000) } })],
    ['without ttl', item({ ttl: undefined })],
    ['of a ttl in words', item({ ttl: { S: '9999999999' } })],
    ['without data', item({ data: undefined })],
    ['of data that is no map', item({ data: { S: 'alice' } })],
    ['nobody’s', item({ data: { M: { roles: { L: [] } } } })],
    ['of a user who is a number', item({ data: { M: { user_id: { N: '7' } } } })],
    ['another user’s', item({ data: { M: { user_id: { S: 'mallory' } } } })],
  ])('answers 401 for a session that is %s', async (_, stored) => {
    await expect(storeWith(stored).store.find(claims, 5)).rejects.toMatchObject({
      status: 401,
      code: 'SESSION_ENDED',
      detail: 'Sign in again.',
    });
  });

  it.each([
    ['without roles', undefined],
    ['whose roles are no list', { S: 'admin' }],
    ['whose only role is no text', { L: [{ N: '1' }] }],
  ])('gives a session %s none', async (_, roles) => {
    const data = { M: { user_id: { S: 'alice' }, ...(roles && { roles }) } };
    expect(await storeWith(item({ data })).store.find(claims, 5)).toEqual({
      userId: 'alice',
      roles: [],
    });
  });

  it('answers 503 with Retry-After, never 401, where the table cannot be reached', async () => {
    const down = new StoreUnavailable('down');
    await expect(storeWith(down).store.find(claims, 5)).rejects.toMatchObject({
      status: 503,
      code: 'SESSION_STORE_UNAVAILABLE',
      detail: 'Try again in a moment.',
      cause: down,
      headers: { 'retry-after': '1' },
    });
  });
});
