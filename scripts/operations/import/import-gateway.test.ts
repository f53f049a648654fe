import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { compileFile } from '../../stack/build/compile-file.ts';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { describeTarget } from '../contract/describe-routes.ts';
import { callersOf } from '../../../handler/compiler/callers-of.ts';
import { describeOmission, importGateway } from './import-gateway.ts';

const testing = join(projectFolder, 'handler/generated/testing');
let folder = '';

beforeEach(() => {
  mkdirSync(testing, { recursive: true });
  folder = mkdtempSync(join(testing, 'import-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const importFiles = async (files: Readonly<Record<string, string>>, overwrites = false) => {
  const paths = Object.entries(files).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  });
  const out = join(folder, 'gateway.yaml');
  const { omissions, urls } = await importGateway({ files: paths, out, overwrites });
  const compilation = await compileFile(out);
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  const routes = compilation.routes.filter(({ target }) => target.kind !== 'built-in');
  return {
    urls,
    omissions: omissions.map(describeOmission),
    text: readFileSync(out, 'utf8'),
    routes: routes.map(({ id, access, rateLimits, target }) =>
      [id, callersOf(access), Object.keys(rateLimits).join(' '), describeTarget(target)]
        .filter(Boolean)
        .join(' | '),
    ),
    all: routes,
  };
};

const kong = `
_format_version: "3.0"
plugins: [{ name: prometheus }]
consumers: [{ username: alice }]
services:
  - name: users
    url: http://users.internal:8080/v1
    read_timeout: 60000
    retries: 3
    plugins: [{ name: key-auth }]
    routes:
      - name: users
        paths: [/users]
        methods: [GET, POST]
        plugins: [{ name: rate-limiting, config: { minute: 60, policy: local } }]
      - { name: raw, paths: ['~/raw/(?<id>\\d+)$'], strip_path: false }
  - name: web
    host: web.internal
    protocol: https
    routes: [{ name: root, paths: [/], strip_path: false, methods: [GET], hosts: [example.com] }]
`;

const krakend = JSON.stringify({
  version: 3,
  name: 'Shop',
  timeout: '3s',
  endpoints: [
    {
      endpoint: '/users/{id}',
      backend: [{ host: ['http://users:8080'], url_pattern: '/u/{id}' }],
      extra_config: {
        'qos/ratelimit/router': { max_rate: 50, client_max_rate: 5 },
        'auth/validator': {},
      },
    },
    {
      endpoint: '/all',
      backend: [
        { host: ['http://a'], url_pattern: '/a' },
        { host: ['http://b'], url_pattern: '/b' },
      ],
    },
    { endpoint: '/static/*', backend: [{ host: ['http://files'], url_pattern: '/static/*' }] },
  ],
});

const aws = JSON.stringify({
  openapi: '3.0.1',
  info: { title: 'Shop API', version: '2020-01-01' },
  servers: [{ url: 'https://abc.execute-api.eu-central-1.amazonaws.com' }],
  paths: {
    '/users/{id}': {
      get: {
        operationId: 'getUser',
        security: [{ jwt: ['read'] }],
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          200: {
            description: 'A user',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/User' } } },
          },
        },
        'x-amazon-apigateway-integration': {
          type: 'http_proxy',
          httpMethod: 'GET',
          uri: 'https://users.example.com/v1/users/{id}',
          timeoutInMillis: 5000,
        },
      },
    },
    '/files/{proxy+}': {
      'x-amazon-apigateway-any-method': {
        operationId: 'files',
        parameters: [{ name: 'proxy', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { default: { description: 'OK' } },
        'x-amazon-apigateway-integration': {
          type: 'HTTP_PROXY',
          uri: 'https://files.example.com/{proxy}',
        },
      },
    },
    '/orders': {
      post: {
        responses: { default: { description: 'OK' } },
        'x-amazon-apigateway-integration': {
          type: 'AWS_PROXY',
          uri: 'arn:aws:apigateway:eu-central-1:lambda:path/x',
        },
      },
    },
  },
  components: {
    schemas: { User: { type: 'object', properties: { name: { type: 'string', nullable: true } } } },
    securitySchemes: { jwt: { type: 'oauth2', 'x-amazon-apigateway-authorizer': { type: 'jwt' } } },
  },
  'x-amazon-apigateway-cors': { allowOrigins: ['*'] },
});

const openapi = `
openapi: 3.0.3
info: { title: User Service, version: '1' }
servers: [{ url: https://users.example.com }]
paths:
  /users:
    get: { security: [{ oauth: [read] }], responses: { '200': { description: OK } } }
    post: { responses: { '200': { description: OK } } }
components:
  securitySchemes: { oauth: { type: oauth2, flows: {} } }
`;

describe('an import', () => {
  it('from Kong has a route for each path and everything under it, and the limits and addresses', async () => {
    const { routes, urls, omissions, all } = await importFiles({ 'kong.yaml': kong });
    expect(routes).toEqual([
      'GET /users | any session | route-users-by-minute | users /v1',
      'POST /users | any session | route-users-by-minute | users /v1',
      'GET /users/{rest+} | any session | route-users-by-minute | users /v1/{rest+}',
      'POST /users/{rest+} | any session | route-users-by-minute | users /v1/{rest+}',
      'GET / | anyone | web',
      'GET /{rest+} | anyone | web',
    ]);
    expect(all[0]?.target).toMatchObject({ timeoutMs: 29_000 });
    expect(urls).toEqual({ users: 'http://users.internal:8080', web: 'https://web.internal' });
    expect(omissions).toEqual(
      [
        'all services: plugin prometheus: the contract has no equivalent',
        'service users: a timeout of 60000 ms: it is 29000 ms now: a timeout is from 10 ms to 29 s',
        'service users: key-auth: the operations ask for a session instead — change the scheme in components.securitySchemes',
        'route raw: ~/raw/(?<id>\\d+)$: a path is a template, not a regular expression',
        'route root: hosts: routes are told apart by path and method only',
        'consumers: callers are not in the contract: your login service creates sessions (docs/sessions.md)',
      ].map((line) => `- ${line}`),
    );
  });

  it('from KrakenD has a route for each endpoint with one backend, and its limits', async () => {
    const { routes, omissions } = await importFiles({ 'krakend.json': krakend });
    expect(routes).toEqual([
      'GET /users/{id} | any session | get-users-id-all get-users-id-client | users /u/{id}',
      'GET /static/{rest+} | anyone | files',
    ]);
    expect(omissions).toEqual([
      '- GET /users/{id}: auth/validator: the operation asks for a session instead — change the scheme in components.securitySchemes',
      '- GET /all: a route has one upstream: responses of several are not put together',
    ]);
  });

  it('from API Gateway keeps the documentation, and protects what an authorizer protects', async () => {
    const { routes, omissions, text } = await importFiles({ 'export.json': aws });
    expect(routes).toEqual([
      'GET /users/{id} | any session | users-example-com /v1/users/{id}',
      ...['GET', 'PUT', 'POST', 'DELETE', 'PATCH'].map(
        (method) => `${method} /files/{proxy+} | anyone | files-example-com /{proxy+}`,
      ),
    ]);
    expect(text).toContain('operationId: getUser');
    expect(text).not.toContain('x-amazon-apigateway-integration');
    expect(omissions).toEqual([
      '- GET /users/{id}: jwt: the operation asks for a session instead — change the scheme in components.securitySchemes',
      '- POST /orders: the contract has no upstream for its integration, aws_proxy',
      '- x-amazon-apigateway-cors: write the origins that you allow to x-postern.defaults.cors',
    ]);
  });

  it('from OpenAPI names the documents and leaves them as they are', async () => {
    const { routes, urls, omissions, text } = await importFiles({
      'users.yaml': openapi,
      'orders.yaml': openapi.replace('User Service', 'Orders').replaceAll('/users', '/orders'),
    });
    expect(routes).toEqual([
      'GET /users | anyone | user-service',
      'POST /users | anyone | user-service',
      'GET /orders | anyone | orders',
      'POST /orders | anyone | orders',
    ]);
    expect(urls).toMatchObject({ 'user-service': 'https://users.example.com' });
    expect(text).toContain('document: ./users.yaml');
    expect(omissions).toContain(
      '- operations without security: anyone may call them, as their documents say — see "security" at the root',
    );
  });

  it('overwrites a contract only if it is told to', async () => {
    await importFiles({ 'kong.yaml': kong });
    await expect(importFiles({ 'kong.yaml': kong })).rejects.toThrow('gateway.yaml exists');
    await expect(importFiles({ 'kong.yaml': kong }, true)).resolves.toBeDefined();
  });

  it.each<[what: string, text: string, says: string]>([
    ['Swagger 2.0', "swagger: '2.0'", 'is Swagger 2.0. Convert it first: npx swagger2openapi'],
    ['something else', 'a: b', 'is no OpenAPI document'],
    ['no YAML', 'a: [', 'is neither YAML nor JSON'],
    [
      'a document with a problem',
      openapi.replace('get:', 'get: { x-postern: { timeout: 1h } }\n    put:'),
      'was not written',
    ],
  ])('rejects %s', async (_, text, says) => {
    await expect(importFiles({ 'file.yaml': text })).rejects.toThrow(says);
  });
});
