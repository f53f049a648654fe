import { describe, expect, it } from '@jest/globals';
import { compileContract } from './compile-contract.ts';
import { openapiDocument } from './openapi-document.ts';

const contract = `
openapi: 3.1.0
info: { title: Test, version: '1' }
servers: [{ url: https://users.internal.example.com }]
x-postern:
  version: 1
  upstreams: { users: { http: {} } }
  rateLimits:
    visitor: { per: [ip], limit: 10, window: 60s }
    strict: { per: [ip], limit: 1, window: 60s, onStoreFailure: deny }
    trial: { per: [ip], limit: 1, window: 60s, mode: shadow }
  defaults: { upstream: users, rateLimits: [] }
  failureLimit: false
security: []
paths:
  /status:
    get:
      operationId: getStatus
      summary: Status
      responses: { '200': { description: Fine } }
  /me:
    get:
      security: [{ session: [] }]
      responses: { '200': { $ref: '#/components/responses/Me' } }
    put:
      security: [{ session: [user] }]
      x-postern: { rateLimits: [visitor] }
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '200': { $ref: '#/components/responses/Me' } }
  /files/{rest+}:
    parameters: [{ name: rest, in: path, required: true, schema: { type: string } }]
    head: { operationId: headFile, responses: { '200': { description: There } } }
    get: { responses: { '200': { description: A file } } }
components:
  securitySchemes: { session: { type: http, scheme: bearer, x-postern: { session: {} } } }
  responses:
    Me: { description: The caller, headers: { RateLimit: { description: Mine } } }
  schemas: { User: { type: object } }
`;

interface Response {
  readonly $ref?: string;
  readonly description?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, unknown>>;
}

interface Published {
  readonly servers: unknown;
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Record<string, Response> }>>>
  >;
  readonly components: Readonly<Record<string, Readonly<Record<string, Response>>>>;
}

/** Published with the texts replaced, each of which occurs exactly once. */
const publish = (changes: Readonly<Record<string, string>> = {}): Published => {
  const text = Object.entries(changes).reduce((before, [from, to]) => {
    expect(before.split(from)).toHaveLength(2);
    return before.replace(from, () => to);
  }, contract);
  const compilation = compileContract(text, { file: 'gateway.yaml', runtime: '../src' });
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  return JSON.parse(JSON.stringify(compilation.openapi)) as Published;
};

const responsesOf = ({ paths }: Published, path: string, method: string) =>
  paths[path]?.[method]?.responses ?? {};

const statusesOf = (document: Published, path: string, method: string): readonly string[] =>
  Object.keys(responsesOf(document, path, method));

const always = ['431', '500', '502', '503', '504', '508'];

