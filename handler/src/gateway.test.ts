import { describe, expect, it, jest } from '@jest/globals';
import { lambdaContext } from '../testing/events.ts';
import {
  gatewayWith,
  nowMs,
  route,
  send,
  signedIn,
  tokenOfAlice,
} from '../testing/gateway-with.ts';
import { member } from '../testing/rate-limit-rules.ts';
import { StoreUnavailable } from './aws/aws-call.ts';
import { GatewayError } from './http/gateway-error.ts';
import type { GatewayResponse } from './http/response.ts';

type Respond = (input: unknown) => Promise<GatewayResponse>;

const users = route('GET /users/{id}', { ...signedIn('user'), rateLimits: [member] });
const bearer = async () => ({ headers: { authorization: `Bearer ${await tokenOfAlice()}` } });

describe('a request through the gateway', () => {
  it('is forwarded with its caller and logged in one line', async () => {
    const respond = jest.fn<Respond>(async () => ({
      statusCode: 201,
      headers: {},
      cookies: ['a=1', 'b=2'],
    }));
    const it = gatewayWith({ routes: [users], respond });
    const { headers } = await bearer();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
    const response = await send(it, 'GET', '/users/7', { headers: { ...headers, traceparent } });
    expect(response).toMatchObject({
      statusCode: 201,
      headers: { 'x-request-id': 'request-1' },
      cookies: ['a=1', 'b=2'],
    });
    expect(respond).toHaveBeenCalledWith(
      expect.objectContaining({
        caller: { userId: 'alice', roles: ['user'] },
        route: users,
        params: { id: '7' },
        deadlineMs: nowMs + 29_000 - 250,
      }),
    );
    expect(it.lines).toEqual([
      {
        level: 'info',
        message: 'request',
        correlation_id: 'request-1',
        trace_id: traceId,
        user_id: 'alice',
        method: 'GET',
        path: '/users/7',
        route: 'GET /users/{id}',
        status_code: 201,
        duration_ms: 0,
        upstream: 'users',
        upstream_ms: 7,
        upstream_attempts: 1,
        cold_start: true,
        error_code: undefined,
        error: undefined,
      },
    ]);
  });

  it('belongs to the trace of its invocation if Lambda reports one', async () => {
    const it = gatewayWith({
      routes: [route('GET /')],
      lambdaTrace: () =>
        'Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1',
    });
    await send(it, 'GET', '/');
    expect(it.lines).toMatchObject([{ trace_id: '0af7651916cd43dd8448eb211c80319c' }]);
  });

  it('reads the token from the cookie', async () => {
    const response = await send(gatewayWith({ routes: [users] }), 'GET', '/users/7', {
      cookies: ['theme=dark', `session_token=${await tokenOfAlice()}`],
    });
    expect(response.statusCode).toBe(200);
  });

  it('prefers the token from the __Host- cookie to a cookie that a subdomain may have set', async () => {
    const respond = jest.fn<Respond>(async () => ({ statusCode: 200, headers: {} }));
    const it = gatewayWith({ routes: [users], respond });
    for (const planted of [['session_token=planted'], ['session_token=a', 'session_token=b'], []]) {
      const cookies = [...planted, `__Host-session_token=${await tokenOfAlice()}`];
      expect(await send(it, 'GET', '/users/7', { cookies })).toMatchObject({ statusCode: 200 });
    }
    expect(respond).toHaveBeenCalledTimes(3);
  });

  it.each([
    ['sets none', {}, 'private, no-store'],
    ['sets one', { 'cache-control': 'max-age=60' }, 'max-age=60'],
    ['sets an empty one', { 'cache-control': '' }, ''],
  ])(
    'has a Cache-Control that keeps a signed-in caller’s response out of caches if the service %s',
    async (_, headers, expected) => {
      const respond = async () => ({ statusCode: 200, headers: { ...headers } });
      const it = gatewayWith({ routes: [users, route('GET /')], respond });
      const signed = await send(it, 'GET', '/users/7', await bearer());
      expect(signed.headers?.['cache-control']).toBe(expected);
      const open = await send(it, 'GET', '/', await bearer());
      expect(open.headers).toEqual(expect.objectContaining(headers));
      expect('cache-control' in (open.headers ?? {})).toBe('cache-control' in headers);
    },
  );

  it('has the security headers and the request id, and does not identify the server', async () => {
    const respond = async () => ({
      statusCode: 200,
      headers: { server: 'nginx/1.2', 'x-powered-by': 'PHP', 'x-frame-options': 'SAMEORIGIN' },
    });
    const { headers } = await send(gatewayWith({ routes: [route('GET /')], respond }), 'GET', '/');
    expect(headers).toEqual({
      'strict-transport-security': 'max-age=63072000; includeSubDomains',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-frame-options': 'SAMEORIGIN',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-request-id': 'request-1',
    });
  });

  it('shows the limit’s state on every response', async () => {
    const { headers } = await send(
      gatewayWith({ routes: [users] }),
      'GET',
      '/users/7',
      await bearer(),
    );
    expect(headers).toMatchObject({
      'ratelimit-policy': expect.stringContaining('"member"'),
      ratelimit: expect.stringContaining('r=9'),
    });
  });

  it('counts cold starts once', async () => {
    const it = gatewayWith({ routes: [route('GET /')] });
    await send(it, 'GET', '/');
    await send(it, 'GET', '/');
    expect(it.counted.filter(([name]) => name === 'coldStarts')).toHaveLength(1);
    expect(it.counted.filter(([name]) => name === 'requests')).toHaveLength(2);
  });
});

