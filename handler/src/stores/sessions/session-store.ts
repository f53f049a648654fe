import { hash } from 'node:crypto';
import type { AttributeValue, DynamoDb, Item } from '../dynamodb/dynamodb.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import {
  farthestEndMs,
  sessionEnded,
  tooFarAhead,
  type TokenClaims,
  type Session,
  type StoredSession,
} from './session.ts';

export interface SessionStore {
  /**
   * The session of a verified token. Throws CREDENTIALS_EXPIRED if it is missing, revoked, expired, belongs to another
   * user or has an invalid item, and SESSION_STORE_UNAVAILABLE if it cannot be read: an outage signs no user out.
   */
  find(claims: TokenClaims, deadlineMs: number): Promise<StoredSession>;
}

interface Dependencies {
  readonly dynamoDb: DynamoDb;
  readonly tableName: string;
  readonly now: () => number;
}

/**
 * Sessions in DynamoDB, with strongly consistent reads: a revoked session ends at once, and a new one is valid at once.
 */
export const createSessionStore = ({ dynamoDb, tableName, now }: Dependencies): SessionStore => ({
  find: async ({ sessionId, userId }, deadlineMs) => {
    const item = await dynamoDb
      .getItem(
        {
          TableName: tableName,
          Key: { session_id: { S: sessionKey(sessionId) } },
          ConsistentRead: true,
        },
        { deadlineMs },
      )
      .catch((cause: unknown) => {
        throw new GatewayError('SESSION_STORE_UNAVAILABLE', {
          detail: 'Try again later.',
          headers: { 'retry-after': '1' },
          cause,
        });
      });
    if (item === undefined) throw sessionEnded('the sessions table has no such item');
    return readItem(item, userId, now());
  },
});

/** The table's key: SHA-256 of the session's id in lower-case hex, so that a dump of the table gives no access. */
export const sessionKey = (sessionId: string): string => hash('sha256', sessionId);

/**
 * Throws CREDENTIALS_EXPIRED with a note for the log about what is wrong with the item: a fixed text, never its
 * content.
 */
const readItem = ({ data, ttl }: Item, userId: string, nowMs: number): StoredSession => {
  if (data === undefined || !('M' in data)) throw sessionEnded('data is not a map');
  const owner = data.M['user_id'];
  if (owner === undefined) throw sessionEnded('data.user_id is missing');
  if (!('S' in owner)) throw sessionEnded('data.user_id is not a string');
  if (owner.S !== userId) throw sessionEnded("data.user_id differs from the token's sub");
  if (ttl === undefined) throw sessionEnded('ttl is missing');
  if (!('N' in ttl)) throw sessionEnded('ttl is not a number');
  const endsAtMs = Number(ttl.N) * 1000;
  if (endsAtMs > nowMs + farthestEndMs) throw sessionEnded(tooFarAhead('ttl'));
  // TTL deletion lags by up to days: the item may have ended long ago.
  if (endsAtMs <= nowMs) throw sessionEnded('ttl has passed');
  return { userId, ...readRoles(data.M['roles']), endsAtMs };
};

/** A list of strings, or the string set that boto3 makes of a Python set. */
const readRoles = (value: AttributeValue | undefined): Omit<Session, 'userId'> => {
  if (value === undefined) return { roles: [] };
  if ('SS' in value) return { roles: value.SS };
  if (!('L' in value)) return { roles: [], rolesProblem: 'data.roles is not a list or string set' };
  const roles = value.L.flatMap((role) => ('S' in role ? [role.S] : []));
  return roles.length === value.L.length
    ? { roles }
    : { roles, rolesProblem: 'data.roles has an entry that is not a string' };
};
