import { describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import type { httpApiEvent } from '../../../testing/events.ts';
import {
  gatewayWith,
  nowMs as startMs,
  route,
  send,
  signedIn,
} from '../../../testing/gateway-with.ts';
import { limitOf, visitor } from '../../../testing/rate-limit-rules.ts';
import type { DynamoDb } from '../../stores/dynamodb/dynamodb.ts';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import { failureLimit } from './failure-limit.ts';
import { createBuckets } from '../../stores/buckets/bucket-store.ts';

const rule = { ...limitOf(100, 60, 100), name: 'failure_limit', per: ['ip'] } as const;
const table = () => createFakeDynamoDb({ limits: 'rate_limit_key' });

const open = ({
  dynamoDb = table(),
  mode = 'enforce',
}: { dynamoDb?: DynamoDb; mode?: 'enforce' | 'shadow' } = {}) => {
  const clock = { nowMs: startMs };
  const now = () => clock.nowMs;
  const it = gatewayWith({
    routes: [
      route('GET /public'),
      route('GET /users', signedIn()),
      route('POST /small', { maxBodyBytes: 1 }),
      route('POST /limited', {
        maxBodyBytes: 1,
        rateLimits: [{ ...visitor, limit: 10_000, burst: 10_000, mode }],
      }),
    ],
    buckets: createBuckets({ dynamoDb, tableName: 'limits', now }),
    features: { failureLimit: failureLimit(rule) },
    now,
  });
  return { ...it, clock };
};
type Open = ReturnType<typeof open>;

const statusesOf = async (
  it: Open,
  count: number,
  ...request: Parameters<typeof httpApiEvent>
): Promise<Record<number, number>> => {
  const counts: Record<number, number> = {};
  for (let sent = 0; sent < count; sent += 1) {
    const { statusCode = 0 } = await send(it, ...request);
    counts[statusCode] = (counts[statusCode] ?? 0) + 1;
  }
  return counts;
};

describe('the failure limit', () => {
  it.each([
    ['forged tokens', 'GET', '/users', { headers: { authorization: 'Bearer a.b.c' } }, 401],
    ['requests without a token', 'GET', '/users', {}, 401],
    ['unknown paths', 'GET', '/nowhere', {}, 404],
    ['paths that cannot be forwarded', 'GET', '/a/../b', {}, 400],
    ['other methods', 'DELETE', '/public', {}, 405],
    ['bodies too large', 'POST', '/small', { body: 'ab' }, 413],
  ] as const)(
    'passes 105 of 1,000 %s, and responds 429 to the others',
    async (_, method, path, parts, status) => {
      const it = open();
      expect(await statusesOf(it, 1_000, method, path, parts)).toEqual({ [status]: 105, 429: 895 });
      const { statusCode, headers, problem } = await send(it, method, path, parts);
      expect(statusCode).toBe(429);
      expect(headers?.['retry-after']).toBe('1');
      expect(headers).not.toHaveProperty('ratelimit');
      expect(problem).toMatchObject({
        code: 'RATE_LIMITED',
        detail: 'Too many requests from this address failed. Try again in 1 s.',
        'violated-policies': ['failure_limit'],
      });
    },
  );

  it('refuses no successful request, even if others behind the same address fail', async () => {
    const it = open();
    await statusesOf(it, 1_000, 'GET', '/nowhere');
    expect(await statusesOf(it, 100, 'GET', '/public')).toEqual({ 200: 100 });
  });

  it('counts each address by itself, and a /64 of IPv6 as one', async () => {
    const it = open();
    await statusesOf(it, 1_000, 'GET', '/nowhere', { clientIp: '2001:db8:1:2::1' });
    const ask = async (clientIp: string) =>
      (await send(it, 'GET', '/nowhere', { clientIp })).statusCode;
    expect(await ask('2001:db8:1:2:ffff::7')).toBe(429);
    expect(await ask('2001:db8:1:3::1')).toBe(404);
    expect(await ask('198.51.100.8')).toBe(404);
  });

  it('passes failures of an address again after a while', async () => {
    const it = open();
    await statusesOf(it, 1_000, 'GET', '/nowhere');
    it.clock.nowMs += 60_000;
    const { 404: failed = 0 } = await statusesOf(it, 1_000, 'GET', '/nowhere');
    expect(failed).toBeGreaterThanOrEqual(100);
    expect(failed).toBeLessThanOrEqual(105);
  });

  it('does not count a request that a limit of the contract was charged for', async () => {
    const it = open();
    expect(await statusesOf(it, 300, 'POST', '/limited', { body: 'ab' })).toEqual({ 413: 300 });
  });

  it('counts a request that a limit in shadow mode was charged for, because that limit refuses no request', async () => {
    const it = open({ mode: 'shadow' });
    expect(await statusesOf(it, 300, 'POST', '/limited', { body: 'ab' })).toEqual({
      413: 105,
      429: 195,
    });
  });

  it('needs no write while an address fails at most five times per minute', async () => {
    const dynamoDb = table();
    const it = open({ dynamoDb });
    for (let minute = 0; minute < 60; minute += 1) {
      expect(await statusesOf(it, 5, 'GET', '/nowhere')).toEqual({ 404: 5 });
      await statusesOf(it, 50, 'GET', '/public');
      it.clock.nowMs += 60_000;
    }
    expect(dynamoDb.calls).toEqual({ reads: 0, writes: 0 });
  });

  it('returns failures unchanged when the table cannot be reached', async () => {
    const down = async (): Promise<never> => {
      throw new StoreUnavailable('down');
    };
    const it = open({ dynamoDb: { getItem: down, updateItem: down } });
    expect(await statusesOf(it, 200, 'GET', '/nowhere')).toEqual({ 404: 200 });
    expect(it.counted).toContainEqual(['limiterStoreFailures', 1]);
  });

  it('reduces the log of an address over the limit to one line per second, with the number of omitted lines', async () => {
    const it = open();
    for (let second = 0; second < 5; second += 1) {
      await statusesOf(it, 200, 'GET', '/users');
      it.clock.nowMs += 1_000;
    }
    const thinned = it.lines.filter(({ status_code: status }) => status === 429);
    expect(thinned).toHaveLength(5);
    expect(thinned.at(-1)).toMatchObject({
      error_code: 'RATE_LIMITED',
      error: { note: 'over the failure limit: CREDENTIALS_MISSING' },
      lines_left_out: expect.any(Number),
    });
    const leftOut = thinned.reduce((sum, line) => sum + Number(line['lines_left_out']), 0);
    expect(leftOut + it.lines.length).toBeGreaterThan(800);
  });

  it('counts every failure in the metrics, including failed sign-ins that became 429', async () => {
    const it = open();
    await statusesOf(it, 1_000, 'GET', '/users');
    const countOf = (name: string) => it.counted.filter(([counted]) => counted === name).length;
    expect(countOf('requests')).toBe(1_000);
    expect(countOf('clientErrors')).toBe(1_000);
    expect(countOf('authFailures')).toBe(1_000);
    expect(it.counted).toContainEqual(['rateLimited', 1, { rule: 'failure_limit' }]);
  });
});
