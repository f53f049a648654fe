import { afterEach, describe, expect, it } from '@jest/globals';
import { type AwsUpstreamWorld, startAwsUpstreams } from '../../../testing/aws-upstreams.ts';
import { type RawUpstream, rawUpstream, responseOf } from '../../../testing/raw-upstream.ts';
import { mostBytes, mostOpen } from './mirror.ts';

const contract = (mirror = 'percent: 100', next = 'http: {}'): string => `
openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
x-postern:
  version: 1
  failureLimit: false
  upstreams:
    users: { http: {} }
    next: { ${next}, retries: 5, breaker: { failures: 1 } }
  defaults: { rateLimits: [], maxBodySize: 1MiB }
security: []
paths:
  /users/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    x-postern: { upstream: users, rewrite: '/v2/{id}', mirror: { upstream: next, unsafe: allow, ${mirror} } }
    get: { responses: { '200': { description: OK } } }
    put: { responses: { '200': { description: OK } }, requestBody: { content: { '*/*': {} } } }
  /members:
    get: { security: [{ session: [] }], responses: {}, x-postern: { upstream: users, mirror: { upstream: next, percent: 100 } } }
  /next:
    get: { responses: {}, x-postern: { upstream: next } }
components: { securitySchemes: { session: { type: http, scheme: bearer, x-postern: { session: {} } } } }
`;

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:next';
let stops: Array<() => Promise<void>> = [];
afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  stops = [];
});

type Respond = Parameters<typeof rawUpstream>[0];
const fine = responseOf('200 OK', 'real', ['content-type: text/plain']);
const hang: Respond = () => undefined;
const close: Respond = (_, socket) => void socket.destroy();

interface World extends AwsUpstreamWorld {
  readonly users: RawUpstream;
  readonly next: RawUpstream;
}

const start = async (real: Respond, mirror: Respond, text = contract()): Promise<World> => {
  const users = await rawUpstream(real);
  const next = await rawUpstream(mirror);
  const world = await startAwsUpstreams(text, {
    UPSTREAM_USERS_SERVICE_URL: users.url.href,
    UPSTREAM_NEXT_SERVICE_URL: next.url.href,
    UPSTREAM_NEXT_ARN: arn,
  });
  stops = [() => world.stop(), () => users.close(), () => next.close()];
  return { ...world, users, next };
};

