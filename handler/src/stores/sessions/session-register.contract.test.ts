import { beforeEach, describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import type { UpdateItem } from '../dynamodb/dynamodb.ts';
import { createSessionRegister } from './dynamodb-session-register.ts';
import { createMemorySessionRegister } from './memory-session-register.ts';
import { createMemorySessions } from './memory-sessions.ts';
import { mostListed, type NewSession, type SessionRegister } from './session-register.ts';
import { createSessionStore, sessionKey, type SessionStore } from './session-store.ts';

const startMs = 1_800_000_000_000;
let nowMs: number;
const now = () => nowMs;
const deadlineMs = Number.POSITIVE_INFINITY;

const inDynamoDb = () => {
  const dynamoDb = createFakeDynamoDb({ sessions: 'session_id' });
  const table = { dynamoDb, tableName: 'sessions', now };
  return { register: createSessionRegister(table), store: createSessionStore(table), dynamoDb };
};

const inMemory = () => {
  const sessions = createMemorySessions(now);
  return { register: createMemorySessionRegister(sessions, now), store: sessions };
};

const session = (sessionId: string, changes: Partial<NewSession> = {}): NewSession => ({
  sessionId,
  userId: 'alice',
  roles: ['user'],
  endsAtMs: nowMs + 60_000,
  lastsAtMostMs: nowMs + 600_000,
  issuedAtMs: nowMs,
  listedUnder: [['user', 'alice']],
  ...changes,
});

describe.each([
  ['DynamoDB', inDynamoDb],
  ['memory', inMemory],
])('the register of sessions in %s', (_, create) => {
  let register: SessionRegister;
  let store: SessionStore;
  beforeEach(() => {
    nowMs = startMs;
    ({ register, store } = create());
  });
  const isOpen = (sessionId: string, userId = 'alice'): Promise<boolean> =>
    store.find({ sessionId, userId, expiresAtMs: nowMs + 600_000 }, deadlineMs).then(
      () => true,
      () => false,
    );
  const begin = (...of: Parameters<typeof session>): Promise<void> =>
    register.begin(session(...of), deadlineMs);

  it('begins sessions that the store finds', async () => {
    await begin('one');
    const claims = { sessionId: 'one', userId: 'alice', expiresAtMs: nowMs };
    expect(await store.find(claims, deadlineMs)).toEqual({
      userId: 'alice',
      roles: ['user'],
      endsAtMs: startMs + 60_000,
    });
  });

  it('ends one session, says what it began with, and does so once', async () => {
    await begin('one', { idToken: 'issued' });
    await begin('two');
    expect(await register.end('one', deadlineMs)).toMatchObject({ idToken: 'issued' });
    expect([await isOpen('one'), await isOpen('two')]).toEqual([false, true]);
    expect(await register.end('one', deadlineMs)).toBeUndefined();
    expect(await register.end('unknown', deadlineMs)).toBeUndefined();
    nowMs += 60_000;
    expect(await register.end('two', deadlineMs)).toBeUndefined();
  });

  it('ends all sessions that are listed so, and no others', async () => {
    await begin('one', {
      listedUnder: [
        ['user', 'alice'],
        ['sid', 'a', '1'],
      ],
    });
    await begin('two');
    await begin('bobs', { userId: 'bob', listedUnder: [['user', 'bob']] });
    expect(await register.endListed(['sid', 'a', '1'], deadlineMs)).toBe(1);
    expect([await isOpen('one'), await isOpen('two')]).toEqual([false, true]);
    await register.endListed(['user', 'alice'], deadlineMs);
    expect([await isOpen('two'), await isOpen('bobs', 'bob')]).toEqual([false, true]);
    expect(await register.endListed(['user', 'nobody'], deadlineMs)).toBe(0);
  });

  it('ends only what was issued until then, if that is given', async () => {
    await begin('one');
    nowMs += 1_000;
    await begin('two');
    const until = (issuedUntilMs: number): Promise<number> =>
      register.endListed(['user', 'alice'], deadlineMs, issuedUntilMs);
    expect(await until(startMs - 1_000)).toBe(0);
    expect(await until(startMs)).toBe(1);
    expect([await isOpen('one'), await isOpen('two')]).toEqual([false, true]);
  });

  it('extends a session that has not ended', async () => {
    await begin('one');
    nowMs += 59_000;
    expect(await register.extend('one', nowMs + 60_000, deadlineMs)).toBe(true);
    nowMs += 59_000;
    expect(await isOpen('one')).toBe(true);
    nowMs += 1_000;
    expect(await register.extend('one', nowMs + 60_000, deadlineMs)).toBe(false);
    expect(await isOpen('one')).toBe(false);
    expect(await register.extend('unknown', nowMs + 60_000, deadlineMs)).toBe(false);
  });

  it('finds sessions of a list that were extended', async () => {
    await begin('one');
    nowMs += 59_000;
    await register.extend('one', nowMs + 500_000, deadlineMs);
    nowMs += 400_000;
    await register.endListed(['user', 'alice'], deadlineMs);
    expect(await isOpen('one')).toBe(false);
  });

  it(`keeps ${mostListed} sessions of a user, and ends those that would end first`, async () => {
    for (let index = 0; index <= mostListed; index += 1)
      await begin(`s${index}`, { lastsAtMostMs: nowMs + 600_000 + index * 1_000 });
    expect([await isOpen('s0'), await isOpen('s1'), await isOpen(`s${mostListed}`)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('the register of sessions in DynamoDB', () => {
  beforeEach(() => {
    nowMs = startMs;
  });

  it('forgets sessions of a list that ended, so that its item stays small', async () => {
    const { register, dynamoDb } = inDynamoDb();
    for (let day = 0; day < 30; day += 1) {
      await register.begin(session(`s${day}`), deadlineMs);
      nowMs += 300_000;
    }
    const lists = dynamoDb.calls;
    await register.begin(session('last'), deadlineMs);
    expect(lists.writes).toBe(31 * 2);
    const item = [...Array(31).keys()].map((day) =>
      dynamoDb.peek('sessions', sessionKey(`s${day}`)),
    );
    expect(item.filter((each) => each !== undefined)).toHaveLength(30);
    expect(await register.endListed(['user', 'alice'], deadlineMs)).toBe(2);
  });

  it('ends a session that is listed, and has not begun yet', async () => {
    const { dynamoDb } = inDynamoDb();
    const of = createSessionRegister({
      dynamoDb: {
        ...dynamoDb,
        updateItem: async (input: UpdateItem, options) => {
          // Between the two writes of the sign-in, the user signs out everywhere.
          if (input.UpdateExpression.includes('signed_in_at'))
            await createSessionRegister({ dynamoDb, tableName: 'sessions', now }).endListed(
              ['user', 'alice'],
              deadlineMs,
            );
          return dynamoDb.updateItem(input, options);
        },
      },
      tableName: 'sessions',
      now,
    });
    await expect(of.begin(session('one'), deadlineMs)).rejects.toMatchObject({
      code: 'SESSION_STORE_UNAVAILABLE',
    });
  });

  it('begins a session once if the response of a write is lost, and the write sent again', async () => {
    const { dynamoDb } = inDynamoDb();
    const of = createSessionRegister({
      dynamoDb: {
        ...dynamoDb,
        updateItem: async (input, options) => {
          await dynamoDb.updateItem(input, options);
          return dynamoDb.updateItem(input, options);
        },
      },
      tableName: 'sessions',
      now,
    });
    await of.begin(session('one'), deadlineMs);
    expect(dynamoDb.peek('sessions', sessionKey('one'))).toMatchObject({ user_id: { S: 'alice' } });
  });

  it('does not extend sessions that a login service began', async () => {
    const { register, dynamoDb } = inDynamoDb();
    dynamoDb.putItem('sessions', {
      session_id: { S: sessionKey('theirs') },
      data: { M: { user_id: { S: 'alice' } } },
      ttl: { N: String(nowMs / 1_000 + 60) },
    });
    expect(await register.extend('theirs', nowMs + 120_000, deadlineMs)).toBe(false);
  });
});
