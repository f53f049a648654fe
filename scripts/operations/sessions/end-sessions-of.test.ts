import { describe, expect, it } from '@jest/globals';
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { createSessionRegister } from '../../../handler/src/stores/sessions/dynamodb-session-register.ts';
import { createFakeDynamoDb } from '../../../handler/testing/fake-aws/fake-dynamodb.ts';
import { endSessionsOf } from './end-sessions-of.ts';

type Item = Record<string, AttributeValue>;

const nowMs = 1_800_000_000_000;
const session = (key: string, changes: Item = {}): Item => ({
  session_id: { S: key },
  user_id: { S: 'alice' },
  data: { M: { user_id: { S: 'alice' } } },
  ttl: { N: String(nowMs / 1000 + 60) },
  ...changes,
});
interface Behaviour {
  /** Items that the index has not got yet. */
  readonly notIndexed?: ReadonlySet<string>;
  readonly hasIndex?: boolean;
  /** Called before each pass over the whole table. */
  readonly beforePass?: (pass: number) => void;
}

/** A table in pages of one item, and an index that lags behind it. */
const tableOf = (
  items: readonly Item[],
  { notIndexed = new Set(), hasIndex = true, beforePass = () => undefined }: Behaviour = {},
) => {
  const table = new Map(items.map((item) => [item['session_id']?.S ?? '', item]));
  const read: string[] = [];
  let passes = 0;

  const page = (keys: readonly string[], start: Item | undefined) => {
    const next = keys.find((key) => key > (start?.['session_id']?.S ?? ''));
    const found = next === undefined ? [] : [{ session_id: { S: next } }];
    const isLast = next === undefined || next === keys.at(-1);
    return { Items: found, ...(!isLast && { LastEvaluatedKey: { session_id: { S: next } } }) };
  };

  const responseTo = (command: unknown): object => {
    if (command instanceof DeleteItemCommand) {
      const key = command.input.Key?.['session_id']?.S ?? '';
      const item = table.get(key);
      table.delete(key);
      return { Attributes: item };
    }
    if (command instanceof QueryCommand) {
      read.push('index');
      if (!hasIndex) {
        throw new DynamoDBServiceException({
          name: 'ValidationException',
          message: 'The table does not have the specified index: by-user',
          $fault: 'client',
          $metadata: {},
        });
      }
      const keys = [...table].flatMap(([key, item]) =>
        item['user_id']?.S === 'alice' && !notIndexed.has(key) ? [key] : [],
      );
      return page(keys.sort(), command.input.ExclusiveStartKey);
    }
    if (!(command instanceof ScanCommand)) throw new TypeError('An unknown command');
    const {
      Segment: segment,
      ConsistentRead: isConsistent,
      ExclusiveStartKey: start,
    } = command.input;
    if (segment === 0 && start === undefined) beforePass((passes += 1));
    expect(isConsistent).toBe(true);
    read.push('table');
    const keys = [...table].flatMap(([key, item]) => {
      const isAlices =
        item['user_id']?.S === 'alice' || item['data']?.M?.['user_id']?.S === 'alice';
      return isAlices && key.charCodeAt(0) % 8 === segment ? [key] : [];
    });
    return page(keys.sort(), start);
  };
  const client = {
    send: async (command: unknown) => responseTo(command),
  } as unknown as DynamoDBClient;
  const end = () => endSessionsOf(client, { tableName: 'sessions', userId: 'alice', nowMs });
  return { end, table, read, put: (item: Item) => table.set(item['session_id']?.S ?? '', item) };
};

const bobs = session('b', { user_id: { S: 'bob' }, data: { M: { user_id: { S: 'bob' } } } });

