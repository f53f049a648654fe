import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { httpApiEvent, lambdaContext } from '../../../testing/events.ts';
import { createFakeDynamoDb, type FakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { functionEnvironment } from '../../../testing/function-environment.ts';
import { loadModule } from '../../../testing/load-contract.ts';
import { recordLog } from '../../../testing/recorded-log.ts';
import { startCompiled } from '../../../testing/start-compiled.ts';
import { trafficKey } from '../../stores/traffic/traffic-item.ts';
import type { TrafficWeights } from '../../stores/traffic/traffic-store.ts';

const contract = (sticky: string, weights: readonly [number, number], defaults: string): string => `
openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
x-postern:
  version: 1
  failureLimit: false
  upstreams:
    users: { http: {}, timeout: 2s, retries: 0, breaker: { openFor: 1s } }
    users-next: { http: {}, timeout: 2s, retries: 0, breaker: { openFor: 1s } }
    copies: { http: {} }
  defaults:
    rateLimits: []
    sticky: ${sticky}${defaults}
    upstream: [{ name: users, weight: ${weights[0]} }, { name: users-next, weight: ${weights[1]} }]
security: []
paths:
  /users:
    get: { x-postern: { rewrite: /v2/users }, responses: { '200': { description: Users } } }
    post: { responses: { '201': { description: A user } } }
  /users/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      x-postern: { rewrite: '/v2/users/{id}' }
      responses: { '200': { description: A user } }
`;

/** A service on 127.0.0.1 that can be killed, with what is under way, and started again at the same port. */
const startService = async (respond: RequestListener) => {
  const received: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  let port = 0;
  let server: Server | undefined;
  const begin = async (): Promise<void> => {
    const started = createServer((request, response) => {
      received.push(request);
      response.setHeader('content-type', 'text/plain');
      respond(request, response);
    });
    started.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => started.listen(port, '127.0.0.1', resolve));
    ({ port } = started.address() as AddressInfo);
    server = started;
  };
  await begin();
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    begin,
    kill: async (): Promise<void> => {
      for (const socket of sockets) socket.resetAndDestroy();
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    },
  };
};

type Service = Awaited<ReturnType<typeof startService>>;

const services: Service[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.kill();
});

const says =
  (text: string): RequestListener =>
  (_, response) =>
    void response.end(text);

const start = async ({
  sticky = 'false',
  defaults = '',
  weights = [50, 50] as readonly [number, number],
  users = says('users'),
  next = says('next'),
  set = undefined as TrafficWeights | undefined,
  now = Date.now,
} = {}) => {
  const [one, other] = [await startService(users), await startService(next)];
  const copies = await startService(says('copy'));
  services.push(one, other, copies);
  const dynamoDb: FakeDynamoDb = createFakeDynamoDb({ traffic: 'traffic_id', cache: 'cache_key' });
  const setWeights = (given: TrafficWeights): void =>
    dynamoDb.putItem('traffic', { ...trafficKey, weights: { S: JSON.stringify(given) } });
  if (set !== undefined) setWeights(set);
  const { log, lines } = recordLog();
  const gateway = startCompiled(
    await loadModule({ 'gateway.yaml': contract(sticky, weights, defaults) }),
    {
      variables: {
        ...functionEnvironment('http://127.0.0.1:9', { upstreams: {} }),
        GATEWAY_TRAFFIC_TABLE_NAME: 'traffic',
        GATEWAY_CACHE_TABLE_NAME: 'cache',
        UPSTREAM_USERS_SERVICE_URL: one.url,
        UPSTREAM_USERS_NEXT_SERVICE_URL: other.url,
        UPSTREAM_COPIES_SERVICE_URL: copies.url,
      },
      clients: () => ({ dynamoDb, secrets: { getSecretString: async () => '' } }),
      log,
      now,
    },
  );
  const send = (...request: Parameters<typeof httpApiEvent>) =>
    gateway(httpApiEvent(...request), lambdaContext());
  return { send, users: one, next: other, copies, lines, dynamoDb, setWeights };
};

