import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadContract } from '../../../testing/load-contract.ts';
import type { Contract } from '../../contract.ts';

const contractText = `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} } }
  defaults: { rateLimits: [], upstream: users, request: { readOnly: deny } }
security: []
paths:
  /users:
    post:
      requestBody: &body
        content:
          application/json: { schema: { $ref: '#/components/schemas/User' } }
          application/x-www-form-urlencoded: { schema: { $ref: '#/components/schemas/User' } }
    put: { x-postern: { request: { undeclaredQuery: deny } }, requestBody: *body }
  /users/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { $ref: '#/components/schemas/Id' } }]
    get: {}
  /pets:
    post:
      requestBody:
        content:
          application/json:
            schema:
              oneOf:
                - { type: object, required: [kind], properties: { kind: { const: cat }, tag: { type: string, readOnly: true } } }
                - { type: object, required: [kind], properties: { kind: { const: dog }, tag: { type: string } } }
components:
  schemas:
    Id: { type: integer, readOnly: true }
    User:
      allOf:
        - { type: object, required: [id, name], properties: { id: { $ref: '#/components/schemas/Id' }, name: { type: string } } }
        - properties:
            address: { type: object, properties: { verified: { type: boolean, readOnly: true } } }
            friends: { type: array, items: { $ref: '#/components/schemas/User' } }
`;

let contract: Contract;

beforeAll(async () => {
  contract = await loadContract(contractText);
});

const send = (id: string, body: unknown, type = 'application/json'): readonly unknown[] =>
  contract.routes
    .find((route) => route.id === id)
    ?.validate?.({
      ...{ params: { id: '5' }, query: '', cookies: [], headers: { 'content-type': type } },
      body: typeof body === 'string' ? Buffer.from(body) : Buffer.from(JSON.stringify(body)),
    }) ?? [];

const refused = (pointer: string) => ({ pointer, detail: 'is read-only: leave it out' });

describe('with request: { readOnly: deny }', () => {
  it('a property that is readOnly is refused, at any depth, by a reference and in allOf', () => {
    expect(send('POST /users', { name: 'x' })).toEqual([]);
    expect(
      send('POST /users', {
        ...{ id: 1, name: 'x', address: { verified: true } },
        friends: [{ name: 'y' }, { name: 'z', id: 2 }],
      }),
    ).toEqual(expect.arrayContaining(['/id', '/address/verified', '/friends/1/id'].map(refused)));
    expect(send('POST /users', 'name=x&id=1', 'application/x-www-form-urlencoded')).toEqual([
      refused('/id'),
    ]);
  });

  it('a property is refused only where the schema that a value matches has it readOnly', () => {
    expect(send('POST /pets', { kind: 'dog', tag: 'a' })).toEqual([]);
    expect(send('POST /pets', { kind: 'cat', tag: 'a' })).toEqual([refused('/tag')]);
  });

  it('a parameter may have a schema that is readOnly', () => {
    const validate = contract.routes.find(({ id }) => id === 'GET /users/{id}')?.validate;
    const subject = { params: { id: '5' }, query: '', headers: {}, cookies: [], body: undefined };
    expect(validate?.(subject)).toEqual([]);
  });
});

it('a property that is readOnly is accepted where the nearest section does not deny it', () => {
  expect(send('POST /users', { id: 1, name: 'x' })).toHaveLength(1);
  expect(send('PUT /users', { id: 1, name: 'x' })).toEqual([]);
});