/** Until the copies have ended that can. */
const until = async (isDone: () => boolean): Promise<void> => {
  for (let waited = 0; !isDone() && waited < 200; waited += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
};

const linesOf = (world: World) => world.lines.filter(({ message }) => message.includes('mirrored'));
const linesOfHead = (request = ''): readonly string[] => request.split('\r\n');

describe('the copy of a request', () => {
  it('is what the upstream gets, with its own host and a header that marks it', async () => {
    const world = await start(fine, fine);
    const request = {
      query: 'full=1',
      headers: { 'x-tenant': 'acme', 'content-type': 'text/plain' },
      body: 'text',
    };
    expect(await world.send('PUT', '/users/7', request)).toMatchObject({ statusCode: 200 });
    await until(() => world.next.requests.length > 0);
    const marked = linesOfHead(world.next.requests[0]).filter(
      (line) => line !== 'x-postern-mirror: true',
    );
    const own = world.users.requests[0]?.replace(world.users.url.host, world.next.url.host);
    expect(marked).toEqual(linesOfHead(own));
    expect(marked).toHaveLength(linesOfHead(world.next.requests[0]).length - 1);
    expect(marked[0]).toBe('PUT /v2/7?full=1 HTTP/1.1');
  });

  it('names the caller', async () => {
    const world = await start(fine, fine);
    const token = await world.signIn('alice');
    await world.send('GET', '/members', { headers: { authorization: `Bearer ${token}` } });
    await until(() => world.next.requests.length > 0);
    expect(linesOfHead(world.next.requests[0])).toContain('x-user-id: alice');
  });

  it('cannot be claimed by a client', async () => {
    const world = await start(fine, fine);
    await world.send('GET', '/next', { headers: { 'x-postern-mirror': 'true' } });
    expect(world.next.requests[0]).not.toMatch(/postern-mirror/);
  });

  it('can go to a function', async () => {
    const world = await start(fine, fine, contract('percent: 100', 'lambda: {}'));
    const calls: unknown[] = [];
    world.aws.functions.set(arn, (event: unknown) => void calls.push(event));
    await world.send('GET', '/users/7');
    await until(() => calls.length > 0);
    expect(calls).toMatchObject([{ rawPath: '/users/7', headers: { 'x-postern-mirror': 'true' } }]);
  });

  it.each<[what: string, respond: Respond]>([
    ['that never responds', hang],
    ['that closes the connection', close],
    ['that responds with an error', responseOf('500 Internal Server Error', 'no')],
    ['that responds with something else than HTTP', 'nonsense\r\n\r\n'],
    ['that sets cookies', responseOf('200 OK', 'copy', ['set-cookie: a=b', 'x-copy: 1'])],
  ])(
    'changes nothing of the response, and does not delay it, at an upstream %s',
    async (_, respond) => {
      const world = await start(fine, respond);
      const startedAt = performance.now();
      const response = await world.send('GET', '/users/7');
      expect(response).toMatchObject({ statusCode: 200, body: 'real' });
      expect(response).not.toHaveProperty('cookies');
      expect(response.headers).not.toHaveProperty('x-copy');
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    },
  );

  it('is sent once, and opens no breaker of the upstream’s own routes', async () => {
    let isBroken = true;
    const world = await start(fine, (_, socket) =>
      isBroken ? socket.destroy() : void socket.write(fine),
    );
    for (let count = 0; count < 5; count += 1) await world.send('GET', '/users/7');
    await until(() => world.next.requests.length >= 5);
    expect(world.next.requests).toHaveLength(5);
    isBroken = false;
    expect(await world.send('GET', '/next')).toMatchObject({ statusCode: 200 });
  });

  it('is sent while the breaker of the upstream’s own routes is open', async () => {
    const world = await start(fine, close);
    for (let count = 0; count < 5; count += 1) await world.send('GET', '/next');
    const before = world.next.requests.length;
    await world.send('GET', '/users/7');
    await until(() => world.next.requests.length > before);
    expect(world.next.requests).toHaveLength(before + 1);
  });

  it('is made of the declared share of requests', async () => {
    const world = await start(fine, fine, contract('percent: 20.5'));
    for (let count = 0; count < 200; count += 1) await world.send('GET', '/users/7');
    await until(() => world.next.requests.length >= 41);
    expect([40, 41, 42]).toContain(world.next.requests.length);
    expect(world.counted.get('MirroredRequests')).toBe(world.next.requests.length);
  });

  it('is not made while as many as allowed are open', async () => {
    const world = await start(fine, hang, contract('percent: 100, timeout: 2s'));
    for (let count = 0; count < mostOpen + 3; count += 1) await world.send('GET', '/users/7');
    await until(() => world.next.requests.length >= mostOpen);
    expect(world.next.requests).toHaveLength(mostOpen);
    expect(world.counted.get('MirrorsDropped')).toBe(3);
  });

  it('is not made of a body that is too large', async () => {
    const world = await start(fine, fine);
    const headers = { 'content-type': 'application/octet-stream' };
    await world.send('PUT', '/users/7', { headers, body: Buffer.alloc(mostBytes + 1) });
    expect(world.counted.get('MirrorsDropped')).toBe(1);
    await world.send('PUT', '/users/7', { headers, body: Buffer.alloc(mostBytes, 97) });
    await until(() => world.next.requests.length > 0);
    expect(world.next.requests[0]?.slice(-mostBytes)).toBe('a'.repeat(mostBytes));
  });

  it('has a metric and a line if it fails while the upstream still responds', async () => {
    const slow: Respond = (_, socket) => void setTimeout(() => socket.write(fine), 100);
    const world = await start(slow, close);
    await world.send('GET', '/users/7');
    expect(world.counted.get('MirrorFailures')).toBe(1);
    expect(linesOf(world)).toMatchObject([
      {
        level: 'warn',
        message: 'a mirrored request failed',
        correlation_id: 'request-1',
        route: 'GET /users/{id}',
        upstream: 'next',
        error_code: 'UPSTREAM_BAD_RESPONSE',
      },
    ]);
  });

  it('that fails after the response, as a frozen one does, counts as dropped without a line', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const world = await start(fine, hang, contract('percent: 100, timeout: 150ms'));
    await world.send('GET', '/users/7');
    expect(world.counted.get('MirrorsDropped')).toBeUndefined();
    await until(() => world.counted.has('MirrorsDropped'));
    process.off('unhandledRejection', note);
    expect(world.counted.get('MirrorsDropped')).toBe(1);
    expect(world.counted.get('MirrorFailures')).toBeUndefined();
    expect(linesOf(world)).toEqual([]);
    expect(unhandled).toEqual([]);
  });

  it.each([
    ['200 OK', '204 No Content', undefined],
    ['200 OK', '404 Not Found', 1],
    ['503 Service Unavailable', '200 OK', 1],
  ])('with the status %s beside %s counts as a difference: %s', async (real, mirrored, count) => {
    const world = await start(responseOf(real), responseOf(mirrored));
    await world.send('GET', '/users/7');
    await until(() => count === undefined || world.counted.has('MirrorDifferences'));
    expect(world.counted.get('MirrorDifferences')).toBe(count);
    expect(linesOf(world)).toHaveLength(count ?? 0);
    if (count !== undefined)
      expect(linesOf(world)[0]).toMatchObject({
        status_code: Number(real.slice(0, 3)),
        mirror_status_code: Number(mirrored.slice(0, 3)),
      });
  });
});
