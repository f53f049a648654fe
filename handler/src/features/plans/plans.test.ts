import { describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { gatewayWith, nowMs as startMs, route, send } from '../../../testing/gateway-with.ts';
import { limitOf } from '../../../testing/rate-limit-rules.ts';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import type { Route } from '../../contract.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import { createBuckets } from '../../stores/buckets/bucket-store.ts';
import type { Quota } from '../../stores/quotas/quota.ts';
import { createQuotas } from '../../stores/quotas/quota-store.ts';
import type { Session } from '../../stores/sessions/session.ts';
import { type Plan, plans } from './plans.ts';
import { quota } from './quota.ts';

const free: Quota = { name: 'free', limit: 3, period: 'day', onStoreFailure: 'allow' };
const midnightMs = Date.UTC(2027, 0, 16);

const slow = { ...limitOf(60, 60, 2), name: 'slow' };
const visitor = { ...limitOf(60, 60, 1), name: 'visitor', per: ['ip'] as const };
const search = { ...limitOf(60, 60, 1), name: 'search' };

/** A credential is the name of a caller, in the header `authorization`. */
const callers: Readonly<Record<string, Partial<Session>>> = {
  acme: { consumer: 'acme', plan: 'free' },
  globex: { consumer: 'globex', plan: 'free' },
  initech: { consumer: 'initech', plan: 'gone' },
  proto: { consumer: 'proto', plan: 'constructor' },
  alice: {},
};

interface World {
  readonly plan?: Plan;
  readonly changes?: Partial<Route>;
  readonly session?: (userId: string) => Promise<Session>;
}

const world = ({ plan = { quota: free }, changes = {}, session }: World = {}) => {
  const clock = { nowMs: startMs };
  const now = () => clock.nowMs;
  const table = createFakeDynamoDb({ usage: 'usage_id', limits: 'rate_limit_key' });
  const store = { isDown: false };
  const dynamoDb = {
    ...table,
    updateItem: (...call: Parameters<typeof table.updateItem>) =>
      store.isDown ? Promise.reject(new StoreUnavailable('down')) : table.updateItem(...call),
  };
  const signedIn = { access: { kind: 'signed-in', alternatives: [{ key: [] }], method: 'key' } };
  const it = gatewayWith({
    routes: [
      route('GET /', { ...(signedIn as Partial<Route>), ...changes }),
      route('GET /admin', {
        access: { kind: 'signed-in', alternatives: [{ key: ['admin'] }], method: 'key' } as never,
      }),
      route('GET /open'),
      route('GET /openapi.json', {
        ...(signedIn as Partial<Route>),
        target: { kind: 'built-in', name: 'openapi' },
      }),
    ],
    signIn: {
      key: {
        authenticate: async (exchange) => {
          const userId = exchange.request.headers['authorization'] ?? '';
          exchange.claims = { userId };
          exchange.session =
            session?.(userId) ?? Promise.resolve({ userId, roles: [], ...callers[userId] });
          exchange.session.catch(() => undefined);
        },
      },
    },
    buckets: createBuckets({ dynamoDb, tableName: 'limits', now }),
    features: {
      plans: plans({ free: plan }),
      quota: (tools) =>
        quota({ ...tools, quotas: createQuotas({ dynamoDb, tableName: 'usage', now }) }),
    },
    now,
  });
  const call = (caller: string, path = '/') =>
    send(it, 'GET', path, { headers: { authorization: caller } });
  const statuses = async (count: number, ...given: Parameters<typeof call>) => {
    const all: Array<number | undefined> = [];
    for (let sent = 0; sent < count; sent += 1) all.push((await call(...given)).statusCode);
    return all;
  };
  return { ...it, clock, table, store, call, statuses };
};

describe('the quota of a plan', () => {
  it('admits its requests in a day, and responds 429 until the next begins', async () => {
    const it = world();
    it.clock.nowMs = midnightMs - 1_500;
    expect(await it.statuses(5, 'acme')).toEqual([200, 200, 200, 429, 429]);
    const { headers, problem } = await it.call('acme');
    expect(headers).toMatchObject({
      'retry-after': '2',
      'ratelimit-policy': '"free-quota";q=3;w=86400',
      ratelimit: '"free-quota";r=0;t=2',
    });
    expect(problem).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      detail: 'The quota of this day is used up. It begins anew at 2027-01-16T00:00:00.000Z.',
      'violated-policies': ['free-quota'],
    });
    it.clock.nowMs = midnightMs - 1;
    expect((await it.call('acme')).statusCode).toBe(429);
    it.clock.nowMs = midnightMs;
    expect((await it.call('acme')).statusCode).toBe(200);
  });

  it('is shown in every response, beside the rate limits', async () => {
    const { headers } = await world({ plan: { quota: free, rateLimits: [slow] } }).call('acme');
    expect(headers).toMatchObject({
      'ratelimit-policy': '"slow";q=60;w=60, "free-quota";q=3;w=86400',
      ratelimit: expect.stringMatching(/^"slow";r=1;t=\d+, "free-quota";r=2;t=\d+$/),
    });
  });

  it('says in a month how long that month is', async () => {
    const monthly: Quota = { ...free, period: 'month' };
    const { headers } = await world({ plan: { quota: monthly } }).call('acme');
    expect(headers?.['ratelimit-policy']).toBe(`"free-quota";q=3;w=${31 * 86_400}`);
  });

  it('counts each consumer, and nobody without a plan', async () => {
    const it = world();
    expect(await it.statuses(4, 'acme')).toEqual([200, 200, 200, 429]);
    expect(await it.statuses(4, 'globex')).toEqual([200, 200, 200, 429]);
    expect(await it.statuses(5, 'alice')).toEqual([200, 200, 200, 200, 200]);
    expect((await it.call('alice')).headers).not.toHaveProperty('ratelimit');
    expect(it.table.peek('usage', '2027-01-15#free#acme')).toMatchObject({ used: { N: '3' } });
  });

  it('counts a user of another sign-in method apart from a consumer of the same name', async () => {
    const it = world({ session: async (userId) => ({ userId, roles: [], plan: 'free' }) });
    await it.call('acme');
    expect(it.table.peek('usage', '2027-01-15#free#user#acme')).toMatchObject({ used: { N: '1' } });
  });

  it('does not count what the gateway itself refuses or responds', async () => {
    const violation = { pointer: '', detail: 'must be text' };
    const it = world({
      changes: { validate: ({ query }) => (query === 'bad' ? [violation] : []) },
    });
    expect((await it.call('acme', '/admin')).statusCode).toBe(403);
    expect((await it.call('acme', '/openapi.json')).statusCode).toBe(200);
    const headers = { authorization: 'acme' };
    expect((await send(it, 'GET', '/', { headers, query: 'bad' })).statusCode).toBe(400);
    expect(it.table.peek('usage', '2027-01-15#free#acme')).toBeUndefined();
    expect((await it.call('acme')).headers?.['ratelimit']).toMatch(/r=2/);
  });

  it('does not count a request above a rate limit', async () => {
    const it = world({ plan: { quota: free, rateLimits: [slow] } });
    expect(await it.statuses(4, 'acme')).toEqual([200, 200, 429, 429]);
    expect(it.table.peek('usage', '2027-01-15#free#acme')).toMatchObject({ used: { N: '2' } });
  });

  it('refuses without a write once it is used up, and counts that by its name', async () => {
    const it = world();
    await it.statuses(20, 'acme');
    expect(it.table.calls).toEqual({ reads: 0, writes: 3 });
    const refusals = it.counted.filter(([name]) => name === 'rateLimited');
    expect(refusals).toHaveLength(17);
    expect(refusals[0]).toEqual(['rateLimited', 1, { rule: 'free-quota' }]);
  });

  it('is in the log line with the plan', async () => {
    const it = world();
    await it.statuses(4, 'acme');
    expect(it.lines[0]).toMatchObject({ user_id: 'acme', plan: 'free', quota_remaining: 2 });
    expect(it.lines[3]).toMatchObject({
      plan: 'free',
      quota_remaining: 0,
      error_code: 'QUOTA_EXCEEDED',
    });
  });

  it.each([
    ['allow', 200, undefined],
    ['deny', 503, 'RATE_LIMIT_STORE_UNAVAILABLE'],
  ] as const)('with onStoreFailure: %s responds %d while the table is down', async (...each) => {
    const [onStoreFailure, status, code] = each;
    const it = world({ plan: { quota: { ...free, onStoreFailure } } });
    it.store.isDown = true;
    const { statusCode, problem } = await it.call('acme');
    expect({ statusCode, code: problem['code'] }).toEqual({ statusCode: status, code });
    expect(it.counted).toContainEqual(['limiterStoreFailures', 1]);
    expect(JSON.stringify(it.lines)).toContain('StoreUnavailable');
  });
});

