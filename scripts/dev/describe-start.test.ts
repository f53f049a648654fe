import { describe, expect, it } from '@jest/globals';
import { compileContract } from '../../handler/compiler/compile-contract.ts';
import { loadContract } from '../../handler/testing/load-contract.ts';
import type { Assembled } from './assemble.ts';
import { describeStart } from './describe-start.ts';
import { sentKey } from './dev-keys.ts';

const session = 'type: http, scheme: bearer, x-postern: { session: {} }';

const contractWith = (paths: string, scheme = session): string => `
openapi: 3.1.0
info: { title: Shelf, version: '1' }
x-postern: { version: 1, upstreams: { books: { http: {} } }, defaults: { upstream: books, rateLimits: [] } }
security: [{ session: [] }]
paths:
${paths}
components:
  securitySchemes: { session: { ${scheme} } }
`;

const isbn = (more: string): string => `
  /books/{isbn}:
    get:
      parameters: [{ name: isbn, in: path, required: true, ${more} }]
      responses: { '200': { description: OK } }`;

const query = `
  /search:
    get:
      parameters:
        - { name: q, in: query, required: true, example: "it's", schema: { type: string } }
        - { name: X-Shop, in: header, required: true, schema: { const: main } }
      responses: { '200': { description: OK } }`;

/** The line to try a session with. */
const curlFor = async (paths: string, scheme?: string): Promise<string | undefined> => {
  const text = contractWith(paths, scheme);
  const compilation = compileContract(text, { file: 'gateway.yaml', runtime: '../src' });
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  const contract = await loadContract(text);
  const started = await describeStart(
    {
      ...compilation,
      contract,
      urls: {},
      cors: null,
      sessions: undefined,
      accessTokens: [],
      apiKeys: (compilation.summary['api_keys'] ?? []) as Assembled['apiKeys'],
      secrets: [],
      handler: async () => ({}),
    },
    {
      url: new URL('http://127.0.0.1:8787'),
      devFile: 'dev.yaml',
      devSessions: { tokenOf: async () => 'token' },
      issuer: { tokenOf: async () => 'token' },
      devKeys: {
        keyOf: (policy) => sentKey(policy, 'key_1'),
      },
      ms: 700,
    },
  );
  return /^ {2}curl .*/m.exec(started)?.[0];
};

const curl = "  curl -i -H 'Authorization: Bearer token'";

describe('the request that the development server suggests', () => {
  it.each<[string, string, string]>([
    ['an example', isbn('example: 978-0, schema: { type: string }'), '/books/978-0'],
    ['a schema', isbn("schema: { type: string, pattern: '^9{13}$' }"), '/books/9999999999999'],
    ['a list of values', isbn('schema: { enum: [a, b] }'), '/books/a'],
  ])('has a value for the parameter of its path by %s', async (_, paths, path) => {
    expect(await curlFor(paths)).toBe(`${curl} 'http://127.0.0.1:8787${path}'`);
  });

  it('has what else is required, and prefers a path without parameters', async () => {
    expect(await curlFor(isbn('example: 1, schema: { type: integer }') + query)).toBe(
      `${curl} -H 'x-shop: main' 'http://127.0.0.1:8787/search?q=it'\\''s'`,
    );
  });

  it.each([
    ['header', "-H 'X-Key: key_1' 'http://127.0.0.1:8787/books/1'"],
    ['cookie', "-H 'Cookie: X-Key=key_1' 'http://127.0.0.1:8787/books/1'"],
    ['query', "'http://127.0.0.1:8787/books/1?X-Key=key_1'"],
  ])('has an API key in the %s that its scheme names', async (place, request) => {
    const scheme = `type: apiKey, in: ${place}, name: X-Key, x-postern: { apiKey: {} }`;
    const curlWithKey = await curlFor(isbn('example: 1, schema: { type: integer }'), scheme);
    expect(curlWithKey).toBe(`  curl -i ${request}`);
  });

  it('has an API key beside the other parameters of the query', async () => {
    const scheme = 'type: apiKey, in: query, name: key, x-postern: { apiKey: {} }';
    expect(await curlFor(query, scheme)).toContain("/search?q=it'\\''s&key=key_1'");
  });

  it('is none where no route needs a session', async () => {
    const open = isbn('schema: {}').replace('get:', 'get:\n      security: []');
    expect(await curlFor(open)).toBeUndefined();
  });
});
