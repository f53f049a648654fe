import { describe, expect, it } from '@jest/globals';
import { compileText, problemsOf } from '../../../compiler/testing/compile-files.ts';

interface Parts {
  readonly defaults?: string;
  readonly get?: string;
  readonly post?: string;
  readonly responses?: string;
  readonly upstreams?: string;
}

const contract = ({
  defaults = '',
  get = '',
  post = '',
  responses = '',
  upstreams = '',
}: Parts): string => `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { shop: { http: {} ${upstreams} } }
  defaults: { rateLimits: [], upstream: shop${defaults} }
security: []
paths:
  /products:
    parameters: [{ name: X-Tenant, in: header, schema: {} }]
    get:
      parameters: [{ name: page, in: query, schema: {} }]
      ${get}
      responses: { '200': { description: OK${responses} } }
    post: { ${post === '' ? '' : `${post}, `}responses: { '201': { description: OK } } }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key, x-postern: { open: true } }
    token: { type: apiKey, in: query, name: token, x-postern: { open: true } }
`;

const compiled = (parts: Parts) => compileText(contract(parts));

const cacheOf = (cache: string): string => `x-postern: { cache: ${cache} }`;

describe('the cache of a contract', () => {
  it('adds no code where no route has it', () => {
    expect(compiled({ defaults: ', cache: false' }).code).not.toMatch(/cache/i);
  });

  it('is for the GET operations below the defaults alone', () => {
    const { code } = compiled({ defaults: ', cache: { ttl: 5m }' });
    expect(code.match(/"ttlSeconds":300/g)).toHaveLength(1);
  });

  it('has what the operation says, and the headers and parameters with credentials', () => {
    const vary = '{ headers: [X-Tenant, Accept], query: [page], caller: false }';
    const { code } = compiled({ get: cacheOf(`{ ttl: 90s, vary: ${vary} }`) });
    expect(code).toContain(
      'cache: {"ttlSeconds":90,"headers":["x-tenant","accept"],"query":["page","token"],"sharedOnly":true,"credentialHeaders":["x-key"]}',
    );
  });

  it('needs the table for its purges, and writes to it only for responses that are shared there', () => {
    const permissionsOf = (cache: string) =>
      compiled({ get: cacheOf(cache) }).summary['permissions'];
    expect(permissionsOf('{}')).toContainEqual({
      store: 'cache',
      leadingKeys: ['purges'],
      actions: ['dynamodb:GetItem'],
    });
    expect(permissionsOf('{ store: table }')).toContainEqual({
      store: 'cache',
      actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    });
    expect(compiled({ get: cacheOf('{}') }).code).not.toMatch(/CachedResponses|changesCached/);
    expect(
      compiled({ get: cacheOf('{ store: table }') }).code.match(/changesCached/g),
    ).toHaveLength(1);
  });

  it('is in the published document', () => {
    const { openapi } = compiled({ get: cacheOf('{}') });
    const { get, post } = (openapi as { paths: Record<string, Record<string, object>> }).paths[
      '/products'
    ] as Record<string, { responses: Record<string, { headers?: object }> }>;
    expect(get?.responses['200']?.headers).toMatchObject({ Age: {}, 'Cache-Status': {} });
    expect(get?.responses).toHaveProperty('504');
    expect(post?.responses['201']?.headers ?? {}).not.toHaveProperty('Cache-Status');
  });

  it.each<[string, Parts, string]>([
    [
      'a method that changes something',
      { post: cacheOf('{}') },
      'only responses of GET are stored, not those of POST — remove "cache"',
    ],
    ['a ttl of 0', { get: cacheOf('{ ttl: 0s }') }, '"ttl" must be a duration'],
    ['a long ttl', { get: cacheOf('{ ttl: 31d }') }, '"ttl" is 31d; it can be from 1s to 30d'],
    [
      'an unknown parameter',
      { get: cacheOf('{ vary: { query: [pag] } }') },
      '"pag" is no query parameter of the operation — did you mean "page"?',
    ],
    [
      'credentials as a header',
      { get: cacheOf('{ vary: { headers: [Authorization] } }') },
      '"authorization" says who the caller is, which "vary.caller" is for',
    ],
    [
      'a cookie as a header',
      { get: cacheOf('{ vary: { headers: [cookie] } }') },
      '"cookie" says who the caller is',
    ],
    [
      'a header that no service gets',
      { get: cacheOf('{ vary: { headers: [X-Forwarded-For] } }') },
      'the service does not get "x-forwarded-for" from the client',
    ],
    [
      'what is no header',
      { get: cacheOf("{ vary: { headers: ['x y'] } }") },
      '"x y" is not the name of a header',
    ],
    [
      'an upstream that starts sessions',
      { get: cacheOf('{}'), upstreams: ', session: start' },
      '"shop" starts sessions, and its responses are for one caller — remove "cache"',
    ],
    [
      'a response of the gateway itself',
      { get: 'x-postern: { cache: {}, respond: { status: 200 } }' },
      'the gateway itself responds, as fast as from a cache — remove "cache"',
    ],
    [
      'a presigned URL',
      { get: cacheOf('{}, upstream: files, s3: { key: a }'), upstreams: '}, files: { s3: {}' },
      'each response is a URL that is signed for one caller — remove "cache"',
    ],
    [
      'a limit of the service',
      { get: cacheOf('{}'), responses: ', headers: { X-RateLimit-Remaining: { schema: {} } }' },
      '"X-RateLimit-Remaining" tells each caller what is left of a limit, which a stored response cannot — remove the header, or set "cache: false"',
    ],
  ])('has a problem with its line for %s', (_, parts, message) => {
    const problems = problemsOf(contract(parts));
    expect(problems.join('\n')).toContain(message);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^gateway.yaml:\d+:\d+ /);
  });

  it('stores objects of S3 that go through the gateway', () => {
    const { code } = compiled({
      get: cacheOf('{}, upstream: files, s3: { key: a, transfer: proxied }'),
      upstreams: '}, files: { s3: {}',
    });
    expect(code).toContain('withCache');
  });

  it('warns of a header that the operation does not declare', () => {
    const { warnings } = compiled({ get: cacheOf('{ vary: { headers: [X-Tenent, Accept] } }') });
    expect(warnings.join('\n')).toContain(
      '"x-tenent" is no header parameter of the operation — did you mean "X-Tenant"?',
    );
  });

  it('may be in defaults above operations that cannot have it', () => {
    expect(
      problemsOf(contract({ defaults: ', cache: { ttl: 1m }', upstreams: ', session: start' })),
    ).toEqual([]);
  });
});