describe('several upstreams for a route', () => {
  it('get requests in proportion to their weights, each at its own path', async () => {
    const { send, users, next, lines } = await start({ weights: [90, 10] });
    for (let sent = 0; sent < 200; sent += 1) await send('GET', '/users');
    expect(Math.abs(next.received.length - 20)).toBeLessThanOrEqual(2);
    expect(users.received.length + next.received.length).toBe(200);
    expect(new Set(users.received.map(({ url }) => url))).toEqual(new Set(['/v2/users']));
    expect(lines.filter(({ upstream }) => upstream === 'users-next')).toHaveLength(
      next.received.length,
    );
    expect(lines[0]).not.toHaveProperty('upstreams_left_out');
  });

  it('have the weights of the table in place of the contract’s, from the first request on', async () => {
    const { send, next } = await start({
      weights: [100, 0],
      set: { 'users,users-next': { users: 0, 'users-next': 1 } },
    });
    for (let sent = 0; sent < 5; sent += 1) await send('GET', '/users');
    expect(next.received).toHaveLength(5);
  });

  it('have new weights within ten seconds, which no request waits for', async () => {
    const clock = { nowMs: Date.now() };
    const { send, next, setWeights, dynamoDb } = await start({
      weights: [100, 0],
      now: () => clock.nowMs,
    });
    await send('GET', '/users');
    setWeights({ 'GET /users': { users: 0, 'users-next': 1 } });
    await send('GET', '/users');
    expect(next.received).toHaveLength(0);
    clock.nowMs += 10_000;
    await send('GET', '/users');
    await send('GET', '/users');
    expect(next.received.length).toBeGreaterThan(0);
    expect(dynamoDb.calls.reads).toBe(2);
  });

  it('have weights that are read once at a cold start, also beside a mirror', async () => {
    const { send, dynamoDb } = await start({
      defaults: '\n    mirror: { upstream: copies, percent: 100 }',
    });
    await send('GET', '/users');
    expect(dynamoDb.calls.reads).toBe(1);
  });

  it('have their own URLs in responses replaced by public ones, also of another route', async () => {
    const redirect: RequestListener = ({ headers }, response) =>
      void response.writeHead(302, { location: `http://${headers.host}/v2/users/7` }).end();
    const { send } = await start({ users: redirect, next: redirect });
    for (const method of ['GET', 'POST'])
      expect((await send(method, '/users')).headers?.['location']).toBe('/v1/users/7');
  });

  it('have one cache and one mirror together', async () => {
    const { send, users, next, copies, lines } = await start({
      defaults: '\n    cache: { ttl: 1m }\n    mirror: { upstream: copies, percent: 100 }',
    });
    for (let sent = 0; sent < 3; sent += 1) await send('GET', '/users');
    await sleep(50);
    expect(users.received.length + next.received.length).toBe(1);
    expect(copies.received.map(({ url }) => url)).toEqual(['/v2/users']);
    expect(lines.map((line) => line['cache'])).toEqual(['miss', 'hit', 'hit']);
  });
});

describe('a sticky route', () => {
  it('leads a caller to the same upstream each time', async () => {
    const { send, lines } = await start({ sticky: 'caller' });
    for (let caller = 0; caller < 20; caller += 1)
      for (let sent = 0; sent < 4; sent += 1)
        await send('GET', '/users', { clientIp: `198.51.100.${caller}` });
    const upstreams = Array.from({ length: 20 }, (_, caller) => {
      const own = lines.filter((line) => line['client_ip'] === `198.51.100.${caller}`);
      return new Set(own.map((line) => line['upstream']));
    });
    expect(upstreams.map(({ size }) => size)).toEqual(Array(20).fill(1));
    expect(new Set(upstreams.flatMap((each) => [...each])).size).toBe(2);
  });

  it('by cookie sets a random one once, which no upstream gets', async () => {
    const { send, users, next } = await start({ sticky: 'cookie' });
    const first = await send('GET', '/users', { cookies: ['theme=dark'] });
    expect(first.cookies).toEqual([
      expect.stringMatching(
        /^__Host-postern_traffic=[\w-]{16}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=604800$/,
      ),
    ]);
    const [cookie = ''] = first.cookies?.[0]?.split(';') ?? [];
    for (let sent = 0; sent < 10; sent += 1) {
      const { body, cookies } = await send('GET', '/users', { cookies: ['theme=dark', cookie] });
      expect({ body, cookies }).toEqual({ body: first.body, cookies: undefined });
    }
    const sent = [...users.received, ...next.received].map(({ headers }) => headers.cookie);
    expect(new Set(sent)).toEqual(new Set(['theme=dark']));
  });

  it.each(['users-next', '__Host-postern_traffic=users-next', '__Host-postern_traffic='])(
    'by cookie gives a new one for "%s"',
    async (cookie) => {
      const { send } = await start({ sticky: 'cookie' });
      expect((await send('GET', '/users', { cookies: [cookie] })).cookies).toHaveLength(1);
    },
  );

  it('by cookie sets none on a response that a cache may show to others', async () => {
    const cached: RequestListener = (_, response) =>
      void response.setHeader('cache-control', 'public, max-age=60').end();
    const { send } = await start({ sticky: 'cookie', users: cached, next: cached });
    expect(await send('GET', '/users')).not.toHaveProperty('cookies');
  });
});

