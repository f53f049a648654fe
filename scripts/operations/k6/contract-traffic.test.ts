import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadContract } from '../../../handler/testing/load-contract.ts';
import type { BuiltContract } from '../../stack/build/built-contract.ts';
import { compileContract } from '../../../handler/compiler/compile-contract.ts';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { routeToTry } from '../../stack/deployment/first-request.ts';
import { whatToTry } from '../../stack/deployment/what-to-try.ts';
import { targetOf } from '../gameday/plan-phases.ts';
import { readsForLoad, rolesFor, safeReads } from '../../stack/build/safe-reads.ts';
import { smokeCases } from './contract-traffic.ts';

const head = `
openapi: 3.1.0
info: { title: Orders, version: 1.0.0 }
x-postern:
  version: 1
  upstreams: { orders: { http: {}, breaker: { openFor: 7s } }, files: { http: {} } }
  rateLimits:
    anyone: { per: [ip], limit: 10, window: 1s }
    member: { per: [caller], limit: 10, window: 1s }
    all: { per: [route], limit: 10, window: 1s }
  defaults: { rateLimits: [anyone], upstream: orders }
components: { securitySchemes: { session: { type: http, scheme: bearer, x-postern: { session: {} } } } }
`;
const responses = "responses: { '200': { description: OK } }";

const built = (paths: string): Promise<BuiltContract> => builtOf(`${head}paths:\n${paths}`);

