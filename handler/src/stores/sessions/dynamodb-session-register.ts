import { hash } from 'node:crypto';
import type { CallOptions } from '../../aws/aws-call.ts';
import { tableName } from '../../environment.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { StoreKind } from '../../parts.ts';
import { numberOf, textOf } from '../dynamodb/attributes.ts';
import { type AttributeValue, ConditionNotMet, type DynamoDb } from '../dynamodb/dynamodb.ts';
import {
  type Listing,
  mostListed,
  type NewSession,
  type SessionRegister,
} from './session-register.ts';
import { sessionKey } from './session-store.ts';

/** Sessions, and lists of them, in the sessions table. */
export const dynamoDbSessionRegister: StoreKind<SessionRegister> = ({ read }) => {
  const table = read('GATEWAY_SESSION_TABLE_NAME', 'the name of the sessions table', tableName);
  return ({ dynamoDb, now }) => ({
    store: createSessionRegister({ dynamoDb, tableName: table, now }),
    checks: {},
  });
};

interface Dependencies {
  readonly dynamoDb: DynamoDb;
  readonly tableName: string;
  readonly now: () => number;
}

/** Fewer placeholders than an expression of 4 KB can have. */
const mostRemoved = 200;

interface Listed {
  readonly key: string;
  readonly endsAtSeconds: number;
  readonly issuedAtSeconds: number;
}

/**
 * A list is an item of its own, with an attribute for each session: its key in the table, when it ends at the latest, and
 * when it was issued. Reads are strongly consistent, which those of the table's index are not. A session is listed before
 * it begins, and to end one is to write its item whether there is one or not: so none that is listed escapes.
 */
