import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { compileFiles } from '../../../compiler/testing/compile-files.ts';
import { type AwsUpstreamWorld, startAwsUpstreams } from '../../../testing/aws-upstreams.ts';
import { gatewayWith, nowMs, send, tokenOfAlice } from '../../../testing/gateway-with.ts';
import { loadModule } from '../../../testing/load-contract.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import { resultLimits } from '../../http/response-to-result.ts';
import type { GatewayResponse } from '../../http/response.ts';
import type { Forwarded, ForwardInput, UpstreamTools } from '../../parts.ts';
import { createMatcher } from '../../pipeline/match.ts';

const id = '{ name: id, in: path, required: true, schema: {} }';

const contractOf = (parts: string, { whole = '', paths = '', root = '' } = {}): string =>
  `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { products: { http: {} }, reviews: { http: {}, retries: 0 } }
  defaults: { rateLimits: [] }${root}
security: []
paths:
  /pages/{id}:
    get:
      parameters: [${id}, { name: sort, in: query, schema: {} }, { name: X-Tab, in: header, schema: {} }]
      ${whole}
      x-postern:
        timeout: 2s
        combine: { parts: { ${parts} } }
      responses: { '200': { description: Page } }
  /products/{id}:
    get: { parameters: [${id}], x-postern: { upstream: products }, responses: {} }
    delete: { parameters: [${id}], x-postern: { upstream: products }, responses: {} }
  /products/new:
    get: { x-postern: { upstream: products }, responses: {} }
  /reviews:
    get: { x-postern: { upstream: reviews, rewrite: /v2/reviews }, responses: {} }
${paths}
components:
  securitySchemes:
    session: { type: http, scheme: bearer, x-postern: { session: {} } }
    key: { type: apiKey, in: header, name: X-Key, x-postern: { apiKey: {} } }
`;

const product = `product: { get: '/products/{$request.path.id}' }`;
const reviews = `reviews: { get: '/reviews?product={$request.path.id}&sort={$request.query.sort}' }`;
const partialReviews = `reviews: { get: '/reviews?product={$request.path.id}', timeout: 500ms, partial: allow }`;

type Respond = (input: ForwardInput) => Promise<GatewayResponse | GatewayError>;

const json = (body: string, headers: Readonly<Record<string, string>> = {}): GatewayResponse => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(body),
});

/** The gateway of a contract whose upstreams, by name, are these functions. */
const gatewayOf = async (contractText: string, upstreams: Readonly<Record<string, Respond>>) => {
  const { contract, upstreams: kinds } = await loadModule({ 'gateway.yaml': contractText });
  const received: ForwardInput[] = [];
  const clock = { nowMs };
  const counted: unknown[] = [];
  const lines: Array<Readonly<Record<string, unknown>>> = [];
  const forward = async (input: ForwardInput): Promise<Forwarded> => {
    received.push(input);
    const { upstream: name } = input.target;
    const outcome = (await upstreams[name]?.(input)) ?? json('{}');
    return { upstream: { name, durationMs: 7, attempts: 1 }, outcome };
  };
  const tools = {
    forward,
    match: createMatcher(contract.routes),
    limits: resultLimits,
    now: () => clock.nowMs,
    metrics: { add: (...metric: readonly unknown[]) => void counted.push(metric) },
    log: { warn: (message: string, fields: object) => void lines.push({ message, ...fields }) },
  } as unknown as UpstreamTools;
  const combine = kinds.combine?.(contract, {
    variables: {},
    misconfigurations: [],
    read: () => {
      throw new Error('Nothing is read');
    },
  })(tools);
  const gateway = gatewayWith({
    routes: contract.routes,
    forward: (input) =>
      input.target.kind === 'combine' && combine !== undefined
        ? combine.forward(input as ForwardInput<'combine'>)
        : forward(input),
  });
  return { ...gateway, received, clock, partLines: lines, partMetrics: counted };
};

const later = <T>() => {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve: (value: T) => resolve(value) };
};

