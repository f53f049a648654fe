import { describe, expect, it } from '@jest/globals';
import { loadFiles } from '../../testing/load-contract.ts';
import { compileFiles } from '../testing/compile-files.ts';

const gateway = `openapi: 3.1.0
info: { title: Shop, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {}, timeout: 4s }, products: { http: {} } }
  rateLimits:
    visitor: { per: [ip], limit: 10, window: 60s }
    buyer: { per: [ip], limit: 99, window: 60s }
  defaults: { rateLimits: [visitor] }
  apis:
    users: { document: ./users/openapi.yaml, pathPrefix: /users, defaults: { upstream: users } }
    products:
      document: ./products/openapi.json
      defaults: { upstream: products, rateLimits: [buyer], maxBodySize: 2KiB }
security: [{ session: [admin] }]
tags: [{ name: users, description: Ours }]
components:
  securitySchemes:
    session: { type: http, scheme: bearer, x-postern: { session: {} } }
`;

const users = `openapi: 3.0.3
info: { title: Users, version: '7' }
servers: [{ url: https://users.internal }]
security: [{ session: [user] }]
tags: [{ name: users, description: Theirs }, { name: teams }]
paths:
  /:
    get:
      operationId: list
      tags: [users]
      responses: { '200': { $ref: '#/components/responses/Page' } }
  /{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string } }
    put:
      operationId: put
      security: []
      x-postern: { maxBodySize: 1KiB }
      requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Item' }
      responses: { '200': { description: OK, links: { again: { operationId: list } } } }
components:
  securitySchemes:
    session: { type: oauth2, flows: {} }
  responses:
    Page:
      description: A page
      content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Item' } } } }
  schemas:
    Item:
      type: object
      properties:
        name: { type: string, nullable: true, maxLength: 40 }
    Error: { type: object }
`;

const products = JSON.stringify(
  {
    openapi: '3.1.0',
    info: { title: 'Products', version: '2' },
    paths: {
      '/products': {
        get: {
          operationId: 'list',
          responses: {
            200: { $ref: '#/components/responses/Page' },
            201: { description: 'OK', links: { again: { operationId: 'list' } } },
          },
        },
        post: {
          requestBody: {
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Item' } } },
          },
          responses: {},
        },
      },
    },
    components: {
      responses: {
        Page: {
          description: 'A page',
          content: {
            'application/json': {
              schema: { type: 'array', items: { $ref: '#/components/schemas/Item' } },
            },
          },
        },
      },
      schemas: {
        Item: { type: 'object', properties: { price: { type: 'number' } } },
        Error: { type: 'object' },
      },
    },
  },
  undefined,
  2,
);

const files = {
  'gateway.yaml': gateway,
  'users/openapi.yaml': users,
  'products/openapi.json': products,
};

type Changes = { readonly [file in keyof typeof files]?: readonly [from: string, to: string] };

const changed = (changes: Changes): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(files).map(([file, text]) => {
      const [from, to] = changes[file as keyof typeof files] ?? ['', ''];
      if (!text.includes(from)) throw new Error(`"${from}" is not in ${file}`);
      return [file, text.replace(from, () => to)];
    }),
  );

const problemsOf = (changes: Changes): readonly string[] => {
  const compilation = compileFiles(changed(changes));
  return compilation.ok ? [] : compilation.problems;
};

const openapiOf = (changes: Changes = {}): unknown => {
  const compilation = compileFiles(changed(changes));
  return compilation.ok ? compilation.openapi : compilation.problems;
};

const routesOf = async (changes: Changes = {}) => {
  const { routes } = await loadFiles(changed(changes));
  return new Map(routes.map((route) => [route.id, route]));
};

