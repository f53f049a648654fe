import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { gatewayRequest } from '../../../testing/gateway-request.ts';
import { nowMs, route } from '../../../testing/gateway-with.ts';
import { recordLog } from '../../../testing/recorded-log.ts';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';
import type { ForwardInput } from '../../parts.ts';
import { noPurges, type PurgeList, withPurge } from '../../stores/cache/purge-list.ts';
import type { DynamoDb } from '../../stores/dynamodb/dynamodb.ts';
import { createResponseTable } from '../../stores/cache/dynamodb-responses.ts';
import { type CacheResult, forwardCached } from './cache.ts';
import type { CachePlan } from './cache-key.ts';

type Respond = (
  request: GatewayRequest,
  count: number,
) => GatewayResponse | GatewayError | Promise<GatewayResponse | GatewayError>;

const page = (headers: Record<string, string> = {}, more: Partial<GatewayResponse> = {}) => ({
  statusCode: 200,
  headers: { 'content-type': 'text/plain', ...headers },
  ...more,
});

/** A route with a cache whose upstream responds as given, numbered, and what reached the upstream. */
const cached = (
  respond: Respond = () => page(),
  plan: CachePlan = { ttlSeconds: 60 },
  { table, clock = { nowMs } }: { table?: DynamoDb; clock?: { nowMs: number } } = {},
) => {
  const world: { purges: PurgeList } = { purges: noPurges };
  const received: GatewayRequest[] = [];
  const counted: unknown[] = [];
  const { log, lines } = recordLog();
  const tools = {
    now: () => clock.nowMs,
    log,
    ...(table && {
      cachedResponses: createResponseTable({
        dynamoDb: table,
        tableName: 'cache',
        now: () => clock.nowMs,
      }),
    }),
    cachePurges: { read: async () => world.purges },
    metrics: {
      add: (...metric: readonly unknown[]) => void counted.push(metric),
      endRequest: () => undefined,
    },
  };
  const forward = forwardCached(async ({ request }) => {
    received.push(request);
    const count = received.length;
    const outcome = await respond(request, count);
    const isError = outcome instanceof GatewayError;
    return {
      upstream: { name: 'products', durationMs: 7 },
      outcome: isError ? outcome : { ...outcome, body: outcome.body ?? Buffer.from(`${count}`) },
    };
  }, tools);
  const send = async (
    changes: Partial<GatewayRequest> = {},
    input: Partial<ForwardInput> = {},
  ): Promise<{
    readonly result: CacheResult | undefined;
    readonly status: number;
    readonly cacheStatus: string | undefined;
    readonly body: string;
    readonly headers: Readonly<Record<string, string>>;
  }> => {
    const { upstream, outcome } = await forward({
      request: gatewayRequest({ path: '/products', ...changes }),
      route: route(`${changes.method ?? 'GET'} /products`, {
        ...(changes.method === undefined || changes.method === 'HEAD'
          ? { cache: plan }
          : plan.isInTable && { changesCached: true }),
      }),
      target: { kind: 'http', upstream: 'products', rewrite: undefined, timeoutMs: 1_000 },
      params: {},
      deadlineMs: clock.nowMs + 10_000,
      caller: undefined,
      callerKey: () => '',
      ...input,
    });
    const isError = outcome instanceof GatewayError;
    return {
      result: upstream.cache,
      status: isError ? outcome.status : outcome.statusCode,
      cacheStatus: isError ? outcome.code : outcome.headers['cache-status'],
      body: isError ? '' : String(outcome.body ?? ''),
      headers: isError ? {} : outcome.headers,
    };
  };
  return { send, received, clock, counted, world, lines };
};

const alice = { caller: { userId: 'alice', roles: [] } };
const bob = { caller: { userId: 'bob', roles: [] } };

