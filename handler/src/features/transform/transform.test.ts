import { describe, expect, it } from '@jest/globals';
import { compileFiles } from '../../../compiler/testing/compile-files.ts';
import { gatewayWith, send, tokenOfAlice } from '../../../testing/gateway-with.ts';
import { loadModule } from '../../../testing/load-contract.ts';
import type { Features, StoreTools } from '../../parts.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';

const contractOf = (users: string, defaults = ''): string => `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} } }
  defaults: { rateLimits: [], upstream: users${defaults} }
security: []
paths:
  /users/{id}:
    parameters: [{ name: id, in: path, required: true, schema: {} }, { name: q, in: query, schema: {} }]
    get: { responses: {}${users} }
components:
  securitySchemes: { session: { type: http, scheme: bearer, x-postern: { session: {} } } }
`;

const said = (transform: string, security = '[]') =>
  `, security: ${security}, x-postern: { transform: ${transform} }`;

const problemsOf = (...contract: Parameters<typeof contractOf>): readonly string[] => {
  const compilation = compileFiles({ 'gateway.yaml': contractOf(...contract) });
  return compilation.ok ? [] : compilation.problems;
};

const gatewayOf = async (
  contract: string,
  { response = {}, isError = false }: { response?: Record<string, string>; isError?: boolean } = {},
) => {
  const module = await loadModule({ 'gateway.yaml': contract });
  const values = module.stores.transformValues?.({
    variables: {},
    misconfigurations: [],
    read: (name, _, parse) => parse(`value of ${name}`) as never,
  });
  const transformValues = values?.({} as StoreTools).store;
  const sent: GatewayRequest[] = [];
  const { transform } = module.features;
  const gateway = gatewayWith({
    routes: module.contract.routes,
    features: (transform && {
      transform: (tools) => transform({ ...tools, ...(transformValues && { transformValues }) }),
    }) as Features,
    respond: async ({ request }): Promise<GatewayResponse> => {
      sent.push(request);
      if (isError) throw new Error('broken');
      return { statusCode: 200, headers: { ...response }, body: '' };
    },
  });
  return { ...gateway, sent };
};

/** What the upstream gets of a request. */
const sentFor = async (transform: string, request = {}) => {
  const gateway = await gatewayOf(contractOf(said(transform)));
  await send(gateway, 'GET', '/users/7', request);
  return gateway.sent[0];
};

describe('a request', () => {
  it('has headers removed, renamed, set and added, in this order', async () => {
    const request = await sentFor(
      `{ request: { headers: { remove: [X-Gone], rename: { X-Old: X-New }, set: { X-New: 'is {$request.path.id}', x-id: $request.id }, add: { X-More: b, x-one: c } } } }`,
      { headers: { 'x-gone': '1', 'x-old': '2', 'x-more': 'a', 'x-kept': '3' } },
    );
    expect(request?.headers).toMatchObject({
      'x-new': 'is 7',
      'x-more': 'a, b',
      'x-one': 'c',
      'x-kept': '3',
      'x-id': request?.id,
    });
    for (const name of ['x-gone', 'x-old']) expect(request?.headers).not.toHaveProperty(name);
  });

  it('has no header of the client in place of a value that is missing', async () => {
    const transform = `{ request: { headers: { set: { x-tenant: $request.query.q } } } }`;
    const request = await sentFor(transform, { headers: { 'x-tenant': 'forged' } });
    expect(request?.headers).not.toHaveProperty('x-tenant');
    const other = await sentFor(transform, { query: 'q=north', headers: { 'x-tenant': 'forged' } });
    expect(other?.headers).toMatchObject({ 'x-tenant': 'north' });
  });

  it('has no header of the client in another spelling, which a server could read as the same', async () => {
    const request = await sentFor(
      '{ request: { headers: { remove: [x_debug], rename: { x-old: x-new }, set: { x-tenant: north } } } }',
      {
        headers: {
          x_debug: '1',
          'x-debug': '1',
          x_old: '2',
          x_new: '3',
          'x-old': '4',
          x_tenant: 'forged',
        },
      },
    );
    expect(request?.headers).toMatchObject({ 'x-new': '4', 'x-tenant': 'north' });
    for (const name of ['x_debug', 'x-debug', 'x_old', 'x_new', 'x_tenant'])
      expect(request?.headers).not.toHaveProperty(name);
  });

  it('has no line break of a value in a header', async () => {
    const request = await sentFor(`{ request: { headers: { set: { x-q: $request.query.q } } } }`, {
      query: 'q=a%0D%0Ax-user-id:%20admin',
    });
    expect(request?.headers).toMatchObject({ 'x-q': 'a%0D%0Ax-user-id: admin' });
  });

  it('has parameters of the query removed and set, and the others as the client wrote them', async () => {
    const request = await sentFor(
      `{ request: { query: { remove: [debug], set: { 'user id': 'a&{$request.path.id}', version: '2' } } } }`,
      { query: 'a=%7e&debug=1&b&d%65bug=2&version=1&c=+' },
    );
    expect(request?.query).toBe('a=%7e&b&c=+&user%20id=a%267&version=2');
  });

  it('has values of the environment', async () => {
    const request = await sentFor(
      `{ request: { headers: { set: { x-region: '\${region}!' } }, query: { set: { r: '\${region}' } } } }`,
    );
    expect(request?.headers).toMatchObject({ 'x-region': 'value of GATEWAY_VALUE_region!' });
    expect(request?.query).toBe('r=value%20of%20GATEWAY_VALUE_region');
  });

  it('has the id of the caller, whatever id the client sends', async () => {
    const gateway = await gatewayOf(
      contractOf(
        said('{ request: { headers: { set: { x-caller: $caller.id } } } }', '[{ session: [] }]'),
      ),
    );
    const headers = { authorization: `Bearer ${await tokenOfAlice()}`, 'x-caller': 'bob' };
    await send(gateway, 'GET', '/users/7', { headers });
    expect(gateway.sent[0]?.headers).toMatchObject({ 'x-caller': 'alice' });
  });

  it.each([false, true])(
    'is the client’s own again on the way out, also after an error: %s',
    async (isError) => {
      const gateway = await gatewayOf(
        contractOf(said('{ request: { headers: { remove: [origin] } } }')),
        { isError },
      );
      const origins: unknown[] = [];
      const response = await send(
        {
          gateway: (event, context) => {
            const result = gateway.gateway(event, context);
            return result.finally(() => {
              const { exchange } = context as unknown as {
                exchange?: { request: GatewayRequest };
              };
              origins.push(exchange?.request.headers['origin']);
            });
          },
        },
        'GET',
        '/users/7',
        { headers: { origin: 'https://a.example' } },
      );
      expect(response.statusCode).toBe(isError ? 500 : 200);
      expect(gateway.sent[0]?.headers).not.toHaveProperty('origin');
      expect(origins).toEqual(['https://a.example']);
    },
  );
});