export const createSessionRegister = ({
  dynamoDb,
  tableName: TableName,
  now,
}: Dependencies): SessionRegister => {
  const itemOf = (key: string) => ({ TableName, Key: { session_id: { S: key } } });

  const listed = async (list: string, options: CallOptions): Promise<readonly Listed[]> => {
    const item = await dynamoDb.getItem({ ...itemOf(list), ConsistentRead: true }, options);
    return Object.entries(item ?? {}).flatMap(([key, value]) => {
      if (!isSessionKey.test(key) || !('L' in value)) return [];
      const [endsAtSeconds = 0, issuedAtSeconds = 0] = value.L.map(numberOf);
      return [{ key, endsAtSeconds, issuedAtSeconds }];
    });
  };

  /** DynamoDB deletes the item some time later. */
  const endKey = async (key: string, options: CallOptions): Promise<void> => {
    await dynamoDb.updateItem(
      {
        ...itemOf(key),
        UpdateExpression: 'SET #ttl = :now REMOVE id_token',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':now': secondsOf(now()) },
      },
      options,
    );
  };

  const endAll = async (sessions: readonly Listed[], options: CallOptions): Promise<void> => {
    await Promise.all(sessions.map(({ key }) => endKey(key, options)));
  };

  const enlist = async (list: string, added: Listed, options: CallOptions): Promise<void> => {
    const all = (await listed(list, options)).toSorted((a, b) => a.endsAtSeconds - b.endsAtSeconds);
    const present = all.filter(({ endsAtSeconds }) => endsAtSeconds * 1_000 > now());
    const superfluous = present.slice(0, Math.max(0, present.length + 1 - mostListed));
    await endAll(superfluous, options);
    const removed = all
      .slice(0, all.length - present.length + superfluous.length)
      .slice(0, mostRemoved);
    const latest = Math.max(added.endsAtSeconds, ...present.map((each) => each.endsAtSeconds));
    await dynamoDb.updateItem(
      {
        ...itemOf(list),
        UpdateExpression: [
          'SET #added = :times, #ttl = :latest',
          ...(removed.length > 0 ? [`REMOVE ${removed.map((_, at) => `#r${at}`).join(', ')}`] : []),
        ].join(' '),
        ExpressionAttributeNames: {
          '#added': added.key,
          '#ttl': 'ttl',
          ...Object.fromEntries(removed.map(({ key }, at) => [`#r${at}`, key])),
        },
        ExpressionAttributeValues: {
          ':times': {
            L: [{ N: String(added.endsAtSeconds) }, { N: String(added.issuedAtSeconds) }],
          },
          ':latest': { N: String(latest) },
        },
      },
      options,
    );
  };

  const create = async (key: string, session: NewSession, options: CallOptions): Promise<void> => {
    const { userId, roles, endsAtMs, idToken } = session;
    const data: Readonly<Record<string, AttributeValue>> = {
      user_id: { S: userId },
      roles: { L: roles.map((role) => ({ S: role })) },
      created_at: secondsOf(now()),
    };
    await dynamoDb
      .updateItem(
        {
          ...itemOf(key),
          UpdateExpression: `SET user_id = :user, #data = :data, #ttl = :end, signed_in_at = :now${
            idToken === undefined ? '' : ', id_token = :id_token'
          }`,
          ConditionExpression: 'attribute_not_exists(session_id)',
          ExpressionAttributeNames: { '#data': 'data', '#ttl': 'ttl' },
          ExpressionAttributeValues: {
            ':user': { S: userId },
            ':data': { M: data },
            ':end': secondsOf(endsAtMs),
            ':now': secondsOf(now()),
            ...(idToken !== undefined && { ':id_token': { S: idToken } }),
          },
        },
        options,
      )
      .catch((error: unknown) => {
        // Written by an attempt whose response was lost. One that was ended before it began has no user.
        const isOwn = error instanceof ConditionNotMet && error.item?.['user_id'] !== undefined;
        if (!isOwn) throw error;
      });
  };

  return {
    begin: async (session, deadlineMs) => {
      const key = sessionKey(session.sessionId);
      const added = {
        key,
        endsAtSeconds: Math.ceil(session.lastsAtMostMs / 1_000),
        issuedAtSeconds: Math.floor(session.issuedAtMs / 1_000),
      };
      const options = { deadlineMs };
      await asStore(async () => {
        const lists = session.listedUnder.map(listKey);
        await Promise.all(lists.map((list) => enlist(list, added, options)));
        await create(key, session, options);
      });
    },
    end: async (sessionId, deadlineMs) =>
      asStore(async () => {
        const key = sessionKey(sessionId);
        const item = await dynamoDb.getItem(
          { ...itemOf(key), ConsistentRead: true },
          { deadlineMs },
        );
        const endsAtSeconds = numberOf(item?.['ttl']);
        if (endsAtSeconds === undefined || endsAtSeconds * 1_000 <= now()) return undefined;
        await endKey(key, { deadlineMs });
        const idToken = textOf(item?.['id_token']);
        return idToken === undefined ? {} : { idToken };
      }),
    endListed: async (under, deadlineMs, issuedUntilMs = Infinity) =>
      asStore(async () => {
        const sessions = await listed(listKey(under), { deadlineMs });
        const meant = sessions.filter(
          ({ endsAtSeconds, issuedAtSeconds }) =>
            endsAtSeconds * 1_000 > now() && issuedAtSeconds * 1_000 <= issuedUntilMs,
        );
        await endAll(meant, { deadlineMs });
        return meant.length;
      }),
    extend: async (sessionId, endsAtMs, deadlineMs) =>
      asStore(async () => {
        try {
          await dynamoDb.updateItem(
            {
              ...itemOf(sessionKey(sessionId)),
              UpdateExpression: 'SET #ttl = :end',
              ConditionExpression: 'attribute_exists(signed_in_at) AND #ttl > :now',
              ExpressionAttributeNames: { '#ttl': 'ttl' },
              ExpressionAttributeValues: { ':end': secondsOf(endsAtMs), ':now': secondsOf(now()) },
            },
            { deadlineMs },
          );
          return true;
        } catch (error) {
          if (error instanceof ConditionNotMet) return false;
          throw error;
        }
      }),
  };
};

const isSessionKey = /^[0-9a-f]{64}$/;

/** Beside the sessions, whose keys have no slash. */
const listKey = (under: Listing): string => `sessions-of/${hash('sha256', JSON.stringify(under))}`;

const secondsOf = (atMs: number): { readonly N: string } => ({
  N: String(Math.floor(atMs / 1_000)),
});

const asStore = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (cause) {
    throw new GatewayError('SESSION_STORE_UNAVAILABLE', {
      detail: 'Try again later.',
      headers: { 'retry-after': '1' },
      cause,
    });
  }
};