describe('a request is refused', () => {
  const gateway = (options = {}) =>
    gatewayWith({ routes: [users, route('POST /users')], ...options });

  it('with 404 if there is no route', async () => {
    const it = gateway();
    expect(await send(it, 'GET', '/nowhere')).toMatchObject({
      statusCode: 404,
      problem: {
        type: 'https://docs.example.com/errors#ROUTE_NOT_FOUND',
        code: 'ROUTE_NOT_FOUND',
        status: 404,
        request_id: 'request-1',
      },
    });
    expect(it.lines).toEqual([
      expect.objectContaining({
        route: 'unmatched',
        status_code: 404,
        error_code: 'ROUTE_NOT_FOUND',
      }),
    ]);
  });

  it('with 405 and Allow if the path has no route for the method', async () => {
    expect(await send(gateway(), 'PATCH', '/users/7')).toMatchObject({
      statusCode: 405,
      headers: { allow: 'GET, HEAD' },
    });
  });

  it.each([
    ['no token', {}, 'CREDENTIALS_MISSING'],
    ['another scheme', { headers: { authorization: 'Basic YTpi' } }, 'CREDENTIALS_MISSING'],
    ['a forged token', { headers: { authorization: 'Bearer a.b.c' } }, 'CREDENTIALS_INVALID'],
    ['two cookies', { cookies: ['session_token=a', 'session_token=b'] }, 'CREDENTIALS_INVALID'],
    [
      'two cookies with the prefix',
      { cookies: ['__Host-session_token=a', '__Host-session_token=b', 'session_token=c'] },
      'CREDENTIALS_INVALID',
    ],
  ])('with 401 and a challenge for %s, without a call to any store', async (_, parts, code) => {
    const find = jest.fn<never>();
    const take = jest.fn<never>();
    const it = gateway({ sessions: { find }, buckets: { take } });
    const response = await send(it, 'GET', '/users/7', parts);
    expect(response).toMatchObject({ statusCode: 401, problem: { code } });
    expect(response.headers?.['www-authenticate']).toMatch(/^Bearer realm="postern"/);
    expect(find).not.toHaveBeenCalled();
    expect(take).not.toHaveBeenCalled();
    expect(it.counted).toContainEqual(['authFailures', 1]);
  });

  it('with 403 if the session has none of the roles', async () => {
    const admin = route('GET /admin', signedIn('admin', 'owner'));
    expect(
      await send(gatewayWith({ routes: [admin] }), 'GET', '/admin', await bearer()),
    ).toMatchObject({
      statusCode: 403,
      headers: { 'www-authenticate': 'Bearer realm="postern", error="insufficient_scope"' },
      problem: { code: 'ACCESS_DENIED', detail: 'Required: admin, or owner.' },
    });
  });

  describe('as a cross-site request', () => {
    const change = route('POST /users', { ...signedIn('user'), rateLimits: [member] });
    const cookies = async () => [`session_token=${await tokenOfAlice()}`];
    const foreign = { origin: 'https://evil.example' };

    it('with 403, before the session is read, the limit is counted or the service is called', async () => {
      const find = jest.fn<never>();
      const take = jest.fn<never>();
      const respond = jest.fn<Respond>();
      const verify = jest.fn<never>();
      const it = gatewayWith({
        routes: [change],
        sessions: { find },
        buckets: { take },
        tokens: { verify },
        respond,
      });
      for (const name of ['session_token', '__Host-session_token']) {
        const response = await send(it, 'POST', '/users', {
          cookies: [`${name}=${await tokenOfAlice()}`],
          headers: foreign,
        });
        expect(response).toMatchObject({
          statusCode: 403,
          problem: { code: 'CROSS_SITE_REQUEST' },
        });
      }
      for (const called of [find, take, respond, verify]) expect(called).not.toHaveBeenCalled();
    });

    it.each([
      ['a page of the gateway’s own origin', { origin: 'https://api.example.com' }],
      ['a page of an allowed origin', { origin: 'https://app.example.com' }],
      ['no browser', {}],
    ])('but not for %s', async (_, headers) => {
      const it = gatewayWith({
        routes: [change],
        allowedOrigins: new Set(['https://app.example.com']),
      });
      const domainName = 'api.example.com';
      const request = { cookies: await cookies(), headers, domainName, stage: '$default' };
      expect(await send(it, 'POST', '/users', request)).toMatchObject({ statusCode: 200 });
    });

    it('but not if the token is in Authorization, which browsers never add by themselves', async () => {
      const it = gatewayWith({ routes: [change] });
      const headers = { ...foreign, authorization: `Bearer ${await tokenOfAlice()}` };
      const request = { headers, cookies: await cookies() };
      expect(await send(it, 'POST', '/users', request)).toMatchObject({ statusCode: 200 });
    });

    it('but not on a public route, nor without a session', async () => {
      const it = gatewayWith({ routes: [route('POST /open'), change] });
      const withCookie = { headers: foreign, cookies: await cookies() };
      expect(await send(it, 'POST', '/open', withCookie)).toMatchObject({ statusCode: 200 });
      expect(await send(it, 'POST', '/users', { headers: foreign })).toMatchObject({
        problem: { code: 'CREDENTIALS_MISSING' },
      });
    });
  });

  it('with 413 for a body over the route’s size', async () => {
    const body = Buffer.alloc(1_025);
    expect(await send(gateway(), 'POST', '/users', { body })).toMatchObject({ statusCode: 413 });
  });

  it('with 400 and the position of each violation', async () => {
    const violations = [{ pointer: '/name', detail: 'is missing' }] as const;
    const strict = route('POST /users', { validate: () => violations });
    expect(await send(gatewayWith({ routes: [strict] }), 'POST', '/users')).toMatchObject({
      statusCode: 400,
      problem: { code: 'VALIDATION_FAILED', errors: violations },
    });
  });

  it.each(['/users/../admin', '/users/./7', '/users//7', '/users/a\\b', '/users/a\u0000b'])(
    'with 400 for the path %j',
    async (path) => {
      expect(await send(gateway(), 'GET', path)).toMatchObject({
        statusCode: 400,
        problem: { code: 'BAD_PATH' },
      });
    },
  );

  it('with 400 if the event is not from an HTTP API', async () => {
    const it = gateway();
    expect(await it.gateway({ httpMethod: 'GET' }, lambdaContext())).toMatchObject({
      statusCode: 400,
    });
    expect(it.lines).toEqual([expect.objectContaining({ error_code: 'BAD_REQUEST' })]);
  });

  it('without a body if the method is HEAD', async () => {
    expect((await send(gateway(), 'HEAD', '/nowhere')).body).toBeUndefined();
  });
});

