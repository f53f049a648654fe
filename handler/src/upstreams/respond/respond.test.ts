import { describe, expect, it } from '@jest/globals';
import { gatewayWith, send, signedIn } from '../../../testing/gateway-with.ts';
import { compileFiles } from '../../../compiler/testing/compile-files.ts';
import { loadModule } from '../../../testing/load-contract.ts';
import type { SettingsReader } from '../../environment.ts';
import type { Route } from '../../contract.ts';
import type { ForwardInput, UpstreamTools } from '../../parts.ts';

const contractOf = (paths: string): string => `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} } }
  defaults: { rateLimits: [], upstream: users }
security: []
paths:
${paths}
components:
  schemas: { User: { type: object, required: [id], properties: { id: { type: integer } } } }
`;

const problemsOf = (paths: string): readonly string[] => {
  const compilation = compileFiles({ 'gateway.yaml': contractOf(paths) });
  return compilation.ok ? [] : compilation.problems;
};

const readerOf = (variables: Readonly<Record<string, string>>): SettingsReader => {
  const misconfigurations: string[] = [];
  return {
    variables,
    misconfigurations,
    read: (name, wanted, parse) => {
      const value = parse(variables[name] ?? '');
      if (!value) misconfigurations.push(`${name}: ${wanted}`);
      return value as NonNullable<typeof value>;
    },
  };
};

const gatewayOf = async (paths: string, variables: Readonly<Record<string, string>> = {}) => {
  const { contract, upstreams } = await loadModule({ 'gateway.yaml': contractOf(paths) });
  const reader = readerOf(variables);
  const forwarder = upstreams.respond?.(contract, reader)({} as UpstreamTools);
  if (forwarder === undefined) throw new Error('No route has a response of its own');
  const gatewayWithRoutes = (changes: Partial<Route> = {}) =>
    gatewayWith({
      routes: contract.routes.map((route) => ({ ...route, ...changes })),
      forward: (input) => forwarder.forward(input as ForwardInput<'respond'>),
    });
  return { ...gatewayWithRoutes(), gatewayWithRoutes, reader };
};

const get = async (operation: string, path = '/users/7', request = {}, variables = {}) =>
  send(
    await gatewayOf(`  /users/{id}:\n    get: { ${operation} }`, variables),
    'GET',
    path,
    request,
  );

const parameters = `parameters: [{ name: id, in: path, required: true, schema: {} }, { name: q, in: query, schema: {} }], responses: { '200': { description: OK } }`;
const saying = (text: string) => `${parameters}, x-postern: { ${text} }`;

describe('respond', () => {
  it('has a status, headers and a JSON body of the contract and of the request', async () => {
    const response = await get(
      saying(
        `respond: { status: 203, headers: { X-Id: 'a {$request.path.id}', x-q: $request.query.q }, body: { id: $request.path.id, q: $request.query.q, fixed: [1, null] } }`,
      ),
    );
    expect(response).toMatchObject({
      statusCode: 203,
      headers: {
        'x-id': 'a 7',
        'content-type': 'application/json',
        'x-content-type-options': 'nosniff',
      },
      body: '{"id":"7","fixed":[1,null]}',
    });
    expect(response.headers).not.toHaveProperty('x-q');
  });

  it('has a body of text', async () => {
    const response = await get(
      saying(`respond: { body: 'Hello {$request.query.q}!' }`),
      '/users/7',
      {
        query: 'q=%3Cb%3E',
      },
    );
    expect(response).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'Hello <b>!',
    });
  });

  it('of a text with a missing value is a 400 with a stable code', async () => {
    const response = await get(saying(`respond: { body: 'Hello {$request.query.q}!' }`));
    expect(response).toMatchObject({ statusCode: 400, problem: { code: 'BAD_REQUEST' } });
  });

  it('has no body if none is said', async () => {
    const response = await get(saying('respond: { status: 204 }'));
    expect(response).toMatchObject({ statusCode: 204 });
    expect(response.body ?? '').toBe('');
  });

  it('has no line break of a request in a header', async () => {
    const response = await get(
      saying(`respond: { headers: { x-q: $request.query.q } }`),
      '/users/7',
      { query: 'q=a%0D%0Aset-cookie:%20b=c' },
    );
    expect(response.headers).toMatchObject({ 'x-q': 'a%0D%0Aset-cookie: b=c' });
    expect(response.cookies ?? []).toEqual([]);
  });

  it('has values of the environment, and a missing one is a misconfiguration', async () => {
    const contract = saying(`respond: { body: { region: '\${region}', list: ['\${region}!'] } }`);
    const variables = { GATEWAY_VALUE_region: 'north' };
    const { body } = await get(contract, '/users/7', {}, variables);
    expect(body).toBe('{"region":"north","list":["north!"]}');
    const { reader } = await gatewayOf(`  /users/{id}:\n    get: { ${contract} }`);
    expect(reader.misconfigurations).toEqual([
      'GATEWAY_VALUE_region: what the contract calls region',
    ]);
  });

  it('is logged without a duration of an upstream', async () => {
    const gateway = await gatewayOf(`  /users/{id}:\n    get: { ${saying('respond: {}')} }`);
    await send(gateway, 'GET', '/users/7');
    expect(gateway.lines[0]).toMatchObject({ upstream: 'respond', upstream_ms: undefined });
    expect(gateway.counted.map(([name]) => name)).not.toContain('upstreamLatency');
  });
});

