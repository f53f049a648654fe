import { hash } from 'node:crypto';
import type { AttributeValue, DynamoDb, Item } from '../aws/dynamodb.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { Session } from './session.ts';
import type { TokenClaims } from './token.ts';
import { sessionEnded } from './token-verifier.ts';

export interface SessionStore {
  /**
   * The session that a verified token speaks of. Throws SESSION_ENDED where it is missing, revoked, expired or
   * another user's, and SESSION_STORE_UNAVAILABLE where that cannot be known: being unreachable signs nobody out.
   */
  find(claims: TokenClaims, deadlineMs: number): Promise<Session>;
}

interface Dependencies {
  readonly dynamoDb: DynamoDb;
  readonly tableName: string;
  readonly now: () => number;
}

/** Sessions in DynamoDB, read strongly consistent, so that a revoked one ends at once and a new one is there at once. */
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
          detail: 'Try again in a moment.',
          headers: { 'retry-after': '1' },
          cause,
        });
      });
    const stored = item && sessionOf(item);
    // TTL deletion lags by up to days: what stands in the table may have ended long ago.
    const holds =
      stored !== undefined && stored.endsAtMs > now() && stored.session.userId === userId;
    if (!holds) throw sessionEnded();
    return stored.session;
  },
});

/** The table's key: SHA-256 of the session's id in lower-case hex, so that a dump of the table opens nothing. */
export const sessionKey = (sessionId: string): string => hash('sha256', sessionId);

const sessionOf = ({ data, ttl }: Item): { session: Session; endsAtMs: number } | undefined => {
  const fields = data && 'M' in data ? data.M : {};
  const userId = text(fields['user_id']);
  if (userId === undefined || ttl === undefined || !('N' in ttl)) return undefined;
  return { session: { userId, roles: texts(fields['roles']) }, endsAtMs: Number(ttl.N) * 1000 };
};

const text = (value: AttributeValue | undefined): string | undefined =>
  value && 'S' in value ? value.S : undefined;

const texts = (value: AttributeValue | undefined): readonly string[] =>
  value && 'L' in value ? value.L.flatMap((role) => text(role) ?? []) : [];
