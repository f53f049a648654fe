import { describe, expect, it } from '@jest/globals';
import { compileFiles } from '../../../handler/compiler/testing/compile-files.ts';
import { compareContracts } from './compare-contracts.ts';
import type { ContractToCompare } from './contract-to-compare.ts';

const contract = `
openapi: 3.1.0
info: { title: Shop, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} } }
  rateLimits: { visitor: { per: [ip], limit: 60, window: 1m } }
  defaults: { rateLimits: [visitor], upstream: users }
security: [{ session: [] }]
paths:
  /users:
    get:
      parameters:
        - { name: sort, in: query, schema: { type: string, enum: [name, age] } }
        - { name: limit, in: query, schema: { type: integer, maximum: 100 } }
      responses:
        '200':
          description: OK
          headers: { X-Total: { required: true, schema: { type: integer } } }
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/User' } } } }
        '404': { description: None }
    post:
      requestBody:
        content:
          application/json: { schema: { $ref: '#/components/schemas/NewUser' } }
          application/x-www-form-urlencoded: { schema: { type: object } }
      responses: { '201': { description: Made } }
  /reports:
    get: { responses: { '200': { description: OK } } }
components:
  securitySchemes: { session: { type: http, scheme: bearer, x-postern: { session: {} } } }
  schemas:
    User:
      type: object
      required: [id]
      properties: { id: { type: string }, name: { type: string }, age: { type: integer } }
    NewUser:
      type: object
      properties: { name: { type: string, maxLength: 40 }, role: { type: string, enum: [user, admin] } }
`;

const compiled = (text: string): ContractToCompare => {
  const compilation = compileFiles({ 'gateway.yaml': text });
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  return compilation;
};

/** A change that `make diff` finds, and the worst level of it. */
type Case = readonly [what: string, from: string, to: string, level: string];

/** By the categories of oasdiff's rules, and the gateway's own. */
const cases: readonly Case[] = [
  [
    'a path is removed',
    "  /reports:\n    get: { responses: { '200': { description: OK } } }\n",
    '',
    'breaking',
  ],
  ['a path is renamed', '/reports:', '/report:', 'breaking'],
  ['a method is replaced', '/reports:\n    get:', '/reports:\n    put:', 'breaking'],
  [
    'a parameter becomes required',
    'name: limit, in: query,',
    'name: limit, in: query, required: true,',
    'breaking',
  ],
  [
    'a required parameter is new',
    '      parameters:\n        - { name: sort',
    '      parameters:\n        - { name: shop, in: query, required: true, schema: {} }\n        - { name: sort',
    'breaking',
  ],
  ['a value of a parameter is removed', 'enum: [name, age]', 'enum: [name]', 'breaking'],
  ['the type of a parameter changes', 'type: integer, maximum: 100', 'type: boolean', 'breaking'],
  ['the maximum of a parameter is lower', 'maximum: 100', 'maximum: 50', 'breaking'],
  [
    'an optional parameter moves',
    '{ name: limit, in: query',
    '{ name: limit, in: header',
    'warning',
  ],
  [
    'a body becomes required',
    'requestBody:\n        content',
    'requestBody:\n        required: true\n        content',
    'breaking',
  ],
  [
    'a media type of a body is removed',
    '          application/x-www-form-urlencoded: { schema: { type: object } }\n',
    '',
    'breaking',
  ],
  [
    'a property of a body becomes required',
    'NewUser:\n      type: object',
    'NewUser:\n      type: object\n      required: [name]',
    'breaking',
  ],
  ['a property of a body is shorter', 'maxLength: 40', 'maxLength: 20', 'breaking'],
  ['a value of a body is removed', 'enum: [user, admin]', 'enum: [user]', 'breaking'],
  [
    'the type of a property of a body changes',
    'name: { type: string, maxLength: 40 }',
    'name: { type: integer }',
    'breaking',
  ],
  [
    'a required property of a response is removed',
    'required: [id]\n      properties: { id: { type: string }, name',
    'properties: { name',
    'breaking',
  ],
  ['a property of a response becomes optional', '      required: [id]\n', '', 'breaking'],
  [
    'the type of a property of a response changes',
    'id: { type: string }',
    'id: { type: integer }',
    'breaking',
  ],
  [
    'a success status is removed',
    "'201': { description: Made }",
    "'204': { description: Made }",
    'breaking',
  ],
  [
    'a required header of a response is removed',
    '          headers: { X-Total: { required: true, schema: { type: integer } } }\n',
    '',
    'breaking',
  ],
  [
    'a media type of a response is replaced',
    'content: { application/json: { schema: { type: array',
    'content: { text/csv: { schema: { type: array',
    'breaking',
  ],
  ['a role is needed', 'session: []', 'session: [admin]', 'breaking'],
  ['a limit is lower', 'limit: 60', 'limit: 6', 'breaking'],
  [
    'a body may be smaller',
    'upstream: users }',
    'upstream: users, maxBodySize: 1KiB }',
    'breaking',
  ],
  ['an optional property of a response is removed', ', age: { type: integer }', '', 'note'],
  [
    'a parameter is removed',
    '        - { name: limit, in: query, schema: { type: integer, maximum: 100 } }\n',
    '',
    'warning',
  ],
  ['no session is needed', 'security: [{ session: [] }]', 'security: []', 'warning'],
  [
    'an optional parameter is new',
    '      parameters:\n        - { name: sort',
    '      parameters:\n        - { name: shop, in: query, schema: { type: string } }\n        - { name: sort',
    'note',
  ],
  ['a value of a parameter is new', 'enum: [name, age]', 'enum: [name, age, city]', 'note'],
  ['the maximum of a parameter is higher', 'maximum: 100', 'maximum: 200', 'note'],
  [
    'a path is new',
    '  /reports:',
    "  /more:\n    get: { responses: { '200': { description: OK } } }\n  /reports:",
    'note',
  ],
  [
    'an optional property of a body is new',
    'NewUser:\n      type: object\n      properties: {',
    'NewUser:\n      type: object\n      properties: { city: { type: string },',
    'note',
  ],
  [
    'a property of a response is new',
    'properties: { id:',
    'properties: { city: { type: string }, id:',
    'note',
  ],
  ['a limit is higher', 'limit: 60', 'limit: 600', 'note'],
  ['only a text changes', 'description: Made', 'description: Created', 'none'],
];

describe('a change of the contract', () => {
  it.each(cases)(
    'is found, with its level: %s',
    async (_, from, to, level) => {
      expect(contract.split(from)).toHaveLength(2);
      const after = compiled(contract.replace(from, () => to));
      const [worst] = await compareContracts(compiled(contract), after);
      expect([worst?.level ?? 'none', worst?.text]).toEqual([level, worst?.text]);
    },
    300_000,
  );
});
