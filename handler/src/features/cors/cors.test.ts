import { describe, expect, it } from '@jest/globals';
import { gatewayWith, route, send, signedIn } from '../../../testing/gateway-with.ts';
import { cors, corsPreflight, type FunctionPolicy } from './cors.ts';
import { corsValues, withValues } from './cors-values.ts';

const app = 'https://app.example.com';

const policy = (changes: Partial<FunctionPolicy> = {}): FunctionPolicy => ({
  allow_origins: [app],
  allow_methods: ['GET', 'POST'],
  allow_headers: ['authorization', 'content-type'],
  expose_headers: ['x-request-id'],
  allow_credentials: false,
  max_age_seconds: 600,
  ...changes,
});

interface Options {
  readonly users?: FunctionPolicy | undefined;
  readonly fallback?: FunctionPolicy;
  readonly upstreamHeaders?: Record<string, string>;
}

const gatewayOf = ({ users, fallback, upstreamHeaders = {} }: Options) =>
  gatewayWith({
    routes: [
      route('GET /users', { ...signedIn('user'), ...(users && { cors: users }) }),
      route('GET /open', users && { cors: users }),
      route('POST /open', { cors: policy({ allow_origins: ['https://other.example'] }) }),
      route('OPTIONS /own'),
      route('GET /own'),
    ],
    features: { cors: cors(fallback), corsPreflight },
    respond: async () => ({
      statusCode: 200,
      headers: { ...upstreamHeaders },
      body: 'from upstream',
    }),
    buckets: {
      take: async () => {
        throw new Error('no preflight counts for a limit');
      },
    },
  });

const preflight = (
  it: ReturnType<typeof gatewayOf>,
  path: string,
  {
    origin = app,
    method = 'GET',
    headers = {},
  }: { origin?: string; method?: string; headers?: Record<string, string> } = {},
) =>
  send(it, 'OPTIONS', path, {
    headers: { origin, 'access-control-request-method': method, ...headers },
  });

const corsHeadersOf = ({ headers }: { headers?: Record<string, unknown> | undefined }) =>
  Object.fromEntries(
    Object.entries(headers ?? {}).filter(([name]) => /^(access-control-|vary$)/.test(name)),
  );

describe('a preflight', () => {
  it('is answered before authentication, with the route’s policy, the log line and security headers', async () => {
    const it = gatewayOf({ users: policy() });
    const response = await preflight(it, '/users');
    expect(response).toMatchObject({ statusCode: 204, headers: { 'x-frame-options': 'DENY' } });
    expect(response.body).toBeUndefined();
    expect(corsHeadersOf(response)).toEqual({
      'access-control-allow-origin': app,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-max-age': '600',
      vary: 'origin',
    });
    expect(it.lines).toMatchObject([
      { route: 'OPTIONS /users', status_code: 204, error_code: undefined },
    ]);
    expect(it.counted).toContainEqual(['requests', 1, { route: 'OPTIONS /users' }]);
  });

  it('has the policy of the method that it asks for', async () => {
    const it = gatewayOf({ users: policy() });
    expect(corsHeadersOf(await preflight(it, '/open'))).toHaveProperty(
      'access-control-allow-origin',
    );
    expect(corsHeadersOf(await preflight(it, '/open', { method: 'POST' }))).toEqual({
      vary: 'origin',
    });
  });

  it('of an origin that is not allowed gets no CORS header', async () => {
    const response = await preflight(gatewayOf({ users: policy() }), '/users', {
      origin: 'https://evil.example',
    });
    expect(response.statusCode).toBe(204);
    expect(corsHeadersOf(response)).toEqual({ vary: 'origin' });
  });

  it.each<[string, string, FunctionPolicy, string | undefined]>([
    [
      'any host',
      'https://a.b.example',
      policy({ allow_origins: ['https://*'] }),
      'https://a.b.example',
    ],
    ['another scheme', 'http://a.example', policy({ allow_origins: ['https://*'] }), undefined],
    ['any origin', 'https://a.example', policy({ allow_origins: ['*'] }), '*'],
    ['an opaque origin', 'null', policy(), undefined],
    ['another case', 'HTTPS://App.Example.com', policy(), 'HTTPS://App.Example.com'],
    ['a host that only begins alike', `${app}.evil.example`, policy(), undefined],
  ])('with the pattern for %s: %s', async (_, origin, users, allowed) => {
    const headers = corsHeadersOf(await preflight(gatewayOf({ users }), '/users', { origin }));
    expect(headers['access-control-allow-origin']).toBe(allowed);
  });

  it('with credentials names the origin and allows them', async () => {
    const it = gatewayOf({ users: policy({ allow_credentials: true }) });
    expect(corsHeadersOf(await preflight(it, '/users'))).toMatchObject({
      'access-control-allow-origin': app,
      'access-control-allow-credentials': 'true',
    });
  });

  it.each([
    [true, 'true'],
    [undefined, undefined],
  ])('for a private network is allowed if the policy says %s', async (allows, header) => {
    const users = policy(allows ? { allow_private_network: allows } : {});
    const headers = { 'access-control-request-private-network': 'true' };
    const response = await preflight(gatewayOf({ users }), '/users', { headers });
    expect(response.headers?.['access-control-allow-private-network']).toBe(header);
  });

  it.each([
    ['a route without a policy: 405', '/users', 405],
    ['a path without a route: 404', '/nowhere', 404],
    ['a route whose upstream responds to OPTIONS itself: the upstream’s response', '/own', 200],
  ])('for %s', async (_, path, status) => {
    expect(await preflight(gatewayOf({}), path)).toMatchObject({ statusCode: status });
  });
});