describe('redirect', () => {
  it.each([
    ['/people/{$request.path.id}', '/users/a b', '/v1/people/a%20b'],
    ['https://example.com/{$request.path.id}', '/users/7', 'https://example.com/7'],
    ['/find?name={$request.path.id}', '/users/a&b=c', '/v1/find?name=a%26b%3Dc'],
    ['${shop}/x', '/users/7', 'https://shop.example.com/x'],
  ])('to %s leads %s to %s', async (location, path, expected) => {
    const response = await get(
      saying(`redirect: { location: '${location}' }`),
      path,
      {},
      {
        GATEWAY_VALUE_shop: 'https://shop.example.com',
      },
    );
    expect(response).toMatchObject({ statusCode: 307, headers: { location: expected } });
  });

  it('has the status that the contract says, and keeps the query if it says so', async () => {
    const operation = saying("redirect: { location: '/a', status: 308, query: keep }");
    const response = await get(operation, '/users/7', { query: 'a=b&c' });
    expect(response).toMatchObject({ statusCode: 308, headers: { location: '/v1/a?a=b&c' } });
    expect((await get(operation)).headers).toMatchObject({ location: '/v1/a' });
  });

  it.each(['//evil.example', '/evil.example', '../admin', '.', '\\evil.example', 'a/../../b'])(
    'never leads to another host or path through a value: %s',
    async (value) => {
      const operation = saying("redirect: { location: '/{$request.query.q}' }");
      const query = `q=${encodeURIComponent(value)}`;
      const { headers = {}, statusCode } = await get(operation, '/users/7', { query });
      if (statusCode !== 400) {
        // As under a domain without a stage, where the path begins the location.
        const location = String(headers['location']).replace('/v1', '');
        const url = new URL(location, 'https://api.example.com/users/7');
        expect(url.host).toBe('api.example.com');
        expect(decodeURIComponent(url.pathname)).toBe(`/${value}`);
      }
    },
  );

  it('keeps the slashes of the rest of a path, but not as the start of a host', async () => {
    const gateway = await gatewayOf(
      `  /old/{rest+}:\n    get: { parameters: [{ name: rest, in: path, required: true, schema: {} }], responses: {}, x-postern: { redirect: { location: '/{$request.path.rest}' } } }`,
    );
    const { headers } = await send(gateway, 'GET', '/old/a/b c');
    expect(headers).toMatchObject({ location: '/v1/a/b%20c' });
    const { statusCode } = await send(gateway, 'GET', '/old//evil.example');
    expect(statusCode).toBe(400);
  });

  it('without a value that it needs is a 400', async () => {
    const response = await get(saying("redirect: { location: '/{$request.query.q}' }"));
    expect(response).toMatchObject({ statusCode: 400, problem: { code: 'BAD_REQUEST' } });
  });
});

const withResponse = (response: string) =>
  `parameters: [{ name: id, in: path, required: true, schema: {} }], x-postern: { mock: true }, responses: { '404': { description: None }, '200': ${response} }`;

describe('mock', () => {
  it('responds with the example of the first success, and its headers', async () => {
    const response = await get(
      withResponse(
        `{ description: OK, headers: { X-Total: { schema: { examples: [3] } }, X-None: { schema: {} } }, content: { application/json: { schema: { $ref: '#/components/schemas/User' }, examples: { one: { value: { id: 1 } } } } } }`,
      ),
    );
    expect(response).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'x-total': '3' },
      body: '{"id":1}',
    });
    expect(response.headers).not.toHaveProperty('x-none');
  });

  it('has an example of the schema, or no body if none is declared', async () => {
    const ofSchema = withResponse(
      `{ description: OK, content: { text/plain: { schema: { type: string, example: hello } } } }`,
    );
    expect(await get(ofSchema)).toMatchObject({ body: 'hello' });
    expect((await get(withResponse('{ description: OK }'))).body ?? '').toBe('');
  });

  it.each([
    [
      '{ description: OK, content: { application/json: {} } }',
      'has no example of application/json',
    ],
    [
      `{ description: OK, content: { application/json: { schema: { $ref: '#/components/schemas/User' }, example: { id: x } } } }`,
      'does not match its schema',
    ],
  ])('is a problem if its example is missing or wrong', (response, message) => {
    const problems = problemsOf(`  /users/{id}:\n    get: { ${withResponse(response)} }`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^gateway.yaml:10:\d+ /);
    expect(problems[0]).toContain(message);
  });
});

