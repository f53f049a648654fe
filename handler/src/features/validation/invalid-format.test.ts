import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadContract } from '../../../testing/load-contract.ts';
import type { Contract } from '../../contract.ts';

const contractText = `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} } }
  defaults: { rateLimits: [], upstream: users }
security: []
paths:
  /users:
    parameters: [{ name: since, in: query, schema: { type: string, format: date } }]
    post:
      requestBody: &body
        content:
          application/json: { schema: { $ref: '#/components/schemas/User' } }
          application/x-www-form-urlencoded: { schema: { $ref: '#/components/schemas/User' } }
    put: { x-postern: { request: { invalidFormat: allow } }, requestBody: *body }
components:
  schemas:
    User:
      type: object
      properties:
        id: { type: string, format: uuid }
        born: { type: string, format: date-time }
        age: { type: integer, format: int32 }
        name: { type: string, maxLength: 5 }
`;

let contract: Contract;

beforeAll(async () => {
  contract = await loadContract(contractText);
});

const send = (
  id: string,
  { body = '{}', query = '', type = 'application/json' },
): ReadonlyArray<{ readonly pointer?: string; readonly name?: string }> =>
  contract.routes
    .find((route) => route.id === id)
    ?.validate?.({
      ...{ params: {}, query, cookies: [], headers: { 'content-type': type } },
      body: Buffer.from(body),
    }) ?? [];

const pointers = (id: string, request: Parameters<typeof send>[1]) =>
  send(id, request).map(({ pointer, name }) => pointer ?? name);

const wrong = JSON.stringify({ id: '1', born: '2026-01-31 12:00', age: 2 ** 40 });
const wrongForm = {
  body: 'id=1&born=now&age=1099511627776',
  type: 'application/x-www-form-urlencoded',
};

describe('with request: { invalidFormat: allow }', () => {
  it('every format is an annotation: in JSON, in a form and in a parameter', () => {
    expect(send('PUT /users', { body: wrong, query: 'since=yesterday' })).toEqual([]);
    expect(send('PUT /users', wrongForm)).toEqual([]);
  });

  it('everything else is checked', () => {
    expect(pointers('PUT /users', { body: '{"id":1,"name":"too long"}' })).toEqual(
      expect.arrayContaining(['/id', '/name']),
    );
  });
});

it('an operation that shares its schemas with one that allows invalid formats refuses them', () => {
  send('PUT /users', { body: wrong });
  expect(pointers('POST /users', { body: wrong, query: 'since=yesterday' })).toEqual(
    expect.arrayContaining(['/id', '/born', '/age', 'since']),
  );
  expect(pointers('POST /users', wrongForm)).toEqual(
    expect.arrayContaining(['/id', '/born', '/age']),
  );
});

it('a valid value is valid either way', () => {
  const body = JSON.stringify({
    ...{ id: '6fa459ea-ee8a-4ca4-894e-db77e160355e', born: '2026-01-31T12:00:00Z', age: 30 },
  });
  const request = { body, query: 'since=2026-01-31' };
  expect([...send('POST /users', request), ...send('PUT /users', request)]).toEqual([]);
});