describe('a combined response', () => {
  it('is one object of the bytes of its parts, in the order of the contract', async () => {
    const first = later<GatewayResponse>();
    const gateway = await gatewayOf(contractOf(`${product}, ${reviews}`), {
      products: () => first.promise,
      reviews: async () => {
        first.resolve(json('{"big":12345678901234567890, "a":1.0}'));
        return json('[ "ü" ]', { 'cache-control': 'public, max-age=60', etag: '"1"' });
      },
    });
    const response = await send(gateway, 'GET', '/pages/7');
    expect(response).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: '{"product":{"big":12345678901234567890, "a":1.0},"reviews":[ "ü" ]}',
    });
    expect(response.headers).not.toHaveProperty('etag');
  });

  it('has no cookies of its parts', async () => {
    const gateway = await gatewayOf(contractOf(product), {
      products: async () => ({ ...json('1'), cookies: ['a=b'] }),
    });
    expect(await send(gateway, 'GET', '/pages/7')).not.toHaveProperty('cookies');
  });

  it('requests all parts before any has responded', async () => {
    const all = later<GatewayResponse>();
    const gateway = await gatewayOf(contractOf(`${product}, ${reviews}`), {
      products: () => all.promise,
      reviews: async () => {
        all.resolve(json('1'));
        return json('2');
      },
    });
    // In sequence, the first would wait for ever.
    expect(await send(gateway, 'GET', '/pages/7')).toMatchObject({
      body: '{"product":1,"reviews":2}',
    });
  });

  it('sends each part the request that its own route would forward', async () => {
    const gateway = await gatewayOf(contractOf(`${product}, ${reviews}`), {});
    await send(gateway, 'GET', '/pages/a&b c', {
      query: 'sort=x%26y%3D1&other=2',
      headers: {
        'accept-encoding': 'gzip',
        'if-none-match': '"1"',
        range: 'bytes=0-1',
        'x-tab': 'two',
      },
    });
    const [first, second] = gateway.received;
    expect(first).toMatchObject({
      route: { id: 'GET /products/{id}' },
      target: { upstream: 'products' },
      params: { id: 'a&b c' },
      request: {
        method: 'GET',
        path: '/products/a&b c',
        segments: ['products', 'a&b c'],
        query: '',
        body: undefined,
        headers: { accept: 'application/json', 'accept-encoding': 'identity', 'x-tab': 'two' },
      },
    });
    expect(Object.keys(first?.request.headers ?? {})).not.toEqual(
      expect.arrayContaining(['if-none-match']),
    );
    expect(first?.request.headers).not.toHaveProperty('range');
    expect(second).toMatchObject({
      route: { id: 'GET /reviews' },
      target: { rewrite: '/v2/reviews' },
      request: { query: 'product=a%26b%20c&sort=x%26y%3D1' },
    });
  });

  it('leaves out a parameter of the query whose value the request does not have', async () => {
    const gateway = await gatewayOf(contractOf(reviews), {});
    await send(gateway, 'GET', '/pages/7');
    expect(gateway.received[0]?.request.query).toBe('product=7');
  });

  it('responds to HEAD with the length of GET, and without a body', async () => {
    const gateway = await gatewayOf(contractOf(product), { products: async () => json('"ü"') });
    const response = await send(gateway, 'HEAD', '/pages/7');
    expect(response).toMatchObject({ statusCode: 200, headers: { 'content-length': '16' } });
    expect(response.body ?? '').toBe('');
    expect(gateway.received[0]?.request.method).toBe('GET');
  });

  it('is logged with the upstreams of its parts, each of which has its own metric', async () => {
    const gateway = await gatewayOf(contractOf(`${product}, ${reviews}`), {});
    await send(gateway, 'GET', '/pages/7');
    expect(gateway.lines).toMatchObject([
      { upstream: 'combine(products,reviews)', upstream_attempts: 2, upstream_ms: 0 },
    ]);
    expect(gateway.partMetrics).toEqual([
      ['upstreamLatencyByUpstream', 7, { upstream: 'products' }],
      ['upstreamLatencyByUpstream', 7, { upstream: 'reviews' }],
    ]);
  });

  it('that is larger than a response can be is a 502', async () => {
    const half = json(`"${'a'.repeat(3_200_000)}"`);
    const gateway = await gatewayOf(contractOf(`${product}, ${reviews}`), {
      products: async () => half,
      reviews: async () => half,
    });
    expect(await send(gateway, 'GET', '/pages/7')).toMatchObject({
      statusCode: 502,
      problem: { code: 'UPSTREAM_RESPONSE_TOO_LARGE' },
    });
  });
});