/** With a security scheme named `own`. */
const builtWith = (scheme: string, paths: string): Promise<BuiltContract> =>
  builtOf(
    `${head.replace('securitySchemes: {', `securitySchemes: { own: { ${scheme} },`)}paths:\n${paths}`,
  );

const builtOf = async (text: string): Promise<BuiltContract> => {
  const compilation = compileContract(text, { file: 'gateway.yaml', runtime: '.' });
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  return { contract: await loadContract(text), openapi: JSON.stringify(compilation.openapi) };
};

/** One GET of `path` with these parameters, in YAML's flow form. */
const pathsOf = (path: string, ...parameters: readonly string[]): string => `
  ${path}:
    get:
      security: []
      parameters: [${parameters.join(', ')}]
      ${responses}`;

describe('a read made from the contract', () => {
  const number = 'in: path, required: true, schema: { type: integer, minimum: 5 }';

  it.each<[string, string, string[], string]>([
    ['an example', '/o/{id}', [`{ name: id, example: 7, ${number} }`], '/o/7'],
    [
      'the first of several examples',
      '/o/{id}',
      [`{ name: id, examples: { a: { value: 8 }, b: { value: 9 } }, ${number} }`],
      '/o/8',
    ],
    [
      'an example of the schema',
      '/o/{id}',
      ['{ name: id, in: path, required: true, schema: { type: string, examples: [x y] } }'],
      '/o/x%20y',
    ],
    [
      'the first value of an enum',
      '/o/{id}',
      ['{ name: id, in: path, required: true, schema: { type: string, enum: [é, b] } }'],
      '/o/%C3%A9',
    ],
    [
      'a remainder with its slashes',
      '/o/{id+}',
      ['{ name: id, in: path, required: true, example: a/b, schema: { type: string } }'],
      '/o/a/b',
    ],
    [
      'a required query parameter, its list repeated',
      '/o',
      [
        '{ name: f, in: query, required: true, example: [a, b&], schema: { type: array, items: { type: string } } }',
      ],
      '/o?f=a&f=b%26',
    ],
    [
      'a list with commas where `explode` is off',
      '/o',
      [
        '{ name: f, in: query, required: true, explode: false, example: [a, b], schema: { type: array, items: { type: string } } }',
      ],
      '/o?f=a%2Cb',
    ],
    [
      'nothing for an optional parameter',
      '/o',
      ['{ name: f, in: query, schema: { type: string } }'],
      '/o',
    ],
  ])('has %s', async (_, path, parameters, expected) => {
    const { reads, leftOut } = safeReads(await built(pathsOf(path, ...parameters)));
    expect(leftOut).toEqual([]);
    expect(reads).toMatchObject([{ path: expected, route: `GET ${path}`, upstream: 'orders' }]);
  });

  it('has required headers and cookies', async () => {
    const paths = pathsOf(
      '/o',
      '{ name: X-Tenant, in: header, required: true, example: t1, schema: { type: string } }',
      '{ name: theme, in: cookie, required: true, example: dark, schema: { type: string } }',
    );
    const { reads } = safeReads(await built(paths));
    expect(reads).toMatchObject([{ headers: { 'x-tenant': 't1', cookie: 'theme=dark' } }]);
  });

  it.each<[string, string, string]>([
    [
      'without an example for what it needs',
      `{ name: id, ${number} }`,
      'GET /o/{id} is left out: give "id" (in path) an `example` in the contract',
    ],
    [
      'whose example does not match its schema',
      `{ name: id, example: 4, ${number} }`,
      'GET /o/{id} is left out: the example of "id" (in path) must be >= 5',
    ],
  ])('is not made of a route %s', async (_, parameter, reason) => {
    const safe = safeReads(await built(pathsOf('/o/{id}', parameter)));
    expect(safe).toEqual({ reads: [], leftOut: [reason] });
    expect(() => readsForLoad(safe)).toThrow(reason);
  });

  it('is not made of the routes of the sign-in for browsers', async () => {
    const { contract, openapi } = await built(pathsOf('/o'));
    const action = 'signOut' as const;
    const target = { kind: 'browserSignIn', action, upstream: 'x', timeoutMs: 1 } as const;
    const routes = contract.routes.map((route) => ({ ...route, target }));
    expect(safeReads({ contract: { ...contract, routes }, openapi })).toEqual({
      reads: [],
      leftOut: [],
    });
  });

  it('is not made of a route for which a session is not enough', async () => {
    const { contract, openapi } = await built(pathsOf('/o'));
    const access = { kind: 'signed-in', alternatives: [{ session: [], apiKey: [] }] } as const;
    const routes = contract.routes.map((route) => ({ ...route, access }));
    expect(safeReads({ contract: { ...contract, routes }, openapi })).toEqual({
      reads: [],
      leftOut: ['GET /o is left out: a session is not enough to sign in'],
    });
  });
});

const several = (rateLimit: string): string => `
  /open: { get: { security: [], ${responses} } }
  /mine: { get: { security: [{ session: [reader] }], x-postern: { rateLimits: [${rateLimit}] }, ${responses} } }
  /theirs: { get: { security: [{ session: [] }], x-postern: { upstream: files, rateLimits: [${rateLimit}] }, ${responses} } }
  /send: { post: { security: [{ session: [] }], ${responses} } }`;

describe('the load on a contract', () => {
  it('leaves out routes that count by address, if there are others', async () => {
    const safe = safeReads(await built(several('member')));
    expect(readsForLoad(safe).map(({ route }) => route)).toEqual(['GET /mine', 'GET /theirs']);
    expect(rolesFor(safe.reads)).toEqual(['reader']);
  });

  it('uses the available routes if every limit is shared', async () => {
    const reads = readsForLoad(safeReads(await built(several('all'))));
    expect(reads.map(({ route, limitedBy }) => [route, limitedBy])).toEqual([
      ['GET /open', 'address'],
      ['GET /mine', 'route'],
      ['GET /theirs', 'route'],
    ]);
  });

  it('is the first request after a deploy, without a session if there is such a route', async () => {
    const variables = { upstream_service_urls: { orders: 'https://orders.internal' } };
    const file = join(projectFolder, 'terraform/environments/dev.tfvars');
    const service =
      'the service "orders" at https://orders.internal (upstream_service_urls in terraform/environments/dev.tfvars)';
    expect(routeToTry(await built(several('member')), variables, file)).toEqual({
      path: '/open',
      service,
    });
    const none = await built(
      "  /only: { post: { security: [], responses: { '200': { description: OK } } } }",
    );
    expect(routeToTry(none, variables, file)).toBeUndefined();
  });

  it('has the faults of a game day on one service, with all its routes', async () => {
    const { contract, openapi } = await built(several('member'));
    const reads = readsForLoad(safeReads({ contract, openapi }));
    expect(targetOf(contract, reads)).toEqual({
      upstream: 'orders',
      routes: ['GET /open', 'GET /mine', 'POST /send'],
      breakerOpenMs: 7_000,
    });
  });
});

describe('a smoke test of a contract', () => {
  const casesOf = async (paths: string) => {
    const { contract, openapi } = await built(paths);
    const cases = smokeCases(contract, safeReads({ contract, openapi }).reads, {
      holder: 'h',
      stranger: 's',
    });
    return cases.map(({ name, method, path, headers, statuses }) => [
      name,
      `${method} ${path} ${headers['authorization'] ?? ''}`.trim(),
      statuses.join(),
    ]);
  };

  it('has every read and every refusal', async () => {
    expect(await casesOf(several('member'))).toEqual([
      ['GET /open', 'GET /open', '200,429'],
      ['GET /mine', 'GET /mine Bearer h', '200'],
      ['GET /theirs', 'GET /theirs Bearer h', '200'],
      ['an unknown path', 'GET /check/nowhere', '404,429'],
      ['a wrong method', 'DELETE /health', '405,429'],
      ['GET /mine without a token', 'GET /mine', '401,429'],
      ['GET /mine without the role', 'GET /mine Bearer s', '403,429'],
    ]);
  });

  it('expects no 404 if a route accepts every path', async () => {
    const paths = pathsOf(
      '/{all+}',
      '{ name: all, in: path, required: true, example: a, schema: { type: string } }',
    );
    expect((await casesOf(paths)).map(([name]) => name)).toEqual(['GET /{all+}', 'a wrong method']);
  });
});

describe('what a deploy says to try', () => {
  it('is an open route, a signed-in one with its role, and load', async () => {
    expect(whatToTry(await built(several('member')), 'http://h/v1', 'ENV=local')).toBe(`
Try:
  curl -i http://h/v1/open
  curl -i -H "Authorization: Bearer $(make -s session ENV=local USER=alice ROLES=reader)" http://h/v1/mine
  make loadtest ENV=local`);
  });

  it('is the health check if the contract has no readable route', async () => {
    const paths = `  /send: { post: { security: [], ${responses} } }`;
    expect(whatToTry(await built(paths), 'http://h/v1', 'ENV=local')).toBe(`
Try:
  curl -i http://h/v1/health`);
  });

  it.each([
    [
      'type: apiKey, in: header, name: X-Api-Key, x-postern: { apiKey: {} }',
      'curl -i -H "X-Api-Key: $(make -s apikey-create ENV=local CONSUMER=acme SCOPES=read)" http://h/v1/a',
    ],
    [
      'type: apiKey, in: query, name: key, x-postern: { apiKey: {} }',
      'curl -i "http://h/v1/a?key=$(make -s apikey-create ENV=local CONSUMER=acme SCOPES=read)"',
    ],
    [
      'type: apiKey, in: cookie, name: key, x-postern: { apiKey: {} }',
      'curl -i -H "Cookie: key=$(make -s apikey-create ENV=local CONSUMER=acme SCOPES=read)" http://h/v1/a',
    ],
    [
      'type: http, scheme: basic, x-postern: { basic: {} }',
      'curl -i -u "acme:$(make -s password-create ENV=local CONSUMER=acme SCOPES=read)" http://h/v1/a',
    ],
  ])('has a credential of the contract’s own scheme: %s', async (scheme, line) => {
    const paths = `
  /send: { post: { security: [{ own: [] }], ${responses} } }
  /a: { get: { security: [{ own: [read] }], ${responses} } }`;
    expect(whatToTry(await builtWith(scheme, paths), 'http://h/v1', 'ENV=local')).toBe(`
Try:
  curl -i http://h/v1/health
  ${line}`);
  });

  it('is the command alone if the contract has no readable route for API keys', async () => {
    const scheme = 'type: apiKey, in: header, name: X-Api-Key, x-postern: { apiKey: {} }';
    const paths = `  /send: { post: { security: [{ own: [] }], ${responses} } }`;
    expect(whatToTry(await builtWith(scheme, paths), 'http://h/v1', 'ENV=local')).toContain(
      '\n  make apikey-create ENV=local CONSUMER=acme',
    );
  });

  it('is the page of the sign-in for browsers', async () => {
    const signIn = `builtIn: { signIn: { issuer: https://login.example.com, clientId: web, clientSecret: '\${secret}', returnTo: [/], session: { idle: 30m } } }`;
    const paths = `  /a: { get: { security: [{ session: [] }], ${responses} } }`;
    const text = `${head.replace('version: 1\n', `version: 1\n  ${signIn}\n`)}paths:\n${paths}`;
    expect(whatToTry(await builtOf(text), 'http://h/v1', 'ENV=local')).toContain(
      '\n  in a browser: http://h/v1/auth/sign-in\n',
    );
  });
});