describe('a route with a cache', () => {
  it('sends the stored response until the ttl ends, with its age', async () => {
    const { send, clock } = cached();
    expect(await send()).toMatchObject({
      result: 'miss',
      body: '1',
      cacheStatus: 'postern; fwd=uri-miss; stored',
    });
    clock.nowMs += 59_000;
    expect(await send()).toMatchObject({
      result: 'hit',
      body: '1',
      cacheStatus: 'postern; hit; ttl=1',
      headers: { age: '59' },
    });
    clock.nowMs += 1_000;
    expect(await send()).toMatchObject({ result: 'miss', body: '2' });
  });

  it('counts hits and misses by route', async () => {
    const { send, counted } = cached();
    await send();
    await send();
    expect(counted).toEqual([
      [{ name: 'CacheMisses', unit: 'Count' }, 1, { route: 'GET /products' }],
      [{ name: 'CacheHits', unit: 'Count' }, 1, { route: 'GET /products' }],
    ]);
  });

  it.each([
    ['max-age=10', 10],
    ['max-age=600', 600],
    ['max-age=600, s-maxage=20', 20],
    ['max-age=0', 0],
    ['no-cache', 0],
    ['no-store', 0],
    ['private', 0],
    ['private, max-age=600', 0],
  ])('does what the service says before what the contract says: %s', async (said, seconds) => {
    const { send, clock } = cached(() => page({ 'cache-control': said }));
    await send();
    clock.nowMs += seconds * 1_000 - 1;
    if (seconds > 0) expect(await send()).toMatchObject({ body: '1' });
    clock.nowMs += 1;
    expect(await send()).toMatchObject({ body: '2' });
  });

  it('without a ttl stores only what the service allows', async () => {
    const { send } = cached(() => page(), {});
    await send();
    expect(await send()).toMatchObject({ body: '2' });
    const allowed = cached(() => page({ 'cache-control': 'max-age=9' }), {});
    await allowed.send();
    expect(await allowed.send()).toMatchObject({ body: '1' });
  });

  it.each([
    [200, 60],
    [301, 60],
    [404, 10],
    [410, 10],
    [302, 0],
    [403, 0],
    [500, 0],
    [503, 0],
  ])(
    'stores a response of status %s for %s seconds if the service says nothing',
    async (statusCode, seconds) => {
      const { send, clock } = cached(() => page({}, { statusCode }));
      await send();
      clock.nowMs += Math.max(0, seconds * 1_000 - 1);
      expect(await send()).toMatchObject({ body: seconds > 0 ? '1' : '2', status: statusCode });
      clock.nowMs += 1;
      const next = await send();
      expect(next.result).toBe('miss');
    },
  );

  it('keeps the bytes of a body whose memory is used again', async () => {
    const body = Buffer.from('first');
    const { send } = cached(() => page({}, { body }));
    await send();
    body.fill('x');
    expect(await send()).toMatchObject({ body: 'first' });
  });

  it('sends no header that a later step added to an earlier response', async () => {
    const { send } = cached();
    const first = await send();
    (first.headers as Record<string, string>)['x-late'] = '1';
    const second = await send();
    expect(second.headers).not.toHaveProperty('x-late');
    (second.headers as Record<string, string>)['x-late'] = '1';
    expect((await send()).headers).not.toHaveProperty('x-late');
  });

  it('stores no header about the limits of one request', async () => {
    const limits = { 'x-ratelimit-remaining': '9', ratelimit: 'a;r=9', 'x-rate-limit-reset': '1' };
    const { send } = cached(() => page({ ...limits, 'x-other': '1' }));
    expect((await send()).headers).toMatchObject(limits);
    const { headers } = await send();
    expect(Object.keys(headers)).toEqual(['content-type', 'x-other', 'age', 'cache-status']);
  });

  it('adds its status after that of a cache before the service', async () => {
    const { send } = cached(() => page({ 'cache-status': 'edge; fwd=uri-miss' }));
    expect(await send()).toMatchObject({
      cacheStatus: 'edge; fwd=uri-miss, postern; fwd=uri-miss; stored',
    });
  });
});