describe('a plan', () => {
  it.each(['initech', 'proto'])(
    'that the contract does not have refuses its caller %s with 403, and the log names it',
    async (caller) => {
      const it = world();
      const { statusCode, problem } = await it.call(caller);
      expect({ statusCode, code: problem['code'] }).toEqual({
        statusCode: 403,
        code: 'PLAN_UNKNOWN',
      });
      expect(it.lines).toEqual([
        expect.objectContaining({
          plan: callers[caller]?.plan,
          error_code: 'PLAN_UNKNOWN',
          error: { note: 'the contract has no plan of this name' },
        }),
      ]);
      expect(it.table.calls).toEqual({ reads: 0, writes: 0 });
    },
  );

  it('does not concern public routes', async () => {
    expect((await world().call('initech', '/open')).statusCode).toBe(200);
  });

  it('has rate limits in place of the default ones, by caller', async () => {
    const it = world({ plan: { rateLimits: [slow] }, changes: { rateLimits: [visitor] } });
    expect(await it.statuses(3, 'acme')).toEqual([200, 200, 429]);
    expect(await it.statuses(3, 'globex')).toEqual([200, 200, 429]);
    expect(await it.statuses(2, 'alice')).toEqual([200, 429]);
  });

  it('has its rate limits beside those that a route has of its own', async () => {
    const changes = { rateLimits: [search, slow], hasOwnRateLimits: true } as const;
    const it = world({ plan: { rateLimits: [slow] }, changes });
    const { headers } = await it.call('acme');
    expect(headers?.['ratelimit-policy']).toBe('"search";q=60;w=60, "slow";q=60;w=60');
    const { problem } = await it.call('acme');
    expect(problem['violated-policies']).toEqual(['search']);
  });

  it('without rate limits leaves those of the route', async () => {
    const it = world({ plan: {}, changes: { rateLimits: [visitor] } });
    expect(await it.statuses(2, 'acme')).toEqual([200, 429]);
  });

  it('refuses addresses that it does not allow, before a limit counts', async () => {
    const plan = { quota: free, rateLimits: [slow], ipRules: { allow: ['10.0.0.0/8'] } };
    const it = world({ plan });
    expect((await it.call('acme')).problem['code']).toBe('IP_DENIED');
    expect((await it.call('alice')).statusCode).toBe(200);
    expect(it.table.calls.writes).toBe(0);
    expect(it.lines[0]).toMatchObject({
      plan: 'free',
      error: { note: 'ipRules do not allow the address, by the plan' },
    });
  });

  it('of a session that has ended is not looked for: 401, and nothing is counted', async () => {
    const it = world({
      session: () =>
        Promise.reject(new GatewayError('CREDENTIALS_EXPIRED', { detail: 'Sign in again.' })),
    });
    expect((await it.call('acme')).problem['code']).toBe('CREDENTIALS_EXPIRED');
    expect(it.table.calls.writes).toBe(0);
  });
});
