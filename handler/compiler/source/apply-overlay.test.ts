import { describe, expect, it } from '@jest/globals';
import { compileFiles } from '../testing/compile-files.ts';

const files = {
  'gateway.yaml': `openapi: 3.1.0
info: { title: Shop, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} } }
  defaults: { rateLimits: [], upstream: users }
  apis:
    users: { document: users.yaml, overlays: [./overlays/gateway.yaml] }
security: []
`,
  'users.yaml': `openapi: 3.0.3
info: { title: Users, version: '7' }
paths:
  /users:
    get:
      tags: [a, b]
      parameters:
        - { name: q, in: query, schema: { type: string } }
        - { name: debug, in: query, schema: { type: string } }
        - { name: page, in: query, schema: { type: integer } }
      responses: { '200': { description: OK } }
    delete:
      responses: { '204': { description: Gone } }
  /users/{id}:
    get:
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
      responses: { '200': { description: OK } }
`,
  'overlays/gateway.yaml': '',
};

const compile = (actions: string, version = '1.0.0', changed: Partial<typeof files> = {}) =>
  compileFiles({
    ...files,
    ...changed,
    'overlays/gateway.yaml': `overlay: ${version}
info: { title: For the gateway, version: '1' }
actions:
${actions}`,
  });

const openapiOf = (actions: string, version?: string): unknown => {
  const compilation = compile(actions, version);
  return compilation.ok ? compilation.openapi : compilation.problems;
};

const problemsOf = (...given: Parameters<typeof compile>): readonly string[] => {
  const compilation = compile(...given);
  return compilation.ok ? [] : compilation.problems;
};

describe('an overlay', () => {
  it('merges its objects into those that it selects, and adds its values to lists', () => {
    const actions = `
  - target: $.paths['/users'].get
    update: { operationId: list, tags: [c], responses: { '200': { description: Users }, '404': { description: None } } }
  - target: $.paths.*.get.parameters
    update: { name: trace, in: query, schema: { type: boolean } }
`;
    expect(openapiOf(actions)).toMatchObject({
      paths: {
        '/users': {
          get: {
            operationId: 'list',
            tags: ['a', 'b', 'c'],
            responses: { 200: { description: 'Users' }, 404: { description: 'None' } },
            parameters: [{ name: 'q' }, { name: 'debug' }, { name: 'page' }, { name: 'trace' }],
          },
        },
        '/users/{id}': { get: { parameters: [{ name: 'id' }, { name: 'trace' }] } },
      },
    });
  });

  it('removes what it selects, such as operations and items of lists', () => {
    const actions = `
  - { target: "$.paths['/users'].delete", remove: true }
  - { target: "$.paths.*.*.parameters[?@.in == 'query' && @.name != 'q']", remove: true }
`;
    const openapi = openapiOf(actions);
    expect(openapi).toMatchObject({
      paths: { '/users': { get: { parameters: [{ name: 'q' }] } } },
    });
    expect(openapi).not.toHaveProperty(['paths', '/users', 'delete']);
  });

  it('of version 1.1 copies a part of the document', () => {
    const actions = `
  - { target: "$.paths['/users/{id}'].get.responses", copy: "$.paths['/users'].delete.responses" }
  - { target: "$.paths['/users'].get.tags[0]", update: z }
`;
    expect(openapiOf(actions, '1.1.0')).toMatchObject({
      paths: {
        '/users': { get: { tags: ['z', 'b'] } },
        '/users/{id}': { get: { responses: { 204: { description: 'Gone' } } } },
      },
    });
  });

  it('can give operations settings of the gateway', () => {
    const compilation = compile(`
  - { target: "$.paths['/users'].get", update: { x-postern: { maxBodySize: 0B }, security: [{ session: [] }] } }
`);
    expect(compilation).toMatchObject({
      ok: false,
      problems: [
        expect.stringMatching(/^overlays\/gateway\.yaml:5:95 {2}"session" is not declared/),
      ],
    });
  });

  it('is warned of where it selects nothing', () => {
    expect(compile(`  - { target: "$.paths['/user'].get", remove: true }\n`)).toMatchObject({
      ok: true,
      warnings: [
        `overlays/gateway.yaml:4:15  warning "$.paths['/user'].get" selects nothing in the document`,
      ],
    });
  });

  it('leaves the places of all other parts what they were', () => {
    const users = files['users.yaml'].replace('page, in: query', 'page, in: quary');
    const actions =
      "  - { target: \"$.paths['/users'].get.parameters[?@.name == 'debug']\", remove: true }\n";
    expect(problemsOf(actions, '1.0.0', { 'users.yaml': users })).toEqual([
      'users.yaml:10:29  "in" cannot be "quary" — did you mean "query"?',
    ]);
  });

  it.each<[problem: string, actions: string, says: string]>([
    [
      'a value that does not fit the contract',
      `  - { target: "$.paths['/users'].get", update: { x-postern: { timeout: 1h } } }`,
      'overlays/gateway.yaml:4:72  "timeout" is 1h; it can be from 10ms to 29s',
    ],
    [
      'an item that it adds to a list',
      `  - { target: "$.paths['/users'].get.parameters", update: { name: x, in: head, schema: {} } }`,
      'overlays/gateway.yaml:4:74  "in" cannot be "head" — known here: cookie, header, path, query, querystring',
    ],
    [
      'a target that is no JSONPath',
      '  - { target: "$.paths[", remove: true }',
      'overlays/gateway.yaml:4:15  "$.paths[" is not a JSONPath: unclosed bracketed selection (\'$.paths[\':8)',
    ],
    [
      'an action without a target',
      '  - { remove: true }',
      'overlays/gateway.yaml:4:5  an action must have a "target", a JSONPath such as "$.paths[\'/users\'].get"',
    ],
    [
      'an action that does nothing',
      '  - { target: $.info }',
      'overlays/gateway.yaml:4:5  an action must have one of "update", "remove: true" and "copy"',
    ],
    [
      'a misspelt key',
      '  - { target: $.info, updat: {} }',
      'overlays/gateway.yaml:4:23  unknown key "updat" — did you mean "update"?',
    ],
    [
      'an object in place of a text',
      `  - { target: "$.paths['/users'].get", update: { responses: { '200': { description: {} } } } }`,
      'overlays/gateway.yaml:4:85  an object cannot be merged with "OK" — remove that first, with an action of its own',
    ],
    [
      'the removal of everything',
      '  - { target: $, remove: true }',
      'overlays/gateway.yaml:4:15  the whole document cannot be removed',
    ],
    [
      'no actions',
      '  []',
      'overlays/gateway.yaml:4:3  "actions" must be a list of at least one action',
    ],
  ])('has a problem at its own place: %s', (_, actions, says) => {
    expect(problemsOf(`${actions}\n`)).toEqual([says]);
  });

  it('of another version is refused', () => {
    expect(problemsOf('  - { target: $.info, update: {} }\n', '2.0.0')).toEqual([
      'overlays/gateway.yaml:1:10  "overlay" must be 1.0.0 or 1.1.0, the versions of OpenAPI Overlay',
    ]);
  });
});