describe('the key of a stored response', () => {
  it.each<[string, Partial<GatewayRequest>]>([
    ['path', { path: '/products/1' }],
    ['query', { query: 'page=2' }],
    ['host', { host: 'other.example.com' }],
    ['prefix of the path', { basePath: '/v1' }],
  ])('has the %s', async (_, changes) => {
    const { send } = cached();
    await send();
    expect(await send(changes)).toMatchObject({ body: '2', result: 'miss' });
    expect(await send()).toMatchObject({ body: '1', result: 'hit' });
  });

  it('has the headers that the contract names, and no others', async () => {
    const { send } = cached(() => page(), { ttlSeconds: 60, headers: ['x-tenant'] });
    await send({ headers: { 'x-tenant': 'a' } });
    expect(await send({ headers: { 'x-tenant': 'a', 'x-more': '1' } })).toMatchObject({
      body: '1',
    });
    expect(await send({ headers: { 'x-tenant': 'b' } })).toMatchObject({ body: '2' });
    expect(await send()).toMatchObject({ body: '3' });
  });

  it('has the parameters that the contract names, and the service gets no others', async () => {
    const { send, received } = cached(() => page(), { ttlSeconds: 60, query: ['page', 'a b'] });
    await send({ query: 'utm=1&page=2&a+b=3' });
    expect(received[0]?.query).toBe('page=2&a+b=3');
    expect(await send({ query: 'page=2&a+b=3&utm=2' })).toMatchObject({ body: '1' });
    expect(await send({ query: 'page=3&a+b=3' })).toMatchObject({ body: '2' });
  });

  it('has the headers of Vary, with several responses for one address', async () => {
    const { send } = cached(() => page({ vary: 'Accept-Language, Accept' }));
    await send({ headers: { 'accept-language': 'de' } });
    expect(await send({ headers: { 'accept-language': 'en' } })).toMatchObject({
      body: '2',
      cacheStatus: 'postern; fwd=vary-miss; stored',
    });
    expect(await send({ headers: { 'accept-language': 'de' } })).toMatchObject({ body: '1' });
    expect(await send({ headers: { 'accept-language': 'en' } })).toMatchObject({ body: '2' });
  });

  it.each(['*', 'X-Request-Id', 'X-Forwarded-For', 'Accept, *'])(
    'cannot have what Vary names: %s',
    async (vary) => {
      const { send } = cached(() => page({ vary, 'cache-control': 'public, max-age=60' }));
      await send();
      expect(await send()).toMatchObject({ result: 'miss', body: '2' });
    },
  );

  it('has the roles of the caller if Vary names their header', async () => {
    const { send } = cached(() => page({ vary: 'X-User-Roles', 'cache-control': 'public' }));
    const as = (userId: string, role: string) => send({}, { caller: { userId, roles: [role] } });
    await as('alice', 'admin');
    expect(await as('bob', 'admin')).toMatchObject({ body: '1' });
    expect(await as('bob', 'user')).toMatchObject({ body: '2' });
  });
});

describe('the response of a caller', () => {
  it('is not for another', async () => {
    const { send } = cached();
    await send({}, alice);
    expect(await send({}, bob)).toMatchObject({ body: '2' });
    expect(await send()).toMatchObject({ body: '3' });
    expect(await send({}, alice)).toMatchObject({ body: '1', result: 'hit' });
  });

  it('is not for the same caller with other roles', async () => {
    const { send } = cached();
    await send({}, { caller: { userId: 'alice', roles: ['admin'] } });
    expect(await send({}, alice)).toMatchObject({ body: '2' });
  });

  it.each(['public', 'public, max-age=9', 's-maxage=9'])(
    'is for others if it says %s',
    async (said) => {
      const { send } = cached(() => page({ 'cache-control': said }));
      await send({}, alice);
      expect(await send({}, bob)).toMatchObject({ body: '1', result: 'hit' });
    },
  );

  it('is not for others because it says must-revalidate', async () => {
    const { send } = cached(() => page({ 'cache-control': 'max-age=9, must-revalidate' }));
    await send({}, alice);
    expect(await send({}, bob)).toMatchObject({ body: '2' });
    expect(await send({}, alice)).toMatchObject({ body: '1' });
  });

  it('is not stored where only shared responses are', async () => {
    const { send } = cached(() => page(), { ttlSeconds: 60, sharedOnly: true });
    await send({}, alice);
    expect(await send({}, alice)).toMatchObject({ body: '2', result: 'miss' });
    await send();
    expect(await send()).toMatchObject({ body: '3', result: 'hit' });
  });

  it.each<[string, Partial<GatewayRequest>]>([
    ['an Authorization', { headers: { authorization: 'Basic YTpi' } }],
    ['a cookie', { cookies: ['sid=1'] }],
    ['a key that the service checks', { headers: { 'x-key': 'k1' } }],
  ])('is for nobody else on a public route if the request has %s', async (_, credentials) => {
    const plan = { ttlSeconds: 60, credentialHeaders: ['x-key'] };
    const { send } = cached(() => page(), plan);
    await send(credentials);
    expect(await send()).toMatchObject({ body: '2' });
    expect(await send(credentials)).toMatchObject({ body: '1', result: 'hit' });
  });

  it('is not that of a request without credentials', async () => {
    const { send } = cached();
    await send();
    expect(await send({ cookies: ['sid=1'] })).toMatchObject({ body: '2' });
  });

  it('is the same with the session cookie of the gateway, which no service gets', async () => {
    const { send } = cached();
    await send();
    const cookies = ['__Host-session_token=a.b.c'];
    expect(await send({ cookies })).toMatchObject({ body: '1', result: 'hit' });
  });

  it('is not stored with cookies unless it says public', async () => {
    const cookies = ['a=1'];
    const own = cached(() => page({ 'cache-control': 'max-age=9' }, { cookies }));
    await own.send();
    expect(await own.send()).toMatchObject({ result: 'miss' });
    const shared = cached(() => page({ 'cache-control': 'public, max-age=9' }, { cookies }));
    await shared.send();
    expect(await shared.send()).toMatchObject({ result: 'hit' });
  });
});