describe('what responds to an operation', () => {
  const kinds = async (item: string, operation: string) => {
    const { contract } = await loadModule({
      'gateway.yaml': contractOf(
        `  /users:\n    x-postern: ${item}\n    get: { responses: {}, x-postern: ${operation} }`,
      ),
    });
    return contract.routes.at(-1)?.target;
  };

  it.each([
    ['{}', '{ respond: {} }', { kind: 'respond', upstream: 'respond' }],
    ['{ redirect: { location: / } }', '{}', { kind: 'respond', upstream: 'redirect' }],
    ['{ respond: {} }', '{ upstream: users }', { kind: 'http', upstream: 'users' }],
    ['{ respond: {}, rewrite: /a }', '{}', { kind: 'respond', upstream: 'respond' }],
  ])('is what the nearest section says: %s, %s', async (item, operation, target) => {
    expect(await kinds(item, operation)).toMatchObject(target);
  });

  it.each([
    ['respond: {}, upstream: users', '"upstream" and "respond" both say what responds'],
    ['respond: {}, rewrite: /a', '"rewrite" is for upstreams of the kind http; this has "respond"'],
    ['respond: { status: 99 }', '"status" must be >= 200'],
    ['respond: { status: 204, body: a }', 'a response with the status 204 has no body'],
    ['respond: { headers: { Set-Cookie: a } }', 'cannot change "set-cookie"'],
    ['respond: { headers: { transfer-encoding: a } }', 'cannot change "transfer-encoding"'],
    ['respond: { headers: { x-frame-options: a } }', 'it is a header of the gateway'],
    ['respond: { headers: { "a b": a } }', 'it is not the name of a header'],
    ['respond: { headers: { x-a: "ü" } }', 'only have visible ASCII'],
    ['respond: { headers: { location: $request.query.q } }', 'is a "redirect"'],
    [
      `respond: { headers: { content-type: application/json }, body: '{"q":"{$request.query.q}"}' }`,
      'a text with expressions is text/plain',
    ],
    ['respond: { body: $request.query.p }', '"p" is no query parameter of GET /users/{id}'],
    ['redirect: {}', '"location" is missing'],
    ['redirect: { location: //evil.example }', 'begins with one /'],
    ['redirect: { location: "javascript:alert(1)" }', 'begins with one /'],
    ['redirect: { location: $request.query.q }', 'before any expression'],
    ['redirect: { location: "https://{$request.query.q}/" }', 'before any expression'],
    ['redirect: { location: "https://a.example{$request.query.q}" }', 'before any expression'],
    ['redirect: { location: "https://a@{$request.query.q}/" }', 'before any expression'],
    ["redirect: { location: '${shop}{$request.query.q}' }", 'before any expression'],
    ['redirect: { location: "/a b" }', 'only the characters of a URL'],
    ['redirect: { location: "/a?b", query: keep }', 'has no ? and no # of its own'],
    ['redirect: { location: "/a", status: 200 }', '"status" cannot be 200'],
  ])('has a problem with its line: %s', (text, message) => {
    const problems = problemsOf(`  /users/{id}:\n    get: { ${saying(text)} }`);
    expect(problems.join('\n')).toContain(message);
    expect(problems[0]).toMatch(/^gateway.yaml:10:\d+ /);
  });

  it('needs a sign-in as with an upstream', async () => {
    const { gatewayWithRoutes } = await gatewayOf(
      '  /users:\n    get: { responses: {}, x-postern: { respond: {} } }',
    );
    const response = await send(gatewayWithRoutes(signedIn('user')), 'GET', '/users');
    expect(response).toMatchObject({ statusCode: 401, problem: { code: 'CREDENTIALS_MISSING' } });
  });

  it('adds nothing to a contract in which every operation has an upstream', () => {
    const compilation = compileFiles({
      'gateway.yaml': contractOf('  /users:\n    get: { responses: {} }'),
    });
    expect(compilation.ok && compilation.modules['contract.js']).not.toContain('respond');
  });
});