describe('a response to a page of another origin', () => {
  const get = (it: ReturnType<typeof gatewayOf>, path: string, origin = app) =>
    send(it, 'GET', path, { headers: { origin } });

  it('has the headers of the route’s policy in place of the upstream’s own', async () => {
    const upstreamHeaders = { 'access-control-allow-origin': '*', vary: 'Accept-Encoding' };
    const response = await get(gatewayOf({ users: policy(), upstreamHeaders }), '/open');
    expect(corsHeadersOf(response)).toEqual({
      'access-control-allow-origin': app,
      'access-control-expose-headers': 'x-request-id',
      vary: 'Accept-Encoding, origin',
    });
  });

  it('has them for errors of the gateway', async () => {
    const response = await get(gatewayOf({ users: policy() }), '/users');
    expect(response).toMatchObject({ statusCode: 401, problem: { code: 'CREDENTIALS_MISSING' } });
    expect(corsHeadersOf(response)).toMatchObject({ 'access-control-allow-origin': app });
  });

  it('has those of the document where no route matches', async () => {
    const response = await get(gatewayOf({ fallback: policy() }), '/nowhere');
    expect(response.statusCode).toBe(404);
    expect(corsHeadersOf(response)).toMatchObject({ 'access-control-allow-origin': app });
  });

  it('has no others than the upstream’s own on a route without a policy', async () => {
    const upstreamHeaders = { 'access-control-allow-origin': 'https://of-the-upstream.example' };
    const response = await get(gatewayOf({ fallback: policy(), upstreamHeaders }), '/open');
    expect(corsHeadersOf(response)).toEqual(upstreamHeaders);
  });

  it('depends on the origin in caches, also without an allowed one', async () => {
    const it = gatewayOf({ users: policy() });
    expect(corsHeadersOf(await get(it, '/open', 'https://evil.example'))).toEqual({
      vary: 'origin',
    });
    expect(corsHeadersOf(await send(it, 'GET', '/open'))).toEqual({ vary: 'origin' });
    const any = gatewayOf({ users: policy({ allow_origins: ['*'] }) });
    expect(corsHeadersOf(await get(any, '/open'))).not.toHaveProperty('vary');
  });
});

describe('the origins of an environment', () => {
  it('replace their names: one, several or none', () => {
    const values = {
      one: 'https://a.example',
      several: 'https://b.example, https://c.example',
      none: '',
    };
    expect(
      withValues(
        ['https://x.example', '${one}', '${several}', '${none}', 'https://${host}.example'],
        { ...values, host: 'shop' },
      ),
    ).toEqual([
      'https://x.example',
      'https://a.example',
      'https://b.example',
      'https://c.example',
      'https://shop.example',
    ]);
  });

  it('are read from the variables of their names; one that is missing is none', () => {
    const variables = { GATEWAY_VALUE_pages: 'https://a.example', GATEWAY_VALUE_other: 'x' };
    const open = corsValues(['pages', 'partners'])({
      variables,
      misconfigurations: [],
      read: () => {
        throw new Error('every value is valid');
      },
    });
    expect(open({} as never).store).toEqual({ pages: 'https://a.example', partners: '' });
  });
});