describe('a response', () => {
  const transform = `{ response: { headers: { remove: [x-internal], rename: { x-total: X-Count }, set: { cache-control: no-store, x-q: $request.query.q }, add: { vary: accept } } } }`;
  const response = {
    'x-internal': 'db1',
    'x-total': '3',
    'cache-control': 'public',
    vary: 'origin',
  };

  it('has headers removed, renamed, set and added', async () => {
    const gateway = await gatewayOf(contractOf(said(transform)), { response });
    const { headers } = await send(gateway, 'GET', '/users/7', { query: 'q=1' });
    expect(headers).toMatchObject({
      'x-count': '3',
      'cache-control': 'no-store',
      'x-q': '1',
      vary: 'origin, accept',
    });
    for (const name of ['x-internal', 'x-total']) expect(headers).not.toHaveProperty(name);
  });

  it('of the gateway itself does not change', async () => {
    const gateway = await gatewayOf(contractOf(said(transform, '[{ session: [] }]')));
    const { headers, statusCode } = await send(gateway, 'GET', '/users/7');
    expect(statusCode).toBe(401);
    expect(headers).not.toHaveProperty('x-q');
  });
});

describe('a transformation in the contract', () => {
  const inRequest = (headers: string) => said(`{ request: { headers: ${headers} } }`);
  const inResponse = (headers: string) => said(`{ response: { headers: ${headers} } }`);

  it.each([
    [inRequest('{ set: { X-User-Id: a } }'), 'cannot change "x-user-id"'],
    [inRequest('{ remove: [X-Forwarded-For] }'), 'cannot change "x-forwarded-for"'],
    [inRequest('{ set: { Authorization: a } }'), 'credentials for an upstream'],
    [inRequest('{ set: { host: a } }'), '"preserveHost"'],
    [inRequest('{ rename: { x-a: Transfer_Encoding } }'), 'cannot change "transfer_encoding"'],
    [inRequest('{ rename: { Cookie: x-a } }'), 'cannot change "cookie"'],
    [inRequest('{ set: { content-length: "1" } }'), 'cannot change "content-length"'],
    [inRequest('{ set: { via: a } }'), 'cannot change "via"'],
    [inRequest('{ set: { x-a: "a\\nb" } }'), 'visible ASCII'],
    [inRequest('{ set: { x-a: $request.query.p } }'), '"p" is no query parameter'],
    [inRequest('{ set: { x-a: $caller.id } }'), 'is public: it has no caller'],
    [inRequest('{ sett: {} }'), 'unknown key "sett"'],
    [inResponse('{ set: { Set-Cookie: a } }'), 'cannot change "set-cookie"'],
    [inResponse('{ remove: [Strict-Transport-Security] }'), 'cannot change "strict-transport'],
    [inResponse('{ set: { Access-Control-Allow-Origin: "*" } }'), 'use "cors"'],
    [inResponse('{ set: { location: $request.query.q } }'), 'is a "redirect"'],
    [
      ', x-postern: { respond: {}, transform: { request: { headers: { remove: [x-a] } } } }',
      'sends no request to an upstream',
    ],
  ])('has a problem with its line: %s', (users, message) => {
    const problems = problemsOf(users);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^gateway.yaml:11:\d+ /);
    expect(problems[0]).toContain(message);
  });

  it('is that of the nearest section, and adds nothing if no route has one', () => {
    const defaults = ', transform: { request: { headers: { remove: [x-a] } } }';
    const modules = (users: string) => {
      const compilation = compileFiles({ 'gateway.yaml': contractOf(users, defaults) });
      return compilation.ok ? compilation.modules['contract.js'] : undefined;
    };
    expect(modules('')).toContain('transform.ts');
    for (const none of [said('{}'), ', x-postern: { respond: {} }'])
      expect(modules(none)).not.toContain('transform');
  });
});