describe('a contract that names the documents of services', () => {
  it('has their operations under their prefixes, and upstreams get the paths of the documents', async () => {
    const routes = await routesOf();
    expect([...routes.keys()].filter((id) => /users|products/.test(id))).toEqual([
      'GET /users',
      'PUT /users/{id}',
      'GET /products',
      'POST /products',
    ]);
    expect(routes.get('GET /users')).toMatchObject({ target: { upstream: 'users', rewrite: '/' } });
    expect(routes.get('PUT /users/{id}')?.target).toMatchObject({ rewrite: '/{id}' });
    expect(routes.get('GET /products')?.target).not.toHaveProperty('rewrite');
  });

  it('sends the prefix on where it is not to be stripped', async () => {
    const routes = await routesOf({
      'gateway.yaml': ['pathPrefix: /users', 'pathPrefix: /users, stripPrefix: false'],
    });
    expect(routes.get('PUT /users/{id}')?.target).not.toHaveProperty('rewrite');
  });

  it('says of an operation what the nearest says: the operation, the entry of its document, the root', async () => {
    const routes = await routesOf();
    expect(routes.get('PUT /users/{id}')).toMatchObject({
      maxBodyBytes: 1_024,
      rateLimits: [{ name: 'visitor' }],
      target: { timeoutMs: 4_000 },
    });
    expect(routes.get('POST /products')).toMatchObject({
      maxBodyBytes: 2_048,
      rateLimits: [{ name: 'buyer' }],
    });
  });

  it('lets a path without an upstream keep that, whatever the entry of its document says', async () => {
    const routes = await routesOf({
      'users/openapi.yaml': ['x-postern: { maxBodySize: 1KiB }', 'x-postern: { respond: {} }'],
    });
    expect(routes.get('PUT /users/{id}')?.target).toMatchObject({ kind: 'respond' });
    expect(routes.get('GET /users')?.target).toMatchObject({ kind: 'http' });
    const ofPath = await routesOf({
      'users/openapi.yaml': ['  /{id}:\n', '  /{id}:\n    x-postern: { respond: {} }\n'],
    });
    expect(ofPath.get('PUT /users/{id}')?.target).toMatchObject({ kind: 'respond' });
  });

  it('takes the security of an operation from its document before that of the contract', async () => {
    const routes = await routesOf();
    expect(routes.get('GET /users')?.access).toMatchObject({
      alternatives: [{ session: ['user'] }],
    });
    expect(routes.get('PUT /users/{id}')?.access).toMatchObject({ kind: 'public' });
    expect(routes.get('GET /products')?.access).toMatchObject({
      alternatives: [{ session: ['admin'] }],
    });
  });

  it('publishes one document, in which different things have different names', () => {
    expect(openapiOf()).toMatchObject({
      info: { title: 'Shop' },
      servers: [{ url: '.' }],
      tags: [{ name: 'users', description: 'Ours' }, { name: 'teams' }],
      paths: {
        '/users': { get: { operationId: 'list', security: [{ session: ['user'] }] } },
        '/products': {
          get: {
            operationId: 'list_products',
            responses: {
              200: { $ref: '#/components/responses/Page_products' },
              201: { links: { again: { operationId: 'list_products' } } },
            },
          },
          post: {
            requestBody: {
              content: {
                'application/json': { schema: { $ref: '#/components/schemas/Item_products' } },
              },
            },
          },
        },
      },
      components: {
        responses: {
          Page: {},
          Page_products: {
            content: {
              'application/json': {
                schema: { items: { $ref: '#/components/schemas/Item_products' } },
              },
            },
          },
        },
        schemas: {
          Item: { properties: { name: { type: ['string', 'null'] } } },
          Item_products: { properties: { price: {} } },
          Error: {},
        },
      },
    });
    expect(openapiOf()).not.toHaveProperty('components.schemas.Error_products');
  });

  it('renames a security scheme that stands for something else in another document', () => {
    const scheme = (name: string): [string, string] => [
      '"components": {',
      `"security": [{ "key": [] }], "components": { "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "${name}", "x-postern": { "session": {} } } },`,
    ];
    expect(
      openapiOf({
        'users/openapi.yaml': [
          'flows: {} }',
          'flows: {} }\n    key: { type: apiKey, in: header, name: X-A, x-postern: { session: {} } }',
        ],
        'products/openapi.json': scheme('X-B'),
      }),
    ).toMatchObject({
      paths: { '/products': { get: { security: [{ key_products: [] }] } } },
      components: { securitySchemes: { key: { name: 'X-A' }, key_products: { name: 'X-B' } } },
    });
  });

  it('may have two documents at one path, each with what its path says for its operations', async () => {
    const routes = await routesOf({
      'gateway.yaml': ['pathPrefix: /users', 'pathPrefix: /products'],
      'users/openapi.yaml': [
        '  /:\n    get:',
        '  /:\n    x-postern: { maxBodySize: 3KiB }\n    patch:',
      ],
    });
    expect(routes.get('PATCH /products')).toMatchObject({
      maxBodyBytes: 3_072,
      target: { upstream: 'users', rewrite: '/' },
    });
    expect(routes.get('POST /products')).toMatchObject({
      maxBodyBytes: 2_048,
      target: { upstream: 'products' },
    });
  });

  it.each<[problem: string, changes: Changes, says: string]>([
    [
      'a mistake in a document, whose version is 3.0',
      { 'users/openapi.yaml': ['maxLength: 40', 'maxLength: -1'] },
      'users/openapi.yaml:35:58  "maxLength" must be >= 0',
    ],
    [
      'a mistake in a JSON document',
      { 'products/openapi.json': ['"type": "number"', '"type": "nummer"'] },
      'products/openapi.json:60:21  "type" cannot be "nummer" — did you mean "number"?',
    ],
    [
      'a mistake in the settings of an operation',
      { 'users/openapi.yaml': ['x-postern: { maxBodySize: 1KiB }', 'x-postern: { timeout: 1h }'] },
      'users/openapi.yaml:18:29  "timeout" is 1h; it can be from 10ms to 29s',
    ],
    [
      'a mistake in the defaults of a document, once',
      { 'gateway.yaml': ['{ upstream: users }', '{ upstream: user }'] },
      'gateway.yaml:11:88  unknown upstream "user" — did you mean "users"?',
    ],
    [
      'a scheme that nobody declares',
      { 'users/openapi.yaml': ['security: [{ session: [user] }]', 'security: [{ sessions: [] }]'] },
      'users/openapi.yaml:4:14  unknown security scheme "sessions" — did you mean "session"?',
    ],
    [
      'a misspelt key of an entry',
      { 'gateway.yaml': ['pathPrefix', 'pathPrefixx'] },
      'gateway.yaml:11:46  unknown key "pathPrefixx" — did you mean "pathPrefix"?',
    ],
    [
      'an entry without a document',
      { 'gateway.yaml': ['document: ./users/openapi.yaml, ', ''] },
      'gateway.yaml:11:5  "document" is missing — add "document: ./users/openapi.yaml"',
    ],
    [
      'a document that does not exist',
      { 'gateway.yaml': ['./users/openapi.yaml', './users/openapi.yml'] },
      'gateway.yaml:11:24  "users/openapi.yml" cannot be read: there is no such file',
    ],
    [
      'a document elsewhere',
      { 'gateway.yaml': ['./users/openapi.yaml', 'https://example.com/openapi.yaml'] },
      'gateway.yaml:11:24  "https://example.com/openapi.yaml" is a URL: only files of the project are read, so that the same commit always results in the same gateway — save a copy in the project and name the copy',
    ],
    [
      'Swagger 2.0',
      { 'users/openapi.yaml': ['openapi: 3.0.3', "swagger: '2.0'"] },
      'users/openapi.yaml:1:1  this is Swagger 2.0, and a contract is OpenAPI 3.0, 3.1 or 3.2 — convert it: npx swagger2openapi --yaml --outfile openapi.yaml swagger.yaml',
    ],
    [
      'a version that OpenAPI does not have yet',
      { 'users/openapi.yaml': ['openapi: 3.0.3', 'openapi: 4.0.0'] },
      'users/openapi.yaml:1:10  "openapi" must be a version of OpenAPI that Postern reads: 3.0.x, 3.1.x or 3.2.x, such as "3.1.0"',
    ],
    [
      'settings of the gateway in the document of a service',
      { 'users/openapi.yaml': ['servers:', 'x-postern: { version: 1 }\nservers:'] },
      'users/openapi.yaml:3:1  only the contract can have "x-postern" at its root — move this to the contract',
    ],
    [
      'one route in two documents',
      { 'gateway.yaml': ['pathPrefix: /users', 'pathPrefix: /products'] },
      'products/openapi.json:9:7  GET /products is defined in users/openapi.yaml:8:5, too — give one of the documents another "pathPrefix", or remove one of the operations with an overlay',
    ],
    [
      'one route in two documents whose parameters have different names',
      {
        'gateway.yaml': ['pathPrefix: /users, ', ''],
        'products/openapi.json': ['"/products"', '"/{product}"'],
      },
      'products/openapi.json:8:5  no request can tell "/{product}" from "/{id}" in users/openapi.yaml:12:3 — give their parameters the same names, or give one of the documents another "pathPrefix"',
    ],
  ])('has a problem where its author wrote it: %s', (_, changes, says) => {
    expect(problemsOf(changes)).toContain(says);
  });

  it('reports problems of all its files at once, file by file', () => {
    const problems = problemsOf({
      'gateway.yaml': ['limit: 99', 'limit: 0'],
      'users/openapi.yaml': ['maxLength: 40', 'maxLength: -1'],
      'products/openapi.json': ['"type": "number"', '"type": "nummer"'],
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(Object.keys(files));
  });
});