describe('a part', () => {
  it.each([
    ['another route by its value', '/pages/new', {}],
    ['another route by a slash', '/pages/7', { query: 'sort=a%2Fb' }],
    ['a dot segment', '/pages/7', { query: 'sort=..' }],
    ['no route for want of a value', '/pages/7', {}],
  ])('that would lead to %s is a 400, and is not requested', async (_, path, request) => {
    const from = path === '/pages/new' ? 'path.id' : 'query.sort';
    const gateway = await gatewayOf(
      contractOf(`product: { get: '/products/{$request.${from}}' }`),
      {},
    );
    expect(await send(gateway, 'GET', path, request)).toMatchObject({ statusCode: 400 });
    expect(gateway.received).toEqual([]);
  });

  it('has the earliest of its own deadline, that of the combination and that of the request', async () => {
    const own = reviews.replace(/ }$/, ', timeout: 500ms }');
    const late = `late: { get: /products/new, timeout: 20s }`;
    const gateway = await gatewayOf(contractOf(`${product}, ${own}, ${late}`), {});
    await send(gateway, 'GET', '/pages/7');
    expect(gateway.received.map(({ deadlineMs }) => deadlineMs - nowMs)).toEqual([
      2_000, 500, 2_000,
    ]);
  });

  it.each([404, 429, 500])(
    'that is required and responds with %d: its status and body are the response',
    async (statusCode) => {
      const gateway = await gatewayOf(contractOf(`${reviews}, ${product}`), {
        products: async () => ({
          statusCode,
          headers: {
            'content-type': 'text/plain',
            'retry-after': '3',
            'cache-control': 'public',
            'x-internal': '1',
          },
          cookies: ['a=b'],
          body: 'no',
        }),
      });
      const response = await send(gateway, 'GET', '/pages/7');
      expect(response).toMatchObject({
        statusCode,
        headers: {
          'content-type': 'text/plain',
          'retry-after': '3',
          'cache-control': 'no-store',
        },
        body: 'no',
      });
      expect(response.headers).not.toHaveProperty('x-internal');
      expect(response).not.toHaveProperty('cookies');
    },
  );

  it('that is required and has no response in time is the 504 of its own route', async () => {
    const gateway = await gatewayOf(contractOf(`${product}, ${reviews}`), {
      reviews: async () => new GatewayError('UPSTREAM_TIMEOUT', { detail: 'Try again later.' }),
    });
    expect(await send(gateway, 'GET', '/pages/7')).toMatchObject({
      statusCode: 504,
      problem: { code: 'UPSTREAM_TIMEOUT' },
    });
  });

  it.each([
    ['a page', { statusCode: 200, headers: {}, body: '<html>' }],
    ['nothing', { statusCode: 204, headers: {} }],
    ['a redirect', { statusCode: 302, headers: {}, body: '{}' }],
    ['JSON in Latin-1', { statusCode: 200, headers: {}, body: Buffer.from('"ü"', 'latin1') }],
  ] satisfies ReadonlyArray<readonly [string, GatewayResponse]>)(
    'that is required and is %s is a 502 with a stable code',
    async (_, response) => {
      const gateway = await gatewayOf(contractOf(`${product}, ${reviews}`), {
        reviews: async () => response,
      });
      expect(await send(gateway, 'GET', '/pages/7')).toMatchObject({
        statusCode: 502,
        problem: { code: 'UPSTREAM_BAD_RESPONSE', detail: expect.stringContaining('"reviews"') },
      });
    },
  );

  it.each([
    [
      'is late',
      new GatewayError('UPSTREAM_TIMEOUT', { detail: 'Try again later.' }),
      { status: 504, code: 'UPSTREAM_TIMEOUT' },
    ],
    ['is no JSON', json('<'), { status: 502, code: 'UPSTREAM_BAD_RESPONSE' }],
    ['does not exist', { ...json('{}'), statusCode: 404 }, { status: 404 }],
  ] as const)(
    'that is partial and %s is null, and `errors` says why',
    async (_, outcome, error) => {
      const gateway = await gatewayOf(contractOf(`${partialReviews}, ${product}`), {
        products: async () => json('1'),
        reviews: async () => outcome,
      });
      const response = await send(gateway, 'GET', '/pages/7');
      expect(response.statusCode).toBe(200);
      expect(JSON.parse(response.body ?? '')).toEqual({
        reviews: null,
        product: 1,
        errors: [{ part: 'reviews', ...error }],
      });
      expect(gateway.partLines).toMatchObject(
        error.status < 500
          ? []
          : [{ part: 'reviews', upstream: 'reviews', status_code: error.status, upstream_ms: 7 }],
      );
    },
  );
});

const signedIn = { whole: 'security: [{ session: [user] }]' };