describe('a conditional request', () => {
  const tagged = () =>
    cached(() => page({ etag: '"v1"', 'last-modified': 'Fri, 15 Jan 2027 08:00:00 GMT' }));

  it.each<[string, Record<string, string>, number]>([
    ['a known tag', { 'if-none-match': '"v0", W/"v1"' }, 304],
    ['any tag', { 'if-none-match': '*' }, 304],
    ['another tag', { 'if-none-match': '"v2"' }, 200],
    ['a later date', { 'if-modified-since': 'Fri, 15 Jan 2027 09:00:00 GMT' }, 304],
    ['an earlier date', { 'if-modified-since': 'Fri, 15 Jan 2027 07:00:00 GMT' }, 200],
    ['an invalid date', { 'if-modified-since': 'yesterday' }, 200],
    [
      'another tag and a later date',
      { 'if-none-match': '"v2"', 'if-modified-since': 'Fri, 15 Jan 2027 09:00:00 GMT' },
      200,
    ],
  ])('with %s is judged by the stored response', async (_, headers, status) => {
    const { send, received } = tagged();
    await send();
    const response = await send({ headers });
    expect(response).toMatchObject({ status, result: 'hit', body: status === 304 ? '' : '1' });
    expect(received).toHaveLength(1);
    if (status !== 304) return;
    expect(response.headers).toMatchObject({ etag: '"v1"', age: '0' });
    expect(response.headers).not.toHaveProperty('content-type');
  });

  it('fills the cache: the service sends the whole response', async () => {
    const { send, received } = tagged();
    expect(await send({ headers: { 'if-none-match': '"v1"' } })).toMatchObject({ status: 304 });
    expect(received[0]?.headers).not.toHaveProperty('if-none-match');
    expect(await send()).toMatchObject({ result: 'hit', body: '1', status: 200 });
  });

  it.each(['range', 'if-match', 'if-unmodified-since'])(
    'with %s goes to the service',
    async (name) => {
      const { send, received } = tagged();
      await send();
      expect(await send({ headers: { [name]: 'x' } })).toMatchObject({
        result: 'bypass',
        body: '2',
        cacheStatus: 'postern; fwd=bypass',
      });
      expect(received[1]?.headers).toHaveProperty(name);
      expect(await send()).toMatchObject({ body: '1' });
    },
  );
});