describe('an upstream that fails', () => {
  const status =
    (code: number): RequestListener =>
    (_, response) =>
      void response.writeHead(code).end();

  it('is not seen by a caller whose request can be repeated, and is left out afterwards', async () => {
    const { send, next, lines } = await start({ weights: [1, 9_999], next: status(503) });
    for (let sent = 0; sent < 5; sent += 1)
      expect((await send('GET', '/users')).body).toBe('users');
    expect(next.received).toHaveLength(1);
    expect(lines.map(({ level, message }) => `${level} ${message}`).slice(0, 2)).toEqual([
      'warn an upstream failed: the request goes to another',
      'info request',
    ]);
    expect(lines[0]).toMatchObject({ upstream: 'users-next', status_code: 503 });
    expect(lines.at(-1)).toMatchObject({ upstream: 'users', upstreams_left_out: ['users-next'] });
  });

  it('shows one error to a caller whose request cannot be repeated', async () => {
    const { send, next, users } = await start({ weights: [1, 9_999], next: status(503) });
    const statuses = [];
    for (let sent = 0; sent < 5; sent += 1)
      statuses.push((await send('POST', '/users')).statusCode);
    expect(statuses).toEqual([503, 200, 200, 200, 200]);
    expect([next.received.length, users.received.length]).toEqual([1, 4]);
  });

  it('gets a request of any method to another if nothing of it was sent', async () => {
    const { send, next } = await start({ weights: [1, 9_999] });
    await next.kill();
    expect((await send('POST', '/users', { body: '{}' })).body).toBe('users');
  });

  it('with a 500 or another response of its own keeps its share', async () => {
    const { send, next } = await start({ weights: [1, 9_999], next: status(500) });
    for (let sent = 0; sent < 5; sent += 1)
      expect((await send('GET', '/users')).statusCode).toBe(500);
    expect(next.received).toHaveLength(5);
  });

  it('together with all others responds as if it was the only one', async () => {
    const { send } = await start({ users: status(503), next: status(503) });
    for (let sent = 0; sent < 5; sent += 1)
      expect((await send('GET', '/users')).statusCode).toBe(503);
  });

  it('without a weight for the other keeps all requests: a weight of 0 is no reserve', async () => {
    const { send, users, next } = await start({ weights: [0, 1], next: status(503) });
    for (let sent = 0; sent < 3; sent += 1) await send('GET', '/users');
    expect([users.received.length, next.received.length]).toEqual([0, 3]);
  });

  it('under load shows each caller at most one error, and is back within one probe', async () => {
    const slow =
      (text: string): RequestListener =>
      (_, response) =>
        void setTimeout(() => response.end(text), 5);
    const { send, next } = await start({
      sticky: 'caller',
      users: slow('users'),
      next: slow('next'),
    });
    const errors = new Map<string, number>();
    const served: Array<{ readonly atMs: number; readonly caller: string; readonly by: string }> =
      [];
    let isOver = false;
    const callers = Array.from({ length: 12 }, (_, index) => `198.51.100.${index}`);
    const load = callers.map(async (clientIp, index) => {
      for (let sent = index; !isOver; sent += 1) {
        const response = await send(sent % 2 === 0 ? 'GET' : 'POST', '/users', { clientIp });
        if (response.statusCode === 200)
          served.push({ atMs: Date.now(), caller: clientIp, by: response.body ?? '' });
        else errors.set(clientIp, (errors.get(clientIp) ?? 0) + 1);
        await sleep(20);
      }
    });
    await sleep(300);
    const own = new Set(served.flatMap(({ by, caller }) => (by === 'next' ? [caller] : [])));
    await next.kill();
    await sleep(1_500);
    const movedBy = new Set(
      served.flatMap(({ by, caller }) => (own.has(caller) && by === 'users' ? [caller] : [])),
    );
    await next.begin();
    const startedAtMs = Date.now();
    await sleep(1_700);
    isOver = true;
    await Promise.all(load);
    expect(own.size).toBeGreaterThan(1);
    expect(movedBy).toEqual(own);
    expect(Math.max(0, ...errors.values())).toBeLessThanOrEqual(1);
    const back = served.find(({ by, atMs }) => by === 'next' && atMs > startedAtMs);
    // One period without requests, and some time for a busy machine.
    expect((back?.atMs ?? Infinity) - startedAtMs).toBeLessThan(1_500);
    const latest = new Map(served.map(({ caller, by }) => [caller, by]));
    expect([...own].map((caller) => latest.get(caller))).toEqual([...own].map(() => 'next'));
  });
});
