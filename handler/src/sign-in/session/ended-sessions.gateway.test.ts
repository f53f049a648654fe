import { describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import {
  gatewayWith,
  nowMs as startMs,
  route,
  send,
  signedIn,
  tokenOfAlice,
} from '../../../testing/gateway-with.ts';
import { limitOf, member } from '../../../testing/rate-limit-rules.ts';
import type { RateLimitRule } from '../../contract.ts';
import { createBuckets } from '../../stores/buckets/bucket-store.ts';
import { fullAtOf } from '../../stores/buckets/bucket-write.ts';
import { rememberEnded } from '../../stores/sessions/ended-sessions.ts';
import { createSessionStore, sessionKey } from '../../stores/sessions/session-store.ts';

/** Execution environments with one DynamoDB, in which alice has no session, and a token of hers that names one. */
const world = async (rule: RateLimitRule) => {
  const clock = { nowMs: startMs };
  const now = () => clock.nowMs;
  const dynamoDb = createFakeDynamoDb({ sessions: 'session_id', limits: 'rate_limit_key' });
  const token = await tokenOfAlice();
  const request = { headers: { authorization: `Bearer ${token}` } };
  const environment = () => {
    const it = gatewayWith({
      routes: [route('GET /users', { ...signedIn(), rateLimits: [rule] })],
      sessions: rememberEnded(createSessionStore({ dynamoDb, tableName: 'sessions', now }), {
        now,
      }),
      buckets: createBuckets({ dynamoDb, tableName: 'limits', now }),
      now,
    });
    return { ask: () => send(it, 'GET', '/users', request), lines: it.lines };
  };
  const signIn = (): void => {
    const { sid } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      sid: string;
    };
    dynamoDb.putItem('sessions', {
      session_id: { S: sessionKey(sid) },
      data: { M: { user_id: { S: 'alice' }, roles: { L: [] } } },
      ttl: { N: String(startMs / 1000 + 3_600) },
    });
  };
  const missingTokens = (): number => {
    const fullAt = fullAtOf(dynamoDb.peek('limits', 'member#caller#alice')) ?? 0;
    return Math.max(0, (fullAt - clock.nowMs * 1000) / ((rule.windowSeconds * 1e6) / rule.limit));
  };
  return { clock, dynamoDb, environment, signIn, missingTokens };
};

describe('the token of a session that has ended', () => {
  it.each([
    ['1 environment, 500 a minute', 1, member],
    ['6 environments, 500 a minute', 6, member],
    ['50 environments, 500 a minute', 50, member],
    ['6 environments, 10 an hour', 6, limitOf(10, 3_600, 10)],
    ['6 environments, 1 a second and a burst of 1', 6, limitOf(1, 1, 1)],
  ])('takes no token of its user, over %s', async (_, count, rule) => {
    const { clock, environment, signIn, missingTokens } = await world(rule);
    const environments = Array.from({ length: count }, environment);
    for (let round = 0; round < 100; round += 1) {
      const responses = await Promise.all(environments.map(({ ask }) => ask()));
      expect(responses.every(({ statusCode }) => statusCode === 401 || statusCode === 429)).toBe(
        true,
      );
      expect(missingTokens()).toBe(0);
      clock.nowMs += 50;
    }
    signIn();
    const { statusCode, headers } = await environment().ask();
    expect(statusCode).toBe(200);
    expect(headers?.['ratelimit']).toContain(`r=${rule.burst - 1};`);
  });

  it('costs one read and two writes in the first second of an environment, however often it is sent', async () => {
    const { dynamoDb, environment } = await world(member);
    const { ask, lines } = environment();
    for (let request = 0; request < 100; request += 1) {
      expect(await ask()).toMatchObject({
        statusCode: 401,
        problem: { code: 'CREDENTIALS_EXPIRED' },
      });
    }
    expect(dynamoDb.calls).toEqual({ reads: 1, writes: 2 });
    expect(lines[0]).toMatchObject({ error: { note: 'the sessions table has no such item' } });
    expect(lines[1]).toMatchObject({ error: { note: 'this session had ended a moment ago' } });
  });

  it('is refused without the RateLimit fields of a limit that it was not charged', async () => {
    const { environment } = await world(member);
    expect((await environment().ask()).headers).not.toHaveProperty('ratelimit');
  });

  it('stays charged to its address, where the limit counts addresses', async () => {
    const { dynamoDb, environment } = await world({ ...member, per: ['ip'] });
    await environment().ask();
    expect(dynamoDb.calls.writes).toBe(1);
    expect(dynamoDb.peek('limits', 'member#ip#198.51.100.7')).toBeDefined();
  });
});
