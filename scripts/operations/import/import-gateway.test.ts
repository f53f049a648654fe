import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { compileFile } from '../../stack/build/compile-file.ts';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { parse } from 'yaml';
import { describeTarget } from '../contract/describe-routes.ts';
import { callersOf } from '../../../handler/compiler/callers-of.ts';
import { describeAddresses, describeOmission, importGateway } from './import-gateway.ts';

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

const consumers =
  'consumers: callers are not in the contract: create their credentials, make apikey-create (docs/api-keys.md) or make password-create; your login service creates sessions (docs/sessions.md)';

describe('an import', () => {
  it('from Kong has a route for each path and everything under it, and the limits and addresses', async () => {
    const { routes, urls, omissions, all } = await importFiles({ 'kong.yaml': kong });
    expect(routes).toEqual([
      'GET /users | any key-auth | route-users-by-minute | users /v1',
      'POST /users | any key-auth | route-users-by-minute | users /v1',
      'GET /users/{rest+} | any key-auth | route-users-by-minute | users /v1/{rest+}',
      'POST /users/{rest+} | any key-auth | route-users-by-minute | users /v1/{rest+}',
      'GET / | anyone | web',
      'GET /{rest+} | anyone | web',
    ]);
    expect(all[0]?.target).toMatchObject({ timeoutMs: 29_000 });
    expect(urls).toEqual({ users: 'http://users.internal:8080', web: 'https://web.internal' });
    expect(omissions).toEqual(
      [
        'all services: plugin prometheus: the contract has no equivalent',
        'service users: a timeout of 60000 ms: it is 29000 ms now: a timeout is from 10 ms to 29 s',
        'service users: key-auth in the query: a key is sent in the header apikey only — for the query, add a scheme with "in: query"',
        'route raw: ~/raw/(?<id>\\d+)$: a path is a template, not a regular expression',
        'route root: hosts: routes are told apart by path and method only',
        consumers,
      ].map((line) => `- ${line}`),
    );
  });

  it('from one OpenAPI document has its title and version', async () => {
    const document = openapi.replace(/version: [^ }]+/, 'version: 4.5.6');
    const { text } = await importFiles({ 'users.yaml': document });
    expect(text).toMatch(/^info:\n {2}title: .+\n {2}version: 4\.5\.6$/m);
  });

  it('names the file that has the addresses: tfvars in the repository, environments.yaml in a project', () => {
    const urls = { users: 'https://users.example.com' };
    expect(describeAddresses(urls, true)).toEqual([
      'Addresses, for upstream_service_urls in tfvars:',
      '  users = "https://users.example.com"',
    ]);
    expect(describeAddresses(urls, false)).toEqual([
      'Addresses, for upstreams in environments.yaml:',
      '  users: https://users.example.com',
    ]);
  });

  it('from KrakenD has a route for each endpoint with one backend, and its limits', async () => {
    const { routes, omissions } = await importFiles({ 'krakend.json': krakend });
    expect(routes).toEqual([
      'GET /users/{id} | any session | get-users-id-all get-users-id-client | users /u/{id}',
      'GET /static/{rest+} | anyone | files',
    ]);
    expect(omissions).toEqual([
      '- input_headers: all headers of a request are forwarded, except those of a hop',
      '- input_query_strings: the whole query is forwarded — declare its parameters',
      '- GET /users/{id}: auth/validator: the operation asks for a session instead — change the scheme in components.securitySchemes',
      '- GET /all: combined responses are members of one object: give each backend of a GET a "group" (docs/upstreams.md#combine)',
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
      '- GET /users/{id}: jwt read: the operation asks for a session instead — change the scheme in components.securitySchemes',
      '- POST /orders: no upstream can be made of its integration, aws_proxy (docs/upstreams.md)',
      '- x-amazon-apigateway-cors: write the origins that you allow to x-postern.defaults.cors',
    ]);
  });

  const own = (name: string): string =>
    readFileSync(join(import.meta.dirname, 'testing', name), 'utf8');

  it('from the export of an HTTP API keeps its routes, and a path that the gateway has, too', async () => {
    const { routes, omissions, urls, text } = await importFiles({
      'export.json': own('http-api.json'),
    });
    expect(text).toMatch(/builtIn:\s+health:\s+path: \/gateway\/health/);
    expect(urls).toEqual({
      'bakery-example': 'https://www.bakery.example',
      'orders-bakery-example': 'https://orders.bakery.example',
      'media-bakery-example': 'https://media.bakery.example',
      recipes: 'arn:aws:lambda:eu-central-1:111122223333:function:recipes',
    });
    const ofMethods = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'];
    expect(routes).toEqual([
      ...ofMethods.map((method) => `${method} /{rest+} | anyone | bakery-example /`),
      'GET /health | anyone | orders-bakery-example',
      'GET /orders/{order} | orders.read (staff) | orders-bakery-example /v2/orders/{order}',
      'DELETE /orders/{order} | any aws-iam | orders-bakery-example /v2/orders/{order}',
      'GET /recipes | anyone | recipes',
      ...ofMethods.map(
        (method) => `${method} /media/{proxy+} | anyone | media-bakery-example /files/{proxy+}`,
      ),
    ]);
    expect(omissions).toEqual(
      [
        'ANY /$default: a timeout of 30000 ms: it is 29000 ms now: a timeout is from 10 ms to 29 s',
        'GET /orders/{order}: append:header.x-from: requests and responses pass through unchanged',
        'DELETE /orders/{order}: append:header.x-from: requests and responses pass through unchanged',
        'policies with execute-api:Invoke: add the ARN of the new API to those of your callers (docs/iam.md)',
        'ANY /ovens/{proxy+}: "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/ovens/1/2" is not an HTTP address without variables',
        'x-amazon-apigateway-cors: write the origins that you allow to x-postern.defaults.cors',
        'x-amazon-apigateway-importexport-version: it describes the export',
      ].map((line) => `- ${line}`),
    );
  });

  it.each([
    ['https://login.bakery.example', 'audiences'],
    ['https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab12Cd34E', 'clients'],
  ])('from API Gateway accepts the tokens of a JWT authorizer of %s, by %s', async (issuer, by) => {
    const file = own('http-api.json').replace('https://login.bakery.example', issuer);
    const { text } = await importFiles({
      'export.json': file.replace('"orders.read"', '"a", "b"'),
    });
    const { paths, components } = parse(text) as {
      paths: Record<string, { get: { security: object[] } }>;
      components: { securitySchemes: object };
    };
    expect(paths['/orders/{order}']?.get.security).toEqual([{ staff: ['a'] }, { staff: ['b'] }]);
    expect(components.securitySchemes).toMatchObject({
      staff: {
        type: 'openIdConnect',
        openIdConnectUrl: `${issuer}/.well-known/openid-configuration`,
        'x-postern': { jwt: { issuer, [by]: ['bakery'], algorithms: ['RS256'] } },
      },
    });
  });

  it('from the export of a REST API maps its parameters, and lists its mappings and its access', async () => {
    const { routes, omissions, text } = await importFiles({ 'export.json': own('rest-api.json') });
    expect(parse(text)).toMatchObject({
      components: {
        securitySchemes: {
          'api-key': {
            type: 'apiKey',
            in: 'header',
            name: 'x-api-key',
            'x-postern': { apiKey: {} },
          },
          sigv4: { 'x-amazon-apigateway-authtype': 'awsSigv4', 'x-postern': { iam: {} } },
        },
      },
    });
    expect(routes).toEqual([
      'GET /books/{isbn} | any api-key | catalog-library-example /v1/books/{isbn}',
      'POST /loans | any sigv4 | loans-library-example',
      'GET /fines | any sigv4 with any api-key | fines',
    ]);
    expect(omissions).toEqual(
      [
        'GET /books/{isbn}: integration.request.header.X-Branch: requests and responses pass through unchanged',
        'API keys and usage plans: they are not in an export: create a key for each consumer, make apikey-create (docs/api-keys.md), and write plans to x-postern.plans (docs/plans.md)',
        'POST /loans: requestTemplates: requests and responses pass through unchanged',
        'POST /loans: responses: requests and responses pass through unchanged',
        'POST /loans: VPC link vl-1: the function reaches the address itself — see vpc in the settings of Terraform',
        'policies with execute-api:Invoke: add the ARN of the new API to those of your callers (docs/iam.md)',
        'GET /fines: payload format 1.0: the function gets the event of payload format 2.0, as an HTTP API sends it',
        'GET /stage: "https://${stageVariables.host}/stage" is not an HTTP address without variables',
        'x-amazon-apigateway-request-validators: requests are always checked against parameters and schemas',
        'x-amazon-apigateway-policy: it is a setting of Terraform',
      ].map((line) => `- ${line}`),
    );
  });

  it('from a file of decK follows its references: plugins, routes and balancing upstreams', async () => {
    const { routes, omissions, urls, all } = await importFiles({ 'kong.yaml': own('deck.yaml') });
    expect(routes).toEqual([
      'GET /carts | anyone | service-carts-by-minute | carts /internal',
      'POST /carts | anyone | service-carts-by-minute | carts /internal',
      'GET /carts/{rest+} | anyone | service-carts-by-minute | carts /internal/{rest+}',
      'POST /carts/{rest+} | anyone | service-carts-by-minute | carts /internal/{rest+}',
      'GET /search | any key-auth | search',
      'GET /search/{rest+} | any key-auth | search',
    ]);
    expect(all.map(({ maxBodyBytes }) => maxBodyBytes)).toEqual(all.map(() => 512 * 1_024));
    expect(urls).toEqual({
      carts: 'http://carts-1.internal:8080',
      search: 'https://search.internal',
    });
    expect(omissions).toEqual(
      [
        'consumer partner: plugin rate-limiting: a setting holds for all callers of a route',
        'service carts: carts-2.internal:8080: an upstream has one address, a load balancer or a service that balances itself',
        'service carts: rate-limiting by consumer: it counts by address now — "per: [caller]" counts by user, on operations that need a session',
        'service rates: it is not HTTP, or has no host',
        'service legacy: it is disabled',
        'route search: key-auth in the query: a key is sent in the header apikey only — for the query, add a scheme with "in: query"',
        'route stream: a route is for HTTP, not for tcp',
        'route lost: it has no service',
        'upstreams: the address of an upstream is a load balancer or a service that balances itself',
        consumers,
        'ca_certificates: it has no equivalent in the contract',
      ].map((line) => `- ${line}`),
    );
  });

  it('from Kong keeps who may call: keys, passwords, groups, and addresses', async () => {
    const { routes, omissions, text } = await importFiles({ 'kong.yaml': own('kong-access.yaml') });
    expect(routes).toEqual([
      'GET /reports | gold (key-auth) with any basic or silver (key-auth) with any basic | reports',
      'GET /reports/{rest+} | gold (key-auth) with any basic or silver (key-auth) with any basic | reports',
      'GET /exports | any key-auth-2 | reports',
      'GET /exports/{rest+} | any key-auth-2 | reports',
      'GET /status | anyone | status',
      'GET /status/{rest+} | anyone | status',
    ]);
    const {
      paths,
      components,
      'x-postern': settings,
    } = parse(text) as {
      paths: Record<string, { get: { 'x-postern': { ipRules?: object } } }>;
      components: { securitySchemes: object };
      'x-postern': { defaults: object };
    };
    expect(components.securitySchemes).toEqual({
      'key-auth': {
        ...{ type: 'apiKey', in: 'header', name: 'x-api-key' },
        'x-postern': { apiKey: {} },
      },
      'basic-auth': { type: 'http', scheme: 'basic', 'x-postern': { basic: {} } },
      'key-auth-2': { type: 'apiKey', in: 'query', name: 'key', 'x-postern': { apiKey: {} } },
    });
    expect(settings.defaults).toMatchObject({ ipRules: { deny: ['203.0.113.7'] } });
    const rulesOf = (path: string): unknown => paths[path]?.get['x-postern'].ipRules;
    expect(rulesOf('/reports')).toEqual({ allow: ['10.0.0.0/8', '2001:db8::/32'] });
    expect(rulesOf('/exports')).toEqual({ deny: ['0.0.0.0/0', '::/0'] });
    expect(rulesOf('/status')).toBeUndefined();
    expect(omissions).toEqual(
      [
        'service reports: key-auth legacy-key: a key is sent as x-api-key only',
        'route reports: acl: the groups are scopes of API keys and passwords, and roles of sessions: give callers gold or silver',
        'route exports: key-auth in the body: a key is sent in the query key only',
        'route exports: key-auth: anonymous: requests without credentials are refused — "{}" in security admits them',
        'route exports: ip-restriction: "10.1.2.3/8" has bits after its prefix: write 10.0.0.0/8, or 10.1.2.3',
        consumers,
      ].map((line) => `- ${line}`),
    );
  });

  it('from Kong keeps what its plugins change, store and respond', async () => {
    const { routes, urls, omissions, text } = await importFiles({
      'kong.yaml': own('kong-plugins.yaml'),
    });
    const tokens = 'any openid-connect | service-catalog-by-minute';
    expect(routes).toEqual([
      `GET /books | ${tokens} | catalog /v1`,
      `POST /books | ${tokens} | catalog /v1`,
      `GET /books/{rest+} | ${tokens} | catalog /v1/{rest+}`,
      `POST /books/{rest+} | ${tokens} | catalog /v1/{rest+}`,
      'POST /quotes | anyone | quotes',
      'POST /quotes/{rest+} | anyone | quotes',
      'POST /reports | anyone | reports',
      'POST /reports/{rest+} | anyone | reports',
      ...['GET /closed', 'GET /closed/{rest+}'].map((id) => `${id} | anyone | respond`),
      ...['GET /moved', 'GET /moved/{rest+}'].map((id) => `${id} | anyone | redirect`),
    ]);
    const { paths, 'x-postern': settings } = parse(text) as {
      paths: Record<string, Record<string, { 'x-postern': Record<string, unknown> }>>;
      'x-postern': Record<string, unknown>;
    };
    expect(settings).toMatchObject({
      upstreams: {
        catalog: { http: {}, preserveHost: true },
        quotes: { lambda: {} },
        reports: { lambda: { async: true } },
      },
      rateLimits: { 'service-catalog-by-minute': { per: ['caller'], limit: 100, window: '1m' } },
    });
    expect(paths['/books']?.['get']?.['x-postern']).toMatchObject({
      cache: { ttl: '60s' },
      transform: {
        request: {
          headers: {
            remove: ['x-debug'],
            rename: { 'x-old': 'x-new' },
            set: { 'x-region': 'eu', 'x-from': 'kong' },
            add: { 'x-tags': 'new' },
          },
          query: { remove: ['debug'], set: { 'api-version': '2' } },
        },
        response: { headers: { remove: ['server', 'x-node'] } },
      },
    });
    expect(paths['/books']?.['post']?.['x-postern']).not.toHaveProperty('cache');
    expect(paths['/closed']?.['get']?.['x-postern']).toEqual({
      respond: { status: 503, body: { message: 'Back on Monday' } },
    });
    expect(urls).toMatchObject({
      quotes: 'quotes',
      reports: 'arn:aws:lambda:eu-central-1:111122223333:function:reports',
    });
    expect(omissions).toEqual(
      [
        'service catalog: proxy-cache: what is stored, for whom and how long follows from the responses as well (docs/cache.md)',
        'route books: headers Authorization: the contract cannot change "authorization": credentials for an upstream are its "credentials", a reference to a secret',
        'route books: headers x-id: "$(headers.x-id)" is a template of Kong',
        'route books: add x-from: it is set even if there is a value already',
        'route books: add api-version: it is set even if there is a value already',
        'route books: add.body: bodies pass through unchanged',
        'route books: add.json: bodies pass through unchanged',
        'route reports: aws-lambda: the function gets the event of an HTTP API, payload format 2.0',
      ].map((line) => `- ${line}`),
    );
  });

  it('from API Gateway has upstreams for queues and state machines that get the body', async () => {
    const to = (integrationSubtype: string, requestParameters: object): object => ({
      responses: { default: { description: 'Accepted' } },
      'x-amazon-apigateway-integration': {
        ...{ type: 'aws_proxy', integrationSubtype, requestParameters },
        payloadFormatVersion: '1.0',
      },
    });
    const QueueUrl = 'https://sqs.eu-central-1.amazonaws.com/111122223333/jobs';
    const StateMachineArn = 'arn:aws:states:eu-central-1:111122223333:stateMachine:bake';
    const { routes, urls, omissions, text } = await importFiles({
      'export.json': JSON.stringify({
        openapi: '3.0.1',
        info: { title: 'Jobs', version: '1' },
        paths: {
          '/jobs': { post: to('SQS-SendMessage', { QueueUrl, MessageBody: '$request.body' }) },
          '/loaves': {
            post: to('StepFunctions-StartExecution', { StateMachineArn, Input: '$request.body' }),
          },
          '/prices': {
            post: to('StepFunctions-StartSyncExecution', {
              StateMachineArn: StateMachineArn.replace('bake', 'price'),
              Input: '$request.body',
            }),
          },
          '/baked': {
            post: to('EventBridge-PutEvents', {
              ...{ Source: 'bakery', DetailType: 'Baked', Detail: '$request.body' },
              EventBusName: 'arn:aws:events:eu-central-1:111122223333:event-bus/ovens',
            }),
          },
          '/eaten': {
            post: to('EventBridge-PutEvents', {
              ...{ Source: '$request.body.who', DetailType: 'Eaten', Detail: '$request.body' },
              EventBusName: 'arn:aws:events:eu-central-1:111122223333:event-bus/ovens',
            }),
          },
          '/parts': {
            post: to('SQS-SendMessage', { QueueUrl, MessageBody: '$request.body.part' }),
          },
        },
      }),
    });
    expect(routes).toEqual([
      'POST /jobs | anyone | jobs',
      'POST /loaves | anyone | bake',
      'POST /prices | anyone | price',
      'POST /baked | anyone | ovens',
    ]);
    expect(text).toMatch(/price:\n +stepFunctions:\n +sync: true/);
    expect(text).toMatch(/eventBridge:\n +source: bakery\n +detailType: Baked/);
    expect(urls).toEqual({
      price: StateMachineArn.replace('bake', 'price'),
      ovens: 'arn:aws:events:eu-central-1:111122223333:event-bus/ovens',
      jobs: 'arn:aws:sqs:eu-central-1:111122223333:jobs',
      bake: StateMachineArn,
    });
    expect(omissions).toEqual([
      '- POST /jobs: the response of SQS-SendMessage: it is 202 with an id (docs/upstreams.md)',
      '- POST /loaves: the response of StepFunctions-StartExecution: it is 202 with an id (docs/upstreams.md)',
      '- POST /baked: the response of EventBridge-PutEvents: it is 202 with an id (docs/upstreams.md)',
      '- POST /eaten: no upstream can be made of its integration, aws_proxy EventBridge-PutEvents (docs/upstreams.md)',
      '- POST /parts: no upstream can be made of its integration, aws_proxy SQS-SendMessage (docs/upstreams.md)',
    ]);
  });

  it('from a template of SAM has a route for each event of an API, and an upstream for each function', async () => {
    const { routes, omissions, urls, all } = await importFiles({
      'template.yaml': own('sam.yaml'),
    });
    expect(routes).toEqual([
      'GET /breads/{id} | breads.read (staff) | breads',
      'POST /breads | breads.write (staff) or admin (staff) | breads',
      'GET /status | anyone | breads',
      'GET /offers | any session | partners',
      'GET /audit | any aws-iam | partners',
      ...['GET', 'PUT', 'POST', 'DELETE', 'PATCH'].map(
        (method) => `${method} /stock/{proxy+} | any api-key | partners`,
      ),
      'POST /batches | any api-key | bake',
    ]);
    expect(all[0]?.target).toMatchObject({ kind: 'lambda', timeoutMs: 5_000 });
    expect(urls).toEqual({
      breads: 'arn:aws:lambda:…:function:Breads:live',
      partners: 'partners',
      bake: 'arn:aws:states:…:stateMachine:Bake',
    });
    expect(omissions).toEqual(
      [
        'Public: CorsConfiguration: write the origins that you allow to x-postern.defaults.cors',
        'Partners: FunctionUrlConfig: the URL stays — a route for it can replace it',
        'GET /offers: Partner: the operation asks for a session instead — change the scheme in components.securitySchemes',
        'policies with execute-api:Invoke: add the ARN of the new API to those of your callers (docs/iam.md)',
        'ANY /stock/{proxy+}: payload format 1.0: the function gets the event of payload format 2.0, as an HTTP API sends it',
        'API keys and usage plans: create a key for each consumer, make apikey-create (docs/api-keys.md), and write plans to x-postern.plans (docs/plans.md)',
        'Bake: the response: it is 202 with an id (docs/upstreams.md)',
      ].map((line) => `- ${line}`),
    );
  });

  it('from KrakenD lists what the gateway forwards beyond it, and every setting of a backend', async () => {
    const { routes, omissions, urls, all, text } = await importFiles({
      'krakend.json': own('krakend.json'),
    });
    expect(routes).toEqual([
      'GET /films/{id} | any session | get-films-id-all get-films-id-client | films /v3/films/{id}',
      'GET /showings | anyone | showings',
      'GET /popular | anyone | films-2 /v3/films',
      'GET /pages/{film}/film | any access-token | films-2 /v3/films/{film}',
      'GET /pages/{film}/showings | any access-token | showings /showings/{film}',
      'GET /pages/{film} | any access-token | combine',
      'POST /quotes | anyone | quotes',
      'POST /reservations | anyone | reservations',
    ]);
    const { paths } = parse(text) as {
      paths: Record<string, { get: { 'x-postern': Record<string, unknown> } }>;
    };
    expect(paths['/pages/{film}']?.get['x-postern']).toEqual({
      timeout: '800ms',
      combine: {
        parts: {
          film: {
            get: '/pages/{$request.path.film}/film?full=1&id={$request.path.film}',
            partial: 'allow',
          },
          showings: { get: '/pages/{$request.path.film}/showings', partial: 'allow' },
        },
      },
    });
    expect(paths['/popular']?.get['x-postern']).toMatchObject({
      transform: { request: { query: { set: { sort: 'popular' } } } },
    });
    expect(urls).toMatchObject({
      quotes: 'quotes',
      reservations: 'arn:aws:sqs:eu-central-1:111122223333:reservations',
    });
    expect(all.slice(0, 2).map(({ target }) => target)).toMatchObject([
      { timeoutMs: 1_500 },
      { timeoutMs: 29_000 },
    ]);
    expect(text).toMatch(/breaker:\s+failures: 3\s+openFor: 10s/);
    expect(omissions).toEqual(
      [
        'extra_config security/cors: write the origins that you allow to x-postern.defaults.cors',
        'extra_config telemetry/logging: each request is one line of the log (docs/observability.md)',
        'extra_config router: it has no equivalent in the contract',
        'cache_ttl: responses keep the Cache-Control of the upstream',
        'input_headers: all headers of a request are forwarded, except those of a hop',
        'input_query_strings: the whole query is forwarded — declare its parameters',
        'GET /films/{id}: auth/validator: the operation asks for a session instead — change the scheme in components.securitySchemes',
        'GET /films/{id}: backend qos/ratelimit/proxy: it has no equivalent in the contract',
        'GET /films/{id}: host: http://films-2:8000: an upstream has one address, a load balancer or a service that balances itself',
        'GET /showings: a timeout of 90000 ms: it is 29000 ms now: a timeout is from 10 ms to 29 s',
        'GET /showings: allow: responses pass through unchanged',
        'GET /popular: a timeout of 90000 ms: it is 29000 ms now: a timeout is from 10 ms to 29 s',
        'GET /popular: host: http://films-2:8000: an upstream has one address, a load balancer or a service that balances itself',
        'POST /tickets: a timeout of 90000 ms: it is 29000 ms now: a timeout is from 10 ms to 29 s',
        'POST /tickets: the method of the upstream is that of the request',
        'GET /home: combined responses are members of one object: give each backend of a GET a "group" (docs/upstreams.md#combine)',
        'GET /pages/{film}: film: host: http://films-2:8000: an upstream has one address, a load balancer or a service that balances itself',
        'GET /pages/{film}: each part is a route of its own, too; a part without a response is null, and "errors" says why',
        'POST /quotes: a timeout of 90000 ms: it is 29000 ms now: a timeout is from 10 ms to 29 s',
        'POST /quotes: backend/lambda: the function gets the event of an HTTP API, payload format 2.0',
        'POST /reservations: a timeout of 90000 ms: it is 29000 ms now: a timeout is from 10 ms to 29 s',
        'POST /reservations: the response: it is 202 with an id (docs/upstreams.md)',
      ].map((line) => `- ${line}`),
    );
  });

  it('from KrakenD has an upstream with the name of the function, not with that of its alias', async () => {
    const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:quotes:live';
    const extra_config = { 'backend/lambda': { function_name: arn } };
    const backend = [{ url_pattern: '/', extra_config }];
    const endpoints = [{ endpoint: '/quotes', method: 'POST', backend }];
    const { urls } = await importFiles({
      'krakend.json': JSON.stringify({ version: 3, endpoints }),
    });
    expect(urls).toEqual({ quotes: arn });
  });

  it('from OpenAPI names the documents and leaves them as they are', async () => {
    const { routes, urls, omissions, text } = await importFiles({
      'users.yaml': openapi,
      'orders.yaml': openapi
        .replace('User Service', 'Orders')
        .replaceAll('/users', '/orders')
        .replace(
          'oauth: { type: oauth2, flows: {} }',
          'key: { type: apiKey, in: header, name: X-Key }',
        )
        .replace('oauth: [read]', 'key: []')
        .replace('components:', '  /health: { get: { responses: {} } }\ncomponents:'),
    });
    expect(routes).toEqual([
      'GET /users | anyone | user-service',
      'POST /users | anyone | user-service',
      'GET /orders | anyone | orders',
      'POST /orders | anyone | orders',
      'GET /health | anyone | orders',
    ]);
    expect(urls).toMatchObject({ 'user-service': 'https://users.example.com' });
    expect(text).toContain('document: ./users.yaml');
    expect(omissions).toContain(
      '- orders.yaml: security scheme key: the upstream goes on checking it — for the gateway to check it, write a sign-in method in place of "open: true" in x-postern.securitySchemes, such as "{ apiKey: {} }" (docs/sign-in.md)',
    );
    expect(omissions).toContainEqual(
      expect.stringMatching(
        /^- users\.yaml: security scheme oauth: .* such as "\{ jwt: .*\(docs\/sign-in\.md\)$/,
      ),
    );
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
      'a template of CloudFormation without functions of SAM',
      "AWSTemplateFormatVersion: '2010-09-09'\nResources: { Api: !Ref Other }",
      'is a template without events of APIs. Import the API that it makes: aws apigatewayv2',
    ],
    ['a template that is no YAML', 'Transform: AWS::Serverless\nResources: {', 'is neither YAML'],
    [
      'a document with a problem',
      openapi.replace('get:', 'get: { x-postern: { timeout: 1h } }\n    put:'),
      'was not written',
    ],
  ])('rejects %s', async (_, text, says) => {
    await expect(importFiles({ 'file.yaml': text })).rejects.toThrow(says);
  });
});