describe('a stale response', () => {
  it('is sent again once the service has validated it, with the new headers', async () => {
    const { send, received, clock } = cached((_, count) =>
      count === 1
        ? page({ etag: '"v1"', 'cache-control': 'max-age=5', 'x-old': '1' })
        : page({ etag: '"v1"', 'cache-control': 'max-age=9', 'x-new': '1' }, { statusCode: 304 }),
    );
    await send();
    clock.nowMs += 6_000;
    expect(await send()).toMatchObject({
      status: 200,
      body: '1',
      result: 'revalidated',
      cacheStatus: 'postern; fwd=stale; fwd-status=304; stored',
      headers: { 'x-old': '1', 'x-new': '1', 'cache-control': 'max-age=9', age: '0' },
    });
    expect(received[1]?.headers).toMatchObject({ 'if-none-match': '"v1"' });
    clock.nowMs += 8_000;
    expect(await send()).toMatchObject({ body: '1', result: 'hit' });
    expect(received).toHaveLength(2);
  });

  it('is requested anew if the service validates another one', async () => {
    const { send, clock } = cached((_, count) =>
      count === 2
        ? page({ etag: '"v9"' }, { statusCode: 304 })
        : page({ etag: `"v${count}"`, 'cache-control': 'max-age=5' }),
    );
    await send();
    clock.nowMs += 6_000;
    expect(await send()).toMatchObject({ status: 200, body: '3', result: 'miss' });
  });

  it('is replaced, even by one that is not stored', async () => {
    const { send, clock } = cached((_, count) =>
      page({ 'cache-control': count === 1 ? 'max-age=5, stale-if-error=100' : 'no-store' }),
    );
    await send();
    clock.nowMs += 6_000;
    await send();
    expect(await send()).toMatchObject({ body: '3', result: 'miss' });
  });

  const failing = (said: string, failure: () => GatewayResponse | GatewayError) =>
    cached((_, count) => (count === 1 ? page({ 'cache-control': said }) : failure()));

  it.each<[string, () => GatewayResponse | GatewayError]>([
    ['responds 503', () => page({}, { statusCode: 503 })],
    ['is late', () => new GatewayError('UPSTREAM_TIMEOUT', { detail: '' })],
  ])('is sent in place of an error if it allows that and the service %s', async (_, failure) => {
    const { send, clock } = failing('max-age=5, stale-if-error=60', failure);
    await send();
    clock.nowMs += 64_000;
    expect(await send()).toMatchObject({ status: 200, body: '1', result: 'stale' });
    clock.nowMs += 2_000;
    expect((await send()).status).toBeGreaterThan(500);
  });

  it.each(['max-age=5', 'max-age=5, stale-if-error=60, must-revalidate'])(
    'is not sent in place of an error if it says %s',
    async (said) => {
      const { send, clock } = failing(said, () => page({}, { statusCode: 502 }));
      await send();
      clock.nowMs += 6_000;
      expect(await send()).toMatchObject({ status: 502, result: 'miss' });
    },
  );

  it('is replaced at once by one that comes soon', async () => {
    const said = { 'cache-control': 'max-age=5, stale-while-revalidate=60' };
    const { send, clock } = cached(() => page(said));
    await send();
    clock.nowMs += 6_000;
    expect(await send()).toMatchObject({ body: '2', cacheStatus: 'postern; fwd=stale; stored' });
  });

  it('is sent after a moment while a slow service is asked once, and then replaced', async () => {
    const said = { 'cache-control': 'max-age=5, stale-while-revalidate=60' };
    let finish: (response: GatewayResponse) => void = () => undefined;
    const { send, clock, received } = cached((_, count) =>
      count === 1 ? page(said) : new Promise<GatewayResponse>((resolve) => (finish = resolve)),
    );
    await send();
    clock.nowMs += 6_000;
    const stale = { body: '1', result: 'stale', cacheStatus: 'postern; hit; ttl=-1' };
    expect(await send()).toMatchObject(stale);
    expect(await send()).toMatchObject(stale);
    expect(received).toHaveLength(2);
    finish(page(said));
    await new Promise(setImmediate);
    expect(await send()).toMatchObject({ body: '2', result: 'hit' });
  });

  it.each(['max-age=5', 'max-age=5, stale-while-revalidate=60, must-revalidate', 's-maxage=5'])(
    'is not sent before it is validated if it says %s',
    async (said) => {
      const { send, clock } = cached((_, count) =>
        count === 1
          ? page({ 'cache-control': said })
          : new GatewayError('UPSTREAM_UNREACHABLE', { detail: '' }),
      );
      await send();
      clock.nowMs += 6_000;
      const headers = said === 'max-age=5' ? {} : { 'cache-control': 'max-stale' };
      expect(await send({ headers })).toMatchObject({ status: 502 });
    },
  );

  it('is sent while it is validated for as long as a header with s-maxage says', async () => {
    const said = { 'cache-control': 's-maxage=5, stale-while-revalidate=60' };
    const { send, clock } = cached((_, count) =>
      count === 1 ? page(said) : new GatewayError('UPSTREAM_UNREACHABLE', { detail: '' }),
    );
    await send();
    clock.nowMs += 6_000;
    expect(await send()).toMatchObject({ body: '1', result: 'stale' });
  });
});

