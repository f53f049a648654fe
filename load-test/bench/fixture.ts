import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Item } from '../../handler/src/stores/dynamodb/dynamodb.ts';

/** What the stub is filled with. */
export interface Fixture {
  readonly sessionTable: string;
  readonly rateLimitTable: string;
  readonly secretArn: string;
  readonly secret: string;
  /** What a trusted proxy in front proves itself with. */
  readonly proxySecretArn: string;
  readonly proxySecret: string;
  /** Of the Lambda function that responds as the upstream does. */
  readonly functionArn: string;
  readonly sessions: readonly Item[];
}

/** Enough callers that none gets close to the limit, and none is frequent enough to be served only from a cache. */
const userCount = 512;

const base64url = (value: object): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed-in users: their tokens for the callers, their session items for the stub. */
export const createFixture = (): { fixture: Fixture; tokens: readonly string[] } => {
  const key = randomBytes(32);
  const issuedAt = Math.floor(Date.now() / 1000);
  const expiresAt = issuedAt + 4 * 3600;
  const users = Array.from({ length: userCount }, (_, index) => ({
    userId: `user-${index}`,
    sessionId: randomBytes(32).toString('base64url'),
  }));
  const tokenOf = ({ userId, sessionId }: (typeof users)[number]): string => {
    const header = base64url({ alg: 'HS256', typ: 'JWT', kid: 'k1' });
    const claims = base64url({ sid: sessionId, sub: userId, iat: issuedAt, exp: expiresAt });
    const signature = createHmac('sha256', key).update(`${header}.${claims}`).digest('base64url');
    return `${header}.${claims}.${signature}`;
  };
  const keySet = {
    active_kid: 'k1',
    keys: [{ kty: 'oct', kid: 'k1', alg: 'HS256', k: key.toString('base64url') }],
  };
  return {
    fixture: {
      sessionTable: 'bench-sessions',
      rateLimitTable: 'bench-rate-limits',
      secretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:bench-signing-AbCdEf',
      secret: JSON.stringify(keySet),
      proxySecretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:bench-origin-AbCdEf',
      proxySecret: randomBytes(32).toString('base64url'),
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:users:live',
      sessions: users.map(({ userId, sessionId }) =>
        sessionItem(
          createHash('sha256').update(sessionId).digest('hex'),
          userId,
          issuedAt,
          expiresAt,
        ),
      ),
    },
    tokens: users.map(tokenOf),
  };
};

const sessionItem = (
  sessionId: string,
  userId: string,
  createdAt: number,
  expiresAt: number,
): Item => ({
  session_id: { S: sessionId },
  data: {
    M: {
      user_id: { S: userId },
      roles: { L: [{ S: 'user' }, { S: 'admin' }] },
      created_at: { N: String(createdAt) },
    },
  },
  ttl: { N: String(expiresAt) },
});
