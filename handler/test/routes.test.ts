import { describe, expect, it } from '@jest/globals';
import { contract } from '../generated/example/contract.js';
import { sessionAlternatives } from '../../scripts/stack/build/session-alternatives.ts';
import { call, signIn } from './stack.ts';

/** For each route of the contract a request that fits its schemas. */
const json = { 'content-type': 'application/json' };
const product = { name: 'Go', price: { amount: 4_500, currency: 'EUR' } };
const requests: Readonly<Record<string, { path?: string; body?: object; picture?: Buffer }>> = {
  'GET /api/v1/users/{user_id}': { path: '/api/v1/users/alice' },
  'PATCH /api/v1/users/{user_id}': { path: '/api/v1/users/bob', body: { name: 'Bob' } },
  'POST /api/v1/users': { body: { name: 'Dora', email: 'dora@example.com' } },
  'POST /api/v1/products': { body: product },
  'GET /api/v1/products/{product_id}': { path: '/api/v1/products/ulysses' },
  'PUT /api/v1/products/{product_id}': { path: '/api/v1/products/go', body: product },
  'DELETE /api/v1/products/{product_id}': { path: '/api/v1/products/stalker' },
  'GET /api/v1/products/{product_id}/picture': { path: '/api/v1/products/ulysses/picture' },
  'PUT /api/v1/products/{product_id}/picture': {
    path: '/api/v1/products/go/picture',
    picture: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10]),
  },
  'PUT /api/v1/admin/settings': { body: { maintenance: false } },
};

const send = (id: string, token?: string) => {
  const [method = '', template = ''] = id.split(' ');
  const { path = template, body, picture } = requests[id] ?? {};
  return call(method, path, {
    ...(token && { token }),
    ...(body && { headers: json, body: JSON.stringify(body) }),
    ...(picture && { headers: { 'content-type': 'image/jpeg' }, body: picture }),
  });
};

describe('every route of the contract', () => {
  const open = contract.routes.filter(({ access }) => access.kind === 'public');
  const closed = contract.routes.flatMap(({ id, access }) =>
    sessionAlternatives(access).map((roles) => ({ id, roles })),
  );

  it.each(open.map(({ id }) => id))('%s responds to anyone', async (id) => {
    const { status, headers } = await send(id);
    expect(status).toBe(200);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('strict-transport-security')).toContain('max-age=');
    expect(headers.get('x-request-id')).toBeTruthy();
  });

  it.each(closed)('$id responds 401 without a token', async ({ id }) => {
    const { status, headers, json: problem } = await send(id);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toContain('Bearer');
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(problem['code']).toBe('CREDENTIALS_MISSING');
  });

  it.each(closed)('$id responds 403 to a role that it does not name', async ({ id }) => {
    const { status, json: problem } = await send(id, await signIn(['stranger']));
    expect(status).toBe(403);
    expect(problem['code']).toBe('ACCESS_DENIED');
  });

  it.each(closed)('$id responds to the roles $roles', async ({ id, roles }) => {
    const { status, headers } = await send(id, await signIn(roles));
    expect([200, 201, 204]).toContain(status);
    expect(headers.get('ratelimit-policy')).toContain('"member"');
  });
});