describe('the caller of a combined response', () => {
  it('is the caller of the parts that need a sign-in, and no public part learns of it', async () => {
    const gateway = await gatewayOf(
      contractOf(`mine: { get: /mine }, ${product}`, {
        ...signedIn,
        paths: `  /mine:
    get: { security: [{ session: [] }], x-postern: { upstream: products }, responses: {} }`,
      }),
      {},
    );
    const authorization = `Bearer ${await tokenOfAlice()}`;
    expect(await send(gateway, 'GET', '/pages/7')).toMatchObject({ statusCode: 401 });
    expect(gateway.received).toEqual([]);
    const response = await send(gateway, 'GET', '/pages/7', { headers: { authorization } });
    expect(response).toMatchObject({ statusCode: 200, body: '{"mine":{},"product":{}}' });
    const [mine, open] = gateway.received;
    expect(mine).toMatchObject({ caller: { userId: 'alice' } });
    expect(open?.caller).toBeUndefined();
    expect(open?.request.headers).not.toHaveProperty('authorization');
  });
});

describe('the whole gateway', () => {
  let world: AwsUpstreamWorld | undefined;
  const closing: Array<() => void> = [];

  const start = async (contractText: string, service: RequestListener) => {
    const server = createServer(service);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      server.close();
      server.closeAllConnections();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    world = await startAwsUpstreams(contractText, {
      UPSTREAM_PRODUCTS_SERVICE_URL: `${url}/products-service`,
      UPSTREAM_REVIEWS_SERVICE_URL: url,
    });
    return world;
  };

  afterEach(async () => {
    await world?.stop();
    for (const close of closing.splice(0)) close();
  });

  it('combines upstreams in parallel, does without one that is late, and keeps its breaker', async () => {
    const urls: string[] = [];
    const root = '\n  failureLimit: false';
    const breaker = 'breaker: { failures: 1, openFor: 10s }';
    const contractText = contractOf(`${product}, ${partialReviews.replace('500ms', '100ms')}`, {
      root,
    }).replace('retries: 0', `retries: 0, ${breaker}`);
    const { lines, ...started } = await start(contractText, ({ url = '', headers }, response) => {
      urls.push(url);
      if (url.startsWith('/v2/')) return; // No response.
      response.setHeader('set-cookie', 'a=b');
      response.end(JSON.stringify({ accepts: headers['accept-encoding'] }));
    });
    const late = await started.send('GET', '/pages/7');
    expect(late).toMatchObject({
      statusCode: 200,
      json: {
        product: { accepts: 'identity' },
        reviews: null,
        errors: [{ part: 'reviews', status: 504, code: 'UPSTREAM_TIMEOUT' }],
      },
    });
    expect(late).not.toHaveProperty('cookies');
    expect(urls.toSorted()).toEqual(['/products-service/products/7', '/v2/reviews?product=7']);
    expect((await started.send('GET', '/pages/7')).json).toMatchObject({
      errors: [{ part: 'reviews', status: 503, code: 'UPSTREAM_BREAKER_OPEN' }],
    });
    expect(lines).toContainEqual(
      expect.objectContaining({
        message: 'a part of a combined response failed',
        part: 'reviews',
        error_code: 'UPSTREAM_TIMEOUT',
      }),
    );
  });
});

const problemsOf = (...given: Parameters<typeof contractOf>): readonly string[] => {
  const compilation = compileFiles({ 'gateway.yaml': contractOf(...given) });
  return compilation.ok ? [] : compilation.problems;
};