describe('the Cache-Control of a request', () => {
  it.each([
    ['no-cache', 'postern; fwd=request; stored'],
    ['max-age=3', 'postern; fwd=request; stored'],
    ['min-fresh=56', 'postern; fwd=request; stored'],
  ])('asks for a newer response: %s', async (said, cacheStatus) => {
    const { send, clock } = cached();
    await send();
    clock.nowMs += 5_000;
    expect(await send({ headers: { 'cache-control': said } })).toMatchObject({
      body: '2',
      cacheStatus,
    });
    expect(await send()).toMatchObject({ body: '2' });
  });

  it.each(['max-age=5', 'min-fresh=55', 'max-age=9, min-fresh=9'])(
    'is satisfied by a stored response: %s',
    async (said) => {
      const { send, clock } = cached();
      await send();
      clock.nowMs += 5_000;
      expect(await send({ headers: { 'cache-control': said } })).toMatchObject({ body: '1' });
    },
  );

  it('allows a stale response with max-stale', async () => {
    const { send, clock } = cached();
    await send();
    clock.nowMs += 65_000;
    const headers = { 'cache-control': 'max-stale=10' };
    expect(await send({ headers })).toMatchObject({ body: '1', result: 'stale' });
    clock.nowMs += 10_000;
    expect(await send({ headers })).toMatchObject({ body: '2' });
  });

  it('gets 504 with only-if-cached if there is none', async () => {
    const { send, received } = cached();
    const headers = { 'cache-control': 'only-if-cached' };
    expect(await send({ headers })).toMatchObject({ status: 504, cacheStatus: 'NOT_CACHED' });
    expect(received).toHaveLength(0);
    await send();
    expect(await send({ headers })).toMatchObject({ status: 200, result: 'hit' });
  });

  it('keeps its own response out of the cache with no-store', async () => {
    const { send } = cached();
    await send({ headers: { 'cache-control': 'no-store' } });
    expect(await send()).toMatchObject({ body: '2' });
  });

  it('is Pragma where there is none', async () => {
    const { send } = cached();
    await send();
    expect(await send({ headers: { pragma: 'no-cache' } })).toMatchObject({ body: '2' });
  });
});

describe('a HEAD request', () => {
  it('gets the stored response of GET without its body', async () => {
    const { send } = cached(() => page({}, { body: 'four' }));
    await send();
    expect(await send({ method: 'HEAD' })).toMatchObject({
      result: 'hit',
      body: '',
      headers: { 'content-length': '4' },
    });
  });

  it('is not stored', async () => {
    const { send } = cached();
    expect(await send({ method: 'HEAD' })).toMatchObject({ result: 'miss' });
    expect(await send()).toMatchObject({ body: '2' });
  });
});

describe('a request that changes something', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    '%s drops every response of its path',
    async (method) => {
      const { send } = cached((request) =>
        page({}, { statusCode: request.method === 'GET' ? 200 : 204 }),
      );
      await send();
      await send({ query: 'page=2' });
      await send({}, alice);
      await send({ path: '/products/1' });
      await send({ method });
      expect(await send()).toMatchObject({ result: 'miss' });
      expect(await send({ query: 'page=2' })).toMatchObject({ result: 'miss' });
      expect(await send({}, alice)).toMatchObject({ result: 'miss' });
      expect(await send({ path: '/products/1' })).toMatchObject({ result: 'hit' });
    },
  );

  it('drops nothing if it fails, and OPTIONS nothing at all', async () => {
    const { send } = cached((request) =>
      page({}, { statusCode: request.method === 'POST' ? 409 : 200 }),
    );
    await send();
    await send({ method: 'POST' });
    await send({ method: 'OPTIONS' });
    expect(await send()).toMatchObject({ result: 'hit' });
  });
});

