import { beforeEach, describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { createMemorySessions } from './memory-sessions.ts';
import { createSessionStore, sessionKey, type SessionStore } from './session-store.ts';

interface Sessions {
  readonly store: SessionStore;
  readonly begin: (sessionId: string, userId: string, roles: readonly string[]) => void;
  readonly end: (sessionId: string) => void;
}

const startMs = 1_800_000_000_000;
let nowMs: number;
const now = () => nowMs;

const inDynamoDb = (): Sessions => {
  const dynamoDb = createFakeDynamoDb({ sessions: 'session_id' });
  return {
    store: createSessionStore({ dynamoDb, tableName: 'sessions', now }),
    begin: (sessionId, userId, roles) =>
      dynamoDb.putItem('sessions', {
        session_id: { S: sessionKey(sessionId) },
        data: { M: { user_id: { S: userId }, roles: { L: roles.map((role) => ({ S: role })) } } },
        ttl: { N: String(startMs / 1000 + 60) },
      }),
    end: (sessionId) => dynamoDb.deleteItem('sessions', sessionKey(sessionId)),
  };
};

const inMemory = (): Sessions => {
  const store = createMemorySessions(now);
  return {
    store,
    begin: (sessionId, userId, roles) =>
      store.begin(sessionId, { userId, roles, endsAtMs: startMs + 60_000 }),
    end: (sessionId) => store.end(sessionId),
  };
};

describe.each([
  ['DynamoDB', inDynamoDb],
  ['memory', inMemory],
])('sessions in %s', (_, create) => {
  let sessions: Sessions;
  beforeEach(() => {
    nowMs = startMs;
    sessions = create();
    sessions.begin('one', 'alice', ['user', 'admin']);
  });
  const find = (sessionId: string, userId: string) =>
    sessions.store.find({ sessionId, userId, expiresAtMs: startMs + 60_000 }, nowMs + 1_000);
  const ended = { status: 401, code: 'CREDENTIALS_EXPIRED', detail: 'Sign in again.' };

  it('are found with their user, roles and end', async () => {
    expect(await find('one', 'alice')).toEqual({
      userId: 'alice',
      roles: ['user', 'admin'],
      endsAtMs: startMs + 60_000,
    });
  });

  it('that do not exist have ended', async () => {
    await expect(find('two', 'alice')).rejects.toMatchObject(ended);
  });

  it('of another user have ended', async () => {
    await expect(find('one', 'bob')).rejects.toMatchObject(ended);
  });

  it('end at their end, and not before', async () => {
    nowMs = startMs + 59_999;
    expect(await find('one', 'alice')).toMatchObject({ userId: 'alice' });
    nowMs += 1;
    await expect(find('one', 'alice')).rejects.toMatchObject(ended);
  });

  it('that are revoked end at once', async () => {
    await find('one', 'alice');
    sessions.end('one');
    await expect(find('one', 'alice')).rejects.toMatchObject(ended);
  });
});