describe('the parts of a contract', () => {
  it.each([
    [`a: { get: products }`, '"get" must be a path that begins with /'],
    [`a: { get: /nothing }`, '"/nothing" leads to no GET route of this document'],
    [`a: { get: '/products/{id}' }`, '"{id}" is no expression'],
    [`a: { get: '/reviews?id={id}' }`, '"{id}" is no expression'],
    [
      `a: { get: '/products/{$request.path.name}' }`,
      '"name" is no path parameter of GET /pages/{id}',
    ],
    [`a: { get: '/products/{$request.body#/id}' }`, 'GET /pages/{id} has no JSON body'],
    [`a: { get: '/reviews?by={$caller.id}' }`, 'GET /pages/{id} is public: it has no caller'],
    [`a: { get: /health }`, 'the gateway itself responds to GET /health'],
    [`a: { get: '/pages/{$request.path.id}' }`, 'GET /pages/{id} is combined itself'],
    [`errors: { get: /reviews }`, '"errors" is the member that lists the parts that failed'],
    [`a: { get: /reviews, timeout: 30s }`, '"timeout" is 30s; it can be from 10ms to 29s'],
    [`a: { get: /reviews, partial: yes }`, '"partial" cannot be "yes"'],
    [`a: { timeout: 1s }`, '"get" is missing'],
    [``, '"parts" must have from 1 to 5 parts'],
    [
      [1, 2, 3, 4, 5, 6].map((name) => `p${name}: { get: /reviews }`).join(', '),
      '"parts" must have from 1 to 5 parts',
    ],
  ])('have a problem with its line: %s', (parts, message) => {
    const problems = problemsOf(parts);
    expect(problems.join('\n')).toContain(message);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^gateway.yaml:15:\d+ /);
  });

  const mine = (security: string, postern = '') => `  /mine:
    get: { security: ${security}, x-postern: { upstream: products${postern} }, responses: {} }`;

  it.each([
    ['[]', '[{ session: [] }]', 'admits anyone, and its part GET /mine any session'],
    ['[{ session: [] }]', '[{ session: [admin] }]', 'any session, and its part GET /mine admin'],
    [
      '[{ session: [] }, { key: [] }]',
      '[{ session: [] }]',
      'admits any session or any key, and its part GET /mine any session',
    ],
    [
      '[{ key: [], session: [] }]',
      '[{ session: [] }]',
      'admits any key with any session, and its part GET /mine any session',
    ],
  ])('of callers with %s cannot be a route for %s alone', (whole, part, message) => {
    const problems = problemsOf('a: { get: /mine }', {
      whole: `security: ${whole}`,
      paths: mine(part),
    });
    expect(problems.join('\n')).toContain(message);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^gateway.yaml:15:\d+ +GET \/pages\/\{id\} admits/);
  });

  it.each([
    ['[{ session: [admin] }]', '[{ session: [] }]'],
    ['[{ session: [admin] }]', '[]'],
    ['[{ session: [] }]', '[{ session: [] }, { key: [] }]'],
  ])('of callers with %s can be a route for %s', (whole, part) => {
    const given = { whole: `security: ${whole}`, paths: mine(part) };
    expect(problemsOf('a: { get: /mine }', given)).toEqual([]);
  });

  it.each([
    ['ipRules', '{ allow: [10.0.0.0/8] }'],
    ['transform', '{ request: { headers: { set: { x-a: b } } } }'],
  ])('have the same %s as the operation, or none', (key, value) => {
    const paths = mine('[]', `, ${key}: ${value}`);
    const [problem] = problemsOf('a: { get: /mine }', { paths });
    expect(problem).toContain(`"${key}" of GET /mine does not apply to it as a part`);
    expect(problem).toMatch(/^gateway.yaml:15:/);
    const same = contractOf('a: { get: /mine }', { paths }).replace(
      'timeout: 2s',
      `timeout: 2s\n        ${key}: ${value}`,
    );
    expect(compileFiles({ 'gateway.yaml': same })).toMatchObject({ ok: true });
    const off = contractOf('a: { get: /reviews }').replace(
      'timeout: 2s',
      `timeout: 2s\n        ${key}: ${value}`,
    );
    expect(compileFiles({ 'gateway.yaml': off })).toMatchObject({ ok: true });
  });

  it('cannot be a route whose query changes on the way to its upstream', () => {
    const transform = ', transform: { request: { query: { set: { tenant: a } } } }';
    const [problem] = problemsOf('a: { get: /mine }', { paths: mine('[]', transform) });
    expect(problem).toContain('"transform" of GET /mine does not apply');
  });

  it('are for operations of GET', () => {
    const [problem] = problemsOf(product, {
      paths: `  /all:
    x-postern: { combine: { parts: { ${reviews.replace(/\?.*'/, "'")} } } }
    post: { responses: {} }`,
    });
    expect(problem).toMatch(/^gateway.yaml:\d+:\d+ +POST \/all cannot have a combined response/);
  });

  it('are published with the errors that the gateway can respond with', () => {
    const compilation = compileFiles({ 'gateway.yaml': contractOf(product) });
    const { openapi } = compilation as { readonly openapi: Readonly<Record<string, unknown>> };
    expect(openapi).toHaveProperty(['paths', '/pages/{id}', 'get', 'responses', '504']);
    expect(openapi).toHaveProperty(
      ['paths', '/pages/{id}', 'get', 'responses', '200', 'description'],
      'Page',
    );
  });

  it('add nothing to a contract without them', () => {
    const contractText = contractOf(product).replace(/combine: .*/, 'upstream: products');
    const compilation = compileFiles({ 'gateway.yaml': contractText });
    expect(compilation.ok && compilation.modules['contract.js']).not.toMatch(/combine/);
  });
});