describe('the rate limit', () => {
  const refused = { allowed: false, remaining: 0, resetSeconds: 60, retryAfterSeconds: 3 } as const;
  const take = async () => refused;

  it('responds 429 with Retry-After, after the session’s read has ended', async () => {
    let settled = false;
    const find = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      settled = true;
      return { userId: 'alice', roles: [] };
    };
    const it = gatewayWith({ routes: [users], buckets: { take }, sessions: { find } });
    expect(await send(it, 'GET', '/users/7', await bearer())).toMatchObject({
      statusCode: 429,
      headers: { 'retry-after': '3', ratelimit: expect.stringContaining('r=0') },
      problem: { code: 'RATE_LIMITED' },
    });
    expect(settled).toBe(true);
    expect(it.counted).toContainEqual(['rateLimited', 1, { rule: 'member' }]);
  });

  it('in shadow mode counts, refuses no request and sends no headers', async () => {
    const shadow = route('GET /', { rateLimits: [{ ...member, per: ['ip'], mode: 'shadow' }] });
    const it = gatewayWith({ routes: [shadow], buckets: { take } });
    const { statusCode, headers } = await send(it, 'GET', '/');
    expect(statusCode).toBe(200);
    expect(headers).not.toHaveProperty('ratelimit');
    expect(it.counted).toContainEqual(['shadowRefusals', 1, { rule: 'member' }]);
    expect(it.counted.map(([name]) => name)).not.toContain('rateLimited');
  });

  it.each([
    ['lets requests through', 'allow', 200],
    ['refuses them with 503', 'deny', 503],
  ] as const)(
    '%s when the store is down and the rule says %s',
    async (_, onStoreFailure, status) => {
      const down = async () => {
        throw new StoreUnavailable('down');
      };
      const limited = route('GET /', { rateLimits: [{ ...member, per: ['ip'], onStoreFailure }] });
      const it = gatewayWith({ routes: [limited], buckets: { take: down } });
      expect((await send(it, 'GET', '/')).statusCode).toBe(status);
      expect(it.counted).toContainEqual(['limiterStoreFailures', 1]);
    },
  );

  it('counts by the caller in the signed token, in parallel with the session’s read', async () => {
    const order: string[] = [];
    const it = gatewayWith({
      routes: [users],
      buckets: {
        take: async (key) => {
          order.push(`take ${key}`);
          return { allowed: true, remaining: 1, resetSeconds: 1, takenAtMicros: 0 };
        },
      },
      sessions: {
        find: async () => {
          order.push('read begins');
          await new Promise((resolve) => setTimeout(resolve, 5));
          order.push('read ends');
          return { userId: 'alice', roles: ['user'] };
        },
      },
    });
    await send(it, 'GET', '/users/7', await bearer());
    expect(order).toEqual(['read begins', 'take member#caller#alice', 'read ends']);
  });
});

