import { describe, expect, it } from '@jest/globals';
import { compileContract } from '../../handler/compiler/compile-contract.ts';
import { loadContract } from '../../handler/testing/load-contract.ts';
import type { Assembled } from './assemble.ts';
import { describeStart } from './describe-start.ts';
import { sentKey } from './dev-credentials.ts';

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
const curlFor = async (paths: string, scheme?: string): Promise<string | undefined> =>
  /^ {2}curl .*/m.exec(await startOf(contractWith(paths, scheme)))?.[0];

const startOf = async (
  text: string,
  plans: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const compilation = compileContract(text, { file: 'gateway.yaml', runtime: '../src' });
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  const contract = await loadContract(text);
  return describeStart(
    {
      ...compilation,
      contract,
      urls: {},
      cors: null,
      sessions: undefined,
      plans,
      planNames: Object.keys(compilation.summary['plans'] ?? {}),
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
      devCredentials: {
        keyOf: (policy, { plan = '' }) => sentKey(policy, `key_1${plan}`),
        passwordOf: async ({ name }) => ({ options: [`-u ${name}:secret`], query: '' }),
      },
      ms: 700,
    },
  );
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

  it('has a user name and a password for a scheme of Basic', async () => {
    const scheme = 'type: http, scheme: basic, x-postern: { basic: {} }';
    const paths = isbn('example: 1, schema: { type: integer }');
    expect(await startOf(contractWith(paths, scheme))).toContain(
      "A password of alice with no scopes:\n  curl -i -u alice:secret 'http://127.0.0.1:8787/books/1'\n",
    );
  });

  it('has the plan of its user, or the start says how to give one', async () => {
    const scheme = 'type: apiKey, in: query, name: key, x-postern: { apiKey: {} }';
    const text = contractWith(query, scheme).replace(
      'version: 1,',
      'version: 1, plans: { free: { quota: { limit: 1, period: day } }, pro: {} },',
    );
    const started = await startOf(text);
    expect(started).toContain("&key=key_1'");
    expect(started).toContain(
      'Plans, which nobody has here: free, pro. To give one, write to dev.yaml:\n  plans: { alice: free }\n',
    );
    const withPlan = await startOf(text, { alice: 'pro' });
    expect(withPlan).toContain("&key=key_1pro'");
    expect(withPlan).not.toContain('Plans');
  });

  it('is none where no route needs a session', async () => {
    const open = isbn('schema: {}').replace('get:', 'get:\n      security: []');
    expect(await curlFor(open)).toBeUndefined();
  });
});
