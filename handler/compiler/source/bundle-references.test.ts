import { describe, expect, it } from '@jest/globals';
import { compileFiles } from '../testing/compile-files.ts';

const head = `
openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} } }
  defaults: { rateLimits: [], upstream: users }
security: []
`;

const userFile = `
User:
  type: object
  properties:
    name: { type: string }
    address: { $ref: 'address.yaml' }
    boss: { $ref: '#/User' }
`;

const files = {
  'gateway.yaml': `${head}
paths:
  /users:
    $ref: './paths/users.yaml'
  /users/{id}:
    parameters:
      - $ref: 'common.yaml#/parameters/Id'
    put:
      requestBody:
        content:
          application/json:
            schema: { $ref: './schemas/user.yaml#/User' }
      responses:
        '200': { $ref: 'common.yaml#/responses/Ok' }
components:
  schemas:
    Team: { $ref: './schemas/team.json' }
`,
  'paths/users.yaml': `
get:
  operationId: listUsers
  responses: { '200': { $ref: '../common.yaml#/responses/Ok' } }
post:
  requestBody:
    content: { application/json: { schema: { $ref: '../schemas/user.yaml#/User' } } }
  responses: { '200': { $ref: '../common.yaml#/responses/Ok' } }
`,
  'common.yaml': `
parameters:
  Id: { name: id, in: path, required: true, schema: { type: string } }
responses:
  Ok: { description: OK }
`,
  'schemas/user.yaml': userFile,
  'schemas/address.yaml': 'type: object\nproperties: { city: { type: string, maxLength: 40 } }\n',
  'schemas/team.json':
    '{ "type": "object", "properties": { "members": { "type": "array", "items": { "$ref": "user.yaml#/User" } } } }',
};

const openapiOf = (changed: Readonly<Record<string, string>> = {}): unknown => {
  const compilation = compileFiles({ ...files, ...changed });
  return compilation.ok ? compilation.openapi : compilation.problems;
};

const problemsOf = (changed: Readonly<Record<string, string>>): readonly string[] => {
  const compilation = compileFiles({ ...files, ...changed });
  return compilation.ok ? [] : compilation.problems;
};

describe('a reference to another file', () => {
  it('becomes one component with the name that it has there, whichever files refer to it', () => {
    const user = { $ref: '#/components/schemas/User' };
    const ok = { $ref: '#/components/responses/Ok' };
    const content = { 'application/json': { schema: user } };
    expect(openapiOf()).toMatchObject({
      paths: {
        '/users': {
          get: { operationId: 'listUsers', responses: { 200: ok } },
          post: { requestBody: { content }, responses: { 200: ok } },
        },
        '/users/{id}': {
          parameters: [{ $ref: '#/components/parameters/Id' }],
          put: { requestBody: { content }, responses: { 200: ok } },
        },
      },
      components: {
        schemas: {
          Team: { properties: { members: { type: 'array', items: user } } },
          User: { properties: { address: { $ref: '#/components/schemas/address' }, boss: user } },
          address: { properties: { city: { maxLength: 40 } } },
        },
        parameters: { Id: { name: 'id' } },
        responses: { Ok: { description: 'OK' } },
      },
    });
  });

  it('gets a number where its name is taken by something else', () => {
    const gateway = files['gateway.yaml'].replace('schemas:\n', 'schemas:\n    User: {}\n');
    expect(openapiOf({ 'gateway.yaml': gateway })).toMatchObject({
      components: { schemas: { User: {}, User_2: { type: 'object' } } },
    });
  });

  it('may stand for all schemas at once', () => {
    const gateway = files['gateway.yaml']
      .replace(/components:[^]*/, "components: { schemas: { $ref: './schemas/user.yaml' } }")
      .replace('./schemas/user.yaml#/User', '#/components/schemas/User');
    expect(openapiOf({ 'gateway.yaml': gateway })).toMatchObject({
      components: { schemas: { User: { type: 'object' }, address: { type: 'object' } } },
    });
  });

  it('keeps what stands beside it at a path', () => {
    const beside =
      "$ref: './paths/users.yaml'\n    x-postern: { request: { undeclaredBody: true } }";
    const gateway = files['gateway.yaml'].replace("$ref: './paths/users.yaml'", beside);
    expect(problemsOf({ 'gateway.yaml': gateway })).toEqual([
      expect.stringMatching(/^gateway\.yaml:13:45 {2}"undeclaredBody" cannot be true/),
    ]);
  });

  it('is followed in the mapping of a discriminator', () => {
    const gateway = files['gateway.yaml'].replace(
      'schemas:\n',
      "schemas:\n    Pet: { discriminator: { propertyName: kind, mapping: { a: './schemas/user.yaml#/User', b: Team } } }\n",
    );
    expect(openapiOf({ 'gateway.yaml': gateway })).toMatchObject({
      components: {
        schemas: {
          Pet: { discriminator: { mapping: { a: '#/components/schemas/User', b: 'Team' } } },
        },
      },
    });
  });

  it.each<[problem: string, file: keyof typeof files, from: string, to: string, says: string]>([
    [
      'a mistake in the file that it leads to',
      'schemas/address.yaml',
      'maxLength: 40',
      'maxLength: -1',
      'schemas/address.yaml:2:48  "maxLength" must be >= 0',
    ],
    [
      'a file that is not there',
      'schemas/user.yaml',
      "'address.yaml'",
      "'adress.yaml'",
      'schemas/user.yaml:6:22  "schemas/adress.yaml" cannot be read: there is no such file',
    ],
    [
      'a key that is not there',
      'paths/users.yaml',
      'user.yaml#/User',
      'user.yaml#/Usr',
      'paths/users.yaml:7:52  "../schemas/user.yaml#/Usr" refers to nothing — did you mean "User"?',
    ],
    [
      'a URL',
      'schemas/user.yaml',
      "'address.yaml'",
      "'https://example.com/address.yaml'",
      'schemas/user.yaml:6:22  "https://example.com/address.yaml" is a URL: only files of the project are read, so that the same commit always results in the same gateway — save a copy in the project and name the copy',
    ],
    [
      'a file outside the project',
      'schemas/user.yaml',
      "'address.yaml'",
      "'../../etc/address.yaml'",
      'schemas/user.yaml:6:22  "../../etc/address.yaml" is outside the project folder: only files of the project are read — copy it into the project and name the copy, with a path relative to this file',
    ],
    [
      'an absolute path',
      'schemas/user.yaml',
      "'address.yaml'",
      '/etc/passwd',
      'schemas/user.yaml:6:22  "/etc/passwd" is outside the project folder: only files of the project are read — copy it into the project and name the copy, with a path relative to this file',
    ],
    [
      'a file that is not YAML',
      'schemas/address.yaml',
      'type: object',
      'type: [',
      'schemas/address.yaml:2:1  Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'paths that lead back to themselves',
      'paths/users.yaml',
      'get:',
      "$ref: './users.yaml'\nget:",
      'paths/users.yaml:2:7  "./users.yaml" leads back to itself',
    ],
  ])('is a problem in the file that it is in: %s', (_, file, from, to, says) => {
    expect(problemsOf({ [file]: files[file].replace(from, () => to) })).toContain(says);
  });
});