describe('the published document', () => {
  it('has nothing that only the gateway needs', () => {
    const document = publish();
    expect(JSON.stringify(document)).not.toContain('x-postern');
    expect(document).toMatchObject({
      paths: { '/status': { get: { operationId: 'getStatus', summary: 'Status' } } },
      components: {
        schemas: { User: { type: 'object' } },
        securitySchemes: { session: { type: 'http', scheme: 'bearer' } },
      },
    });
  });

  it('names the gateway as its only server, and no service behind it', () => {
    const document = publish();
    expect(document.servers).toEqual([{ url: '.' }]);
    expect(JSON.stringify(document)).not.toContain('internal.example.com');
    const servers = [{ url: 'https://internal.example.com' }];
    const nested = { paths: { '/me': { servers, get: { servers, operationId: 'me' } } } };
    expect(openapiDocument(nested, [], new Map())).toMatchObject({
      paths: { '/me': { get: { operationId: 'me' } } },
    });
    expect(JSON.stringify(openapiDocument(nested, [], new Map()))).not.toContain('internal');
  });

  it('has {rest} for {rest+}, which OpenAPI does not know', () => {
    expect(Object.keys(publish().paths)).toEqual(['/status', '/me', '/files/{rest}']);
  });

  it('has HEAD wherever the gateway responds to HEAD', () => {
    const { paths } = publish();
    expect(paths['/status']?.['head']).toEqual({
      ...paths['/status']?.['get'],
      operationId: undefined,
    });
    expect(paths['/files/{rest}']?.['head']).toMatchObject({ operationId: 'headFile' });
    expect(Object.keys(paths['/me'] ?? {})).toEqual(['get', 'put', 'head']);
  });

  it('declares on every route the errors that can happen there, and no others', () => {
    const document = publish();
    expect({
      public: statusesOf(document, '/status', 'get'),
      parameter: statusesOf(document, '/files/{rest}', 'get'),
      anyUser: statusesOf(document, '/me', 'get'),
      roleAndBody: statusesOf(document, '/me', 'put'),
    }).toEqual({
      public: ['200', '400', ...always],
      parameter: ['200', '400', '404', '405', ...always],
      anyUser: ['200', '400', '401', ...always],
      roleAndBody: ['200', '400', '401', '403', '413', '415', '429', ...always],
    });
  });

  it('declares 403 for a route that changes something, whose cookie a foreign page may send', () => {
    const document = publish({ '[{ session: [user] }]': '[{ session: [] }]' });
    expect(statusesOf(document, '/me', 'put')).toContain('403');
    expect(statusesOf(document, '/me', 'get')).not.toContain('403');
  });

  it('declares 429 everywhere if there is a limit of failures, with limits in headers only where there are some', () => {
    const document = publish({ 'failureLimit: false': 'failureLimit: {}' });
    expect(statusesOf(document, '/status', 'get')).toContain('429');
    expect(responsesOf(document, '/status', 'get')['200']).not.toHaveProperty('headers');
  });

  it('declares nothing of a limit that refuses no request', () => {
    const document = publish({ 'rateLimits: [visitor]': 'rateLimits: [trial]' });
    expect(statusesOf(document, '/me', 'put')).not.toContain('429');
    expect(document.components).not.toHaveProperty('headers.RateLimit-Policy');
  });

  it('has problem details of one shared schema, with the headers of each status', () => {
    const { components } = publish();
    const { Problem401, Problem405, Problem415, Problem429, Problem503 } =
      components['responses'] ?? {};
    const content = {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    };
    expect(Problem401).toEqual({
      description: 'Unauthorized',
      headers: { 'WWW-Authenticate': { $ref: '#/components/headers/WWW-Authenticate' } },
      content,
    });
    expect(Object.keys(Problem405?.headers ?? {})).toEqual(['Allow']);
    expect(Object.keys(Problem415?.headers ?? {})).toContain('Accept');
    const ofLimits = ['Retry-After', 'RateLimit-Policy', 'RateLimit'];
    expect(Object.keys(Problem429?.headers ?? {})).toEqual(ofLimits);
    expect(Object.keys(Problem503?.headers ?? {})).toEqual(ofLimits);
    expect(components['schemas']?.['Problem']).toMatchObject({
      required: expect.arrayContaining(['code']),
    });
  });

  it('declares the headers of limits in responses of the author, and keeps the author’s own', () => {
    const document = publish();
    expect(responsesOf(document, '/me', 'put')['200']).toEqual({
      $ref: '#/components/responses/Me',
    });
    expect(document.components['responses']?.['Me']).toEqual({
      description: 'The caller',
      headers: {
        RateLimit: { description: 'Mine' },
        'RateLimit-Policy': { $ref: '#/components/headers/RateLimit-Policy' },
      },
    });
  });

  it('keeps a response that the author declares for a status of the gateway', () => {
    const own = `'400': { description: Mine, content: { text/plain: {}, application/problem+json: {} } }`;
    const ref = `'404': { $ref: '#/components/responses/Gone' }`;
    const document = publish({
      "get: { responses: { '200': { description: A file } } }": `get: { responses: { ${own}, ${ref} } }`,
      '    Me: {': '    Gone: { description: Gone, content: { text/plain: {} } }\n    Me: {',
    });
    expect(responsesOf(document, '/files/{rest}', 'get')).toMatchObject({
      400: { description: 'Mine', content: { 'text/plain': {}, 'application/problem+json': {} } },
      404: { $ref: '#/components/responses/Gone' },
    });
    expect(document.components['responses']?.['Gone']).toEqual({
      description: 'Gone',
      content: {
        'text/plain': {},
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      },
    });
  });

  it.each(['default', '4XX'])('admits for an error what the author declares for %s', (range) => {
    const declared = `'${range}': { description: Any, content: { text/plain: {} } }`;
    const document = publish({
      "{ '200': { description: A file } }": `{ '200': { description: A file }, ${declared} }`,
    });
    const responses = responsesOf(document, '/files/{rest}', 'get');
    expect(responses[range]).toEqual({ description: 'Any', content: { 'text/plain': {} } });
    const [, name = ''] = /([^/]*)$/.exec(responses['404']?.$ref ?? '') ?? [];
    expect(Object.keys(document.components['responses']?.[name]?.content ?? {})).toEqual([
      'application/problem+json',
      'text/plain',
    ]);
  });

  it('declares any response of an operation for which the author declares none', () => {
    const document = publish({
      " responses: { '200': { description: A file } } ": ' summary: File ',
    });
    expect(statusesOf(document, '/files/{rest}', 'get')).toContain('default');
  });

  it('takes no name that the author uses', () => {
    const document = publish({
      'schemas: { User: { type: object } }':
        'schemas: { Problem: { type: string } }\n  headers: { Allow: { description: Mine } }',
      '    Me: {': '    Problem500: { description: Mine }\n    Me: {',
    });
    expect(document.components).toMatchObject({
      schemas: { Problem: { type: 'string' }, Problem_2: { type: 'object' } },
      headers: { Allow: { description: 'Mine' }, Allow_2: { schema: { type: 'string' } } },
      responses: { Problem500: { description: 'Mine' } },
    });
    expect(responsesOf(document, '/status', 'get')['500']).toEqual({
      $ref: '#/components/responses/Problem500_2',
    });
  });

  it('is the same for two texts that mean the same, with an alias in one', () => {
    const shared = "get: { responses: &all { '200': { description: A file } } }";
    const document = publish({
      "get: { responses: { '200': { description: A file } } }": shared,
      "responses: { '200': { description: Fine } }":
        "responses: { '200': { description: A file } }",
    });
    expect(responsesOf(document, '/status', 'get')['200']).toEqual({ description: 'A file' });
  });
});