describe('endSessionsOf', () => {
  it('ends all sessions of the user, by the index first, and no others', async () => {
    const { end, table, read } = tableOf([session('a'), bobs, session('c'), session('d')]);
    expect(await end()).toBe(3);
    expect([...table.keys()]).toEqual(['b']);
    expect(read[0]).toBe('index');
    expect(read.filter((what) => what === 'table')).toHaveLength(8);
  });

  it('ends those whose items have no top-level user_id, or are not in the index yet', async () => {
    const { data = { M: {} }, ttl = { N: '0' } } = session('old');
    const old = { session_id: { S: 'old' }, data, ttl };
    const { end, table } = tableOf([old, session('new')], { notIndexed: new Set(['new']) });
    expect(await end()).toBe(2);
    expect(table.size).toBe(0);
  });

  it('ends those that the sign-in for browsers began, and leaves it lists that it can use', async () => {
    const dynamoDb = createFakeDynamoDb({ sessions: 'session_id' });
    const written = new Set<string>();
    const register = createSessionRegister({
      dynamoDb: {
        ...dynamoDb,
        updateItem: async (input, options) => {
          written.add((input.Key['session_id'] as { S: string }).S);
          return dynamoDb.updateItem(input, options);
        },
      },
      tableName: 'sessions',
      now: () => nowMs,
    });
    const deadlineMs = Infinity;
    const begin = (sessionId: string, userId: string): Promise<void> =>
      register.begin(
        {
          ...{ sessionId, userId, roles: ['user'], idToken: 'issued', issuedAtMs: nowMs },
          ...{ endsAtMs: nowMs + 60_000, lastsAtMostMs: nowMs + 600_000 },
          listedUnder: [
            ['user', userId],
            ['sid', 'https://login.example.com', 'sid-1'],
          ],
        },
        deadlineMs,
      );
    await begin('one', 'alice');
    await begin('two', 'alice');
    await begin('bobs', 'bob');

    const items = [...written].map((key) => dynamoDb.peek('sessions', key) as Item);
    const { end, table } = tableOf(items);
    expect(await end()).toBe(2);
    const left = [...table].map(([key, item]) => item['user_id']?.S ?? key.replace(/[^/]+$/, ''));
    expect(left.sort()).toEqual(['bob', 'sessions-of/', 'sessions-of/', 'sessions-of/']);

    for (const key of written) if (!table.has(key)) dynamoDb.deleteItem('sessions', key);
    expect(await register.end('one', deadlineMs)).toBeUndefined();
    expect(await register.extend('two', nowMs + 120_000, deadlineMs)).toBe(false);
    await begin('three', 'alice');
    await register.endListed(['user', 'alice'], deadlineMs);
    expect(await register.end('three', deadlineMs)).toBeUndefined();
    expect(await register.end('bobs', deadlineMs)).toEqual({ idToken: 'issued' });
  });

  it('ends those of a table without the index', async () => {
    const { end, table } = tableOf([session('a'), session('b')], { hasIndex: false });
    expect(await end()).toBe(2);
    expect(table.size).toBe(0);
  });

  it('reads the table again until a pass finds none, because sessions may be created in the meantime', async () => {
    const it = tableOf([], {
      beforePass: (pass) => {
        if (pass <= 2) it.put(session(`made-${pass}`));
      },
    });
    expect(await it.end()).toBe(2);
    expect(it.table.size).toBe(0);
    expect(it.read.filter((what) => what === 'table')).toHaveLength(3 * 8);
  });

  it('does not claim an end while sessions are made all the time', async () => {
    const it = tableOf([], { beforePass: (pass) => void it.put(session(`made-${pass}`)) });
    await expect(it.end()).rejects.toThrow('alice still has sessions after 10 were ended');
  });

  it('does not count sessions that had ended by their ttl, nor deletes of others', async () => {
    const past = session('past', { ttl: { N: String(nowMs / 1000 - 1) } });
    const { end, table } = tableOf([past, session('a')]);
    expect(await end()).toBe(1);
    expect(table.size).toBe(0);
  });

  it('fails if DynamoDB refuses', async () => {
    const refusal = new DynamoDBServiceException({
      name: 'AccessDeniedException',
      message: 'not authorized to perform dynamodb:Query on index/by-user',
      $fault: 'client',
      $metadata: {},
    });
    const client = { send: async () => Promise.reject(refusal) } as unknown as DynamoDBClient;
    const options = { tableName: 'sessions', userId: 'alice', nowMs };
    await expect(endSessionsOf(client, options)).rejects.toBe(refusal);
  });
});