describe('requests at the same time', () => {
  const slow = (headers: Record<string, string>) => {
    const waiting: Array<() => void> = [];
    const world = cached(
      (_, count) =>
        new Promise<GatewayResponse>((resolve) =>
          waiting.push(() => resolve(page(headers, { body: String(count) }))),
        ),
    );
    const finish = async () => {
      await new Promise(setImmediate);
      while (waiting.length > 0) {
        waiting.shift()?.();
        await new Promise(setImmediate);
      }
    };
    return { ...world, finish };
  };

  it('reach the service once if the response can be for all of them', async () => {
    const { send, finish, received } = slow({});
    const responses = Promise.all([send(), send(), send()]);
    await finish();
    expect((await responses).map(({ body }) => body)).toEqual(['1', '1', '1']);
    expect(received).toHaveLength(1);
  });

  it('reach the service each if the response is not stored', async () => {
    const { send, finish, received } = slow({ 'cache-control': 'no-store' });
    const responses = Promise.all([send(), send(), send()]);
    await finish();
    expect((await responses).map(({ body }) => body).toSorted()).toEqual(['1', '2', '3']);
    expect(received).toHaveLength(3);
  });

  it('of two callers do not wait for each other', async () => {
    const { send, finish, received } = slow({});
    const responses = Promise.all([send({}, alice), send({}, bob)]);
    await new Promise(setImmediate);
    expect(received).toHaveLength(2);
    await finish();
    expect((await responses).map(({ body }) => body).toSorted()).toEqual(['1', '2']);
  });
});

describe('a purge', () => {
  it.each([
    [{}, ['miss', 'miss', 'miss']],
    [{ path: '/products' }, ['miss', 'hit', 'hit']],
    [{ prefix: '/products/' }, ['hit', 'miss', 'miss']],
    [{ prefix: '/products' }, ['miss', 'miss', 'miss']],
  ])('of %j drops what was stored before, within ten seconds', async (purged, expected) => {
    const { send, clock, world } = cached();
    const paths = ['/products', '/products/1', '/products/1/parts'];
    const sendAll = async () => {
      const results = [];
      for (const path of paths) results.push((await send({ path })).result);
      return results;
    };
    await sendAll();
    world.purges = withPurge(world.purges, purged);
    clock.nowMs += 10_000;
    expect(await sendAll()).toEqual(expected);
    expect(await sendAll()).toEqual(['hit', 'hit', 'hit']);
  });

  it('drops what was requested before and stored after it', async () => {
    const { send, clock, world } = cached(async () => {
      world.purges = withPurge(noPurges, {});
      clock.nowMs += 10_000;
      return page();
    });
    await send();
    expect(await send()).toMatchObject({ result: 'miss' });
  });
});