describe('an internal failure', () => {
  it('responds 503, not 401, when the session store is unreachable', async () => {
    const find = async () => {
      throw new GatewayError('SESSION_STORE_UNAVAILABLE', {
        detail: 'Later.',
        cause: new Error('x'),
      });
    };
    const it = gatewayWith({ routes: [users], sessions: { find } });
    expect(await send(it, 'GET', '/users/7', await bearer())).toMatchObject({
      statusCode: 503,
      problem: { code: 'SESSION_STORE_UNAVAILABLE' },
    });
    expect(it.lines[0]).toMatchObject({ level: 'error', error: { name: 'Error' } });
    expect(it.counted).toContainEqual(['serverErrors', 1, { route: 'GET /users/{id}' }]);
  });

  it('responds 500 without details of an unexpected error', async () => {
    const respond = async () => {
      throw new Error('password hunter2');
    };
    const it = gatewayWith({ routes: [route('GET /')], respond });
    const response = await send(it, 'GET', '/');
    expect(response).toMatchObject({ statusCode: 500, problem: { code: 'INTERNAL_ERROR' } });
    expect(JSON.stringify([response, it.lines])).not.toContain('hunter2');
  });

  it('responds even if the log or the metrics throw', async () => {
    const broken = () => {
      throw new Error('no output');
    };
    const it = gatewayWith({
      routes: [route('GET /')],
      metrics: { add: broken, endRequest: broken },
    });
    expect((await send(it, 'GET', '/')).statusCode).toBe(500);
  });
});
