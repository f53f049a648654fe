import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { compileContract } from '../../../handler/compiler/compile-contract.ts';
import { loadContract } from '../../../handler/testing/load-contract.ts';
import { type MockUpstreams, startMockUpstreams } from './mock-upstreams.ts';

const contractText = `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} }, other-one: { http: {} }, third: { http: {} } }
  defaults: { upstream: users, rateLimits: [] }
security: []
paths:
  /users:
    get:
      responses:
        '404': { description: None, content: { application/problem+json: { schema: { required: [title], properties: { title: { type: string, minLength: 3 } } } } } }
        '200':
          description: Users
          headers: { x-total: { schema: { type: integer, minimum: 7, maximum: 7 } }, Content-Length: { schema: { type: integer } }, Idempotent-Replayed: { schema: { type: string } }, Age: { schema: { type: integer } }, Cache-Status: { schema: { type: string } } }
          content:
            text/csv: { example: 'id,name' }
            application/json:
              examples: { first: { value: [1] }, second: { $ref: '#/components/examples/Second' } }
  /users/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      x-postern: { rewrite: '/people/{id}' }
      responses: { 2XX: { $ref: '#/components/responses/User' } }
    delete: { responses: { '204': { description: Gone } } }
  /files/{path+}:
    parameters: [{ name: path, in: path, required: true, schema: { type: string } }]
    get:
      x-postern: { upstream: [{ name: other-one, weight: 1 }, { name: third, weight: 1 }] }
      responses: { default: { description: A file, content: { 'image/*': {} } } }
components:
  examples: { Second: { value: [2] } }
  responses:
    User: { description: A user, content: { application/json: { schema: { $ref: '#/components/schemas/User' } } } }
  schemas: { User: { type: object, required: [id], properties: { id: { const: alice } }, additionalProperties: false } }
`;

describe('a mocked upstream', () => {
  let mocks: MockUpstreams;
  beforeEach(async () => {
    mocks = await startMockUpstreams();
    const compilation = compileContract(contractText, { file: 'gateway.yaml', runtime: '../src' });
    if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
    mocks.serve(await loadContract(contractText), compilation.openapi);
  });
  afterEach(() => mocks.close());
  const get = (upstream: string, path: string, init: RequestInit = {}) =>
    fetch(`${mocks.url(upstream).href}${path}`, init);

  it('responds with the first example of the first success, and its headers', async () => {
    const response = await get('users', '/users');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-total')).toBe('7');
    for (const name of ['idempotent-replayed', 'age', 'cache-status'])
      expect(response.headers.get(name)).toBeNull();
    expect(await response.json()).toEqual([1]);
  });

  it.each([
    [{ accept: 'text/csv' }, 'id,name'],
    [{ accept: 'text/*, application/json;q=0.5' }, 'id,name'],
    [{ accept: 'image/png' }, '[1]'],
    [{ prefer: 'example=second' }, '[2]'],
  ])('follows %j', async (headers, body) => {
    expect(await (await get('users', '/users', { headers })).text()).toBe(body);
  });

  it('responds with another status that the client prefers, from its schema', async () => {
    const response = await get('users', '/users', { headers: { prefer: 'code=404' } });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(((await response.json()) as { title: string }).title.length).toBeGreaterThan(2);
  });

  it('knows an operation by the path that the gateway sends', async () => {
    expect(await (await get('users', '/people/alice')).json()).toEqual({ id: 'alice' });
    expect((await get('users', '/users/alice')).status).toBe(404);
  });

  it('responds to HEAD without a body', async () => {
    const response = await get('users', '/users', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('responds without a body where none is declared', async () => {
    // DELETE has no rewrite, so that its path is the client's.
    const response = await get('users', '/users/alice', { method: 'DELETE' });
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  it('keeps the upstreams apart', async () => {
    expect((await get('other-one', '/users')).status).toBe(404);
    expect((await get('other-one', '/files/a/b')).headers.get('content-type')).toMatch(/^image\//);
    expect((await get('third', '/files/a/b')).status).toBe(200);
    expect((await get('none', '/users')).status).toBe(404);
  });

  it('responds by a new contract from the moment it is served', async () => {
    mocks.serve({ routes: [], upstreams: {} }, {});
    expect((await get('users', '/users')).status).toBe(404);
  });
});