describe('responses in the table of the cache', () => {
  /** Two execution environments, whose upstream numbers its responses. */
  const two = (headers: Record<string, string> = {}, plan: CachePlan = {}) => {
    const clock = { nowMs };
    const table = createFakeDynamoDb({ cache: 'cache_key' });
    let count = 0;
    const respond: Respond = ({ method }) => {
      count += 1;
      return page(headers, { statusCode: method === 'GET' ? 200 : 204, body: String(count) });
    };
    const open = (dynamoDb: DynamoDb = table) =>
      cached(respond, { ttlSeconds: 60, isInTable: true, ...plan }, { table: dynamoDb, clock });
    return { one: open(), other: open(), open, clock, table };
  };

  it('are for all execution environments, with their age', async () => {
    const { one, other, clock } = two();
    await one.send();
    clock.nowMs += 20_000;
    expect(await other.send()).toMatchObject({
      body: '1',
      result: 'hit',
      cacheStatus: 'postern; hit; ttl=40',
      headers: { age: '20', 'content-type': 'text/plain' },
    });
    clock.nowMs += 40_000;
    expect(await other.send()).toMatchObject({ body: '2', result: 'miss' });
  });

  it('have the bytes of any body', async () => {
    const table = createFakeDynamoDb({ cache: 'cache_key' });
    const body = randomBytes(300_000);
    const open = () =>
      cached(() => page({}, { body }), { ttlSeconds: 9, isInTable: true }, { table });
    await open().send();
    const other = open();
    expect((await other.send()).body).toBe(String(body));
    expect(other.received).toHaveLength(0);
  });

  it('are read once, and then in memory', async () => {
    const { one, other, table } = two();
    await one.send();
    await other.send();
    const { reads } = table.calls;
    expect(await other.send()).toMatchObject({ result: 'hit' });
    expect(table.calls.reads).toBe(reads);
  });

  it('are those of their caller alone, also in their keys', async () => {
    const { open, other, table } = two();
    const keys = new Set<string>();
    const updateItem: DynamoDb['updateItem'] = (input, options) => {
      const { cache_key: key } = input.Key;
      if (key && 'S' in key) keys.add(key.S);
      return table.updateItem(input, options);
    };
    const one = open({ ...table, updateItem });
    for (const caller of [alice, bob, {}]) await one.send({}, caller);
    expect(await other.send({}, alice)).toMatchObject({ body: '1' });
    expect(await other.send({}, bob)).toMatchObject({ body: '2' });
    expect(await other.send()).toMatchObject({ body: '3' });
    expect(keys.size).toBe(3);
    for (const key of keys) expect(key).toMatch(/^[\w-]{43}$/);
  });

  it('are for all callers if they say public', async () => {
    const { one, other } = two({ 'cache-control': 'public, max-age=9' });
    await one.send({}, alice);
    expect(await other.send({}, bob)).toMatchObject({ body: '1', result: 'hit' });
  });

  it('are found by each value of the headers in Vary', async () => {
    const { one, other } = two({ vary: 'accept' });
    const by = (accept: string) => ({ headers: { accept } });
    await one.send(by('text/html'));
    await one.send(by('text/plain'));
    expect(await other.send(by('text/plain'))).toMatchObject({ body: '2', result: 'hit' });
    expect(await other.send(by('text/html'))).toMatchObject({ body: '1', result: 'hit' });
    expect(await other.send(by('image/png'))).toMatchObject({ body: '3', result: 'miss' });
  });

  it('are void once another execution environment has changed their path', async () => {
    const { one, other, open } = two();
    await one.send();
    await other.send({ method: 'PUT' });
    expect(await other.send()).toMatchObject({ body: '3', result: 'miss' });
    expect(await open().send()).toMatchObject({ body: '3', result: 'hit' });
  });

  it('are purged', async () => {
    const { one, other } = two();
    await one.send();
    other.world.purges = withPurge(noPurges, { path: '/products' });
    expect(await other.send()).toMatchObject({ body: '2', result: 'miss' });
  });

  it('are validated when they are stale', async () => {
    const clock = { nowMs };
    const table = createFakeDynamoDb({ cache: 'cache_key' });
    const open = () =>
      cached(
        ({ headers }) =>
          page({ etag: '"v1"' }, headers['if-none-match'] ? { statusCode: 304 } : {}),
        { ttlSeconds: 9, isInTable: true },
        { table, clock },
      );
    await open().send();
    clock.nowMs += 10_000;
    expect(await open().send()).toMatchObject({ body: '1', result: 'revalidated' });
    expect(await open().send()).toMatchObject({ body: '1', result: 'hit' });
  });

  it('are in memory alone if they are too large for an item', async () => {
    const table = createFakeDynamoDb({ cache: 'cache_key' });
    const body = Buffer.alloc(400 * 1_024);
    const open = () =>
      cached(() => page({}, { body }), { ttlSeconds: 9, isInTable: true }, { table });
    const one = open();
    await one.send();
    expect(await one.send()).toMatchObject({ result: 'hit' });
    expect(await open().send()).toMatchObject({ result: 'miss' });
  });

  it('are as none, with a line in the log, if the table cannot be reached', async () => {
    const down = async (): Promise<never> => {
      throw new StoreUnavailable('down');
    };
    const { open } = two();
    const one = open({ getItem: down, updateItem: down });
    expect(await one.send()).toMatchObject({ body: '1', result: 'miss', status: 200 });
    expect(await one.send()).toMatchObject({ body: '1', result: 'hit' });
    expect(await one.send({ method: 'PUT' })).toMatchObject({ status: 204 });
    expect(one.lines.map(({ message }) => message)).toEqual([
      'the table of the cache cannot be read',
      'the responses of a path cannot be dropped from the table of the cache',
    ]);
  });

  it('does not delay a response while the table is slow to take it', async () => {
    const { open, table } = two();
    const updateItem: DynamoDb['updateItem'] = () => new Promise(() => undefined);
    const startedAt = performance.now();
    expect(await open({ ...table, updateItem }).send()).toMatchObject({ result: 'miss' });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
