import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, parseDocument } from 'yaml';
import { createMatcher } from '../src/pipeline/match.ts';
import { loadContract } from '../testing/load-contract.ts';
import { compileContract } from './compile-contract.ts';
import { largeContract } from './testing/large-contract.ts';

interface ProblemCase {
  readonly problem: string;
  readonly from: string;
  readonly to: string;
  readonly says: readonly string[];
}

const testing = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'testing', name), 'utf8');

const contract = testing('contract.yaml');
const problemCases = parse(testing('problems.yaml')) as readonly ProblemCase[];

const compile = (text: string) =>
  compileContract(text, { file: 'gateway.yaml', runtime: '../src' });

const problemsIn = (text: string): readonly string[] => {
  const compilation = compile(text);
  return compilation.ok ? [] : compilation.problems;
};

describe('a contract with a problem', () => {
  it.each(problemCases)('is reported with its place: $problem', ({ from, to, says }) => {
    expect(contract.split(from)).toHaveLength(2); // The text to replace occurs exactly once.
    expect(problemsIn(contract.replace(from, () => to))).toEqual(
      says.map((problem) => `gateway.yaml:${problem}`),
    );
  });

  it('has every problem reported at once, in the order of the file', () => {
    const text = contract
      .replace('per: [ip]', 'per: client')
      .replace('upstream: users }', 'upstream: orders }')
      .replace('maxLength: 20', 'maxLength: -1');
    expect(problemsIn(text).map((problem) => problem.split('  ')[0])).toEqual([
      'gateway.yaml:9:21',
      'gateway.yaml:23:30',
      'gateway.yaml:37:42',
    ]);
  });

  it.each<[problem: string, text: string, expected: string]>([
    ['nothing at all', '', '1:1  the document must be an object'],
    ['a list', '- a', '1:1  the document must be an object'],
    ['a tab', 'openapi: 3.1.0\n\tinfo: {}', '2:1  Tabs are not allowed as indentation'],
    ['a key twice', 'info: {}\npaths: {}\ninfo: {}', '3:1  Map keys must be unique'],
    ['an alias to nothing', 'info: *other', '1:7  the alias *other has no anchor &other before it'],
    [
      'a bracket left open',
      'info: [',
      '1:8  Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ])('is named in its syntax: %s', (_, text, expected) => {
    expect(problemsIn(text)).toContain(`gateway.yaml:${expected}`);
  });

  it('is found behind an alias, at its own position', () => {
    const text = contract
      .replace('visitor: {', 'visitor: &base {')
      .replace('member: { per: [caller], limit: 20, window: 60s, burst: 30 }', 'member: *base')
      .replace('limit: 10', 'limit: 0');
    expect(problemsIn(text)).toEqual(['gateway.yaml:9:40  "limit" must be >= 1']);
  });

  it('does not blow up with aliases of aliases', () => {
    const bomb = Array.from(
      { length: 9 },
      (_, level) =>
        `x-${level}: &a${level} [${Array(9)
          .fill(level === 0 ? 'lol' : `*a${level - 1}`)
          .join(', ')}]`,
    ).join('\n');
    const problem = 'gateway.yaml:1:1  its aliases stand for more than 8,388,608 values';
    expect(problemsIn(bomb)).toEqual([expect.stringContaining(problem)]);
    expect(problemsIn('info: &a { title: *a }')).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ['YAML', `info: ${'{ a: '.repeat(600)}1${' }'.repeat(600)}`],
    ['JSON', `{"info":${'['.repeat(600)}${']'.repeat(600)}}`],
  ])('is one problem if %s is nested too deeply', (_, text) => {
    expect(problemsIn(text)).toEqual([expect.stringContaining('nesting exceeded maxDepth (500)')]);
  });
});

describe('a contract with any value exchanged', () => {
  const places: Array<readonly string[]> = [];
  const visit = (value: unknown, path: readonly string[]): void => {
    if (path.length > 0) places.push(path);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) visit(child, [...path, key]);
  };
  visit(parse(contract), []);

  it('compiles or is refused in words', () => {
    const reference = fc.constant({ $ref: '#/components/schemas/User' });
    const junk = fc.oneof(fc.jsonValue({ maxDepth: 1 }), reference);
    fc.assert(
      fc.property(fc.constantFrom(...places), junk, (path, value) => {
        const document = parseDocument(contract);
        document.setIn(path, value);
        for (const problem of problemsIn(document.toString())) {
          expect(problem).toMatch(/^gateway\.yaml:\d+:\d+ {2}\S/);
          expect(problem).not.toMatch(/undefined|\[object/);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a route that more callers may use than one that it surrounds', () => {
  const withRoutes = (...operations: ReadonlyArray<readonly [path: string, security: string]>) =>
    compile(
      contract.replace(
        'paths:\n',
        () =>
          `paths:\n${operations
            .map(
              ([path, security]) =>
                `  ${path}:\n    get: { security: ${security}, x-postern: { upstream: users }, parameters: [${[
                  ...path.matchAll(/\{(\w+)/g),
                ]
                  .map(([, name]) => `{ name: ${name}, in: path, required: true, schema: {} }`)
                  .join(', ')}] }\n`,
            )
            .join('')}`,
      ),
    );
  const warningsOf = (compilation: ReturnType<typeof compile>): readonly string[] =>
    compilation.ok ? compilation.warnings : compilation.problems;

  it.each<[wide: string, narrow: string, wideSecurity: string, narrowSecurity: string]>([
    ['/a/{rest+}', '/a/b/c', '[]', '[{ session: [] }]'],
    ['/a/{rest+}', '/a/{id}', '[{ session: [] }]', '[{ session: [user] }]'],
    ['/a/{id}', '/a/me', '[{ session: [user] }, { session: [admin] }]', '[{ session: [admin] }]'],
    ['/a/{id}/c', '/a/b/c', '[{ session: [user] }]', '[{ session: [admin] }]'],
    ['/{rest+}', '/a', '[]', '[{ session: [admin] }]'],
  ])('is warned of: %s around %s, %s and %s', (wide, narrow, wideSecurity, narrowSecurity) => {
    const routes = [
      [narrow, narrowSecurity],
      [wide, wideSecurity],
    ] as const;
    expect(warningsOf(withRoutes(...routes)).filter((text) => text.includes(narrow))).toEqual([
      expect.stringMatching(/^gateway\.yaml:16:5 {2}warning "GET /),
    ]);
  });

  it.each<[wide: string, narrow: string, wideSecurity: string, narrowSecurity: string]>([
    ['/a/{rest+}', '/a/b', '[{ session: [user] }]', '[{ session: [user] }, { session: [admin] }]'],
    ['/a/{rest+}', '/a/b', '[{ session: [admin] }]', '[]'],
    ['/a/{rest+}', '/a/b', '[{ session: [] }]', '[{ session: [] }]'],
    ['/a/{rest+}', '/b/c', '[]', '[{ session: [] }]'],
    ['/a/{rest+}', '/a', '[]', '[{ session: [] }]'],
    ['/a/{id}', '/a/b/c', '[]', '[{ session: [] }]'],
    ['/a/b', '/a/{id}', '[]', '[{ session: [] }]'],
  ])('is not seen in %s beside %s, %s and %s', (wide, narrow, wideSecurity, narrowSecurity) => {
    expect(warningsOf(withRoutes([narrow, narrowSecurity], [wide, wideSecurity]))).toEqual([]);
  });

  it('is seen among operations of one method alone', () => {
    const text = contract.replace(
      '  /users/{user_id}:',
      '  /users/me:\n    post: { security: [{ session: [] }], x-postern: { upstream: users } }\n  /users/{user_id}:',
    );
    expect(compile(text)).toMatchObject({ ok: true, warnings: [] });
  });

  it('says who may call which', () => {
    expect(
      warningsOf(withRoutes(['/a/me', '[{ session: [admin] }]'], ['/a/{id}', '[{ session: [] }]'])),
    ).toEqual([
      'gateway.yaml:16:5  warning "GET /a/{id}" admits any session, and "GET /a/me", whose paths are among its own, admin: a service that reads paths in another way serves it to all of them — give both the same "security", or take them apart',
    ]);
  });
});

describe('what cannot be checked', () => {
  it.each([
    [
      'an unknown format',
      'maxLength: 20',
      'format: color',
      '37:39  warning the format "color" is unknown and not checked',
    ],
    [
      'a misspelt format',
      'maxLength: 20',
      'format: emial',
      '37:39  warning the format "emial" is unknown and not checked — did you mean "email"?',
    ],
    [
      'a pattern that JavaScript does not understand',
      'maxLength: 20',
      "pattern: '['",
      '37:40  warning "pattern" is no regular expression of JavaScript: Unterminated character class; it is not checked',
    ],
    [
      'a list of lists as a parameter',
      'schema: { type: string } }',
      'schema: { anyOf: [{ type: array, items: { type: array } }, { type: "null" }] } }',
      '32:64  warning a list of objects or lists has no form in the style "simple", so it is not checked',
    ],
    [
      'a header that OpenAPI describes elsewhere',
      '    get:',
      '      - { name: Authorization, in: header, schema: { type: string } }\n    get:',
      '16:17  warning the header "Authorization" is no parameter: OpenAPI describes it elsewhere, so it is not checked',
    ],
    [
      'a parameter as another media type than JSON',
      'schema: { type: string } }',
      'content: { text/csv: { schema: { type: string } } } }',
      '32:79  warning the schema of a parameter as "text/csv" is not checked',
    ],
    [
      'a schema of a body that is not JSON',
      'application/json:',
      'text/plain:',
      '27:13  warning a schema of "text/plain" is not checked: of such a body, only the media type is',
    ],
  ])('is a warning: %s', (_, from, to, expected) => {
    expect(compile(contract.replace(from, to))).toMatchObject({
      ok: true,
      warnings: [`gateway.yaml:${expected}`],
    });
  });
});

describe('a header parameter', () => {
  const withHeader = (name: string) =>
    compile(
      contract.replace(
        "- $ref: '#/components/parameters/UserId'",
        (reference) =>
          `${reference}\n      - { name: ${name}, in: header, schema: { type: string } }`,
      ),
    );

  it.each(['X-Request-Id', 'X-User-Id', 'TE', 'X-Forwarded-For', 'Connection'])(
    'is warned of once where the service does not get it: %s',
    (name) => {
      expect(withHeader(name)).toMatchObject({
        ok: true,
        warnings: [
          `gateway.yaml:16:17  warning the header "${name.toLowerCase()}" does not reach the service: the gateway drops it or sends its own — leave the parameter out`,
        ],
      });
    },
  );

  it.each(['X-Level', 'If-Match', 'Idempotency-Key'])('may be %s', (name) => {
    expect(withHeader(name)).toMatchObject({ ok: true, warnings: [] });
  });
});

describe('a pattern that cannot be matched in linear time', () => {
  it('names the largest length with which it would be accepted', () => {
    const pattern = "pattern: '^(?!x)\\S+@\\S+\\.\\S+$', maxLength: 256";
    // The attack that is found, and with it the length, depends on the time that is given to the search.
    expect(problemsIn(contract.replace('maxLength: 20', () => pattern))).toEqual([
      expect.stringMatching(
        /:37:40 {2}"pattern" takes time that grows with the length to the power of \d, on texts such as .*write "maxLength: \d+" beside it$/,
      ),
    ]);
  });
});

describe('a document that is not only a contract', () => {
  const warningsIn = (...changes: ReadonlyArray<readonly [from: string, to: string]>) => {
    const compilation = compile(
      changes.reduce((text, [from, to]) => text.replace(from, () => to), contract),
    );
    return compilation.ok
      ? compilation.warnings.map((warning) => warning.replace('gateway.yaml:', ''))
      : compilation.problems;
  };

  it.each<[what: string, from: string, to: string, warning: string]>([
    [
      'a misspelt key of an operation',
      'operationId: getUser',
      'operationid: getUser',
      '17:7  warning unknown key "operationid" — did you mean "operationId"?',
    ],
    [
      'a misspelt key of a schema',
      'maxLength: 20',
      'maxLenght: 20',
      '37:31  warning unknown key "maxLenght" — did you mean "maxLength"?',
    ],
    [
      'a key that is like no other',
      'maxLength: 20',
      'colour: red',
      '37:31  warning unknown key "colour" — OpenAPI has none of this name here, and it has no effect',
    ],
    [
      'a scheme by which no session token is sent',
      'scheme: bearer',
      'scheme: Basic',
      '30:56  warning a session token is sent as "Authorization: Bearer" or in a cookie, and never by the scheme "Basic"',
    ],
    [
      'a mistake where the gateway reads nothing',
      "info: { title: Test, version: '1' }",
      'info: { title: Test, version: 1 }',
      '2:31  warning "version" must be a string',
    ],
    [
      'a mistake in a schema that no request is checked by',
      'components:\n',
      'components:\n  responses: { Gone: { description: Gone, headers: { X-A: { schema: { type: objekt } } } } }\n',
      '29:77  warning "type" cannot be "objekt" — did you mean "object"?',
    ],
    [
      'a reference to nothing where the gateway reads nothing',
      'components:\n',
      "components:\n  responses: { Gone: { $ref: '#/components/responses/None' } }\n",
      '29:30  warning "#/components/responses/None" refers to nothing — did you mean "#/components/responses/Gone"?',
    ],
    [
      'a keyword of OpenAPI 3.0 in a newer document',
      'maxLength: 20',
      'nullable: true',
      '37:31  warning "nullable" is read as in OpenAPI 3.0: in 3.1, "null" is one of the types, as in "type: [string, \'null\']"',
    ],
    [
      'a dialect of JSON Schema that is not known',
      'openapi: 3.1.0',
      'openapi: 3.1.0\njsonSchemaDialect: http://json-schema.org/draft-07/schema#',
      '2:20  warning "http://json-schema.org/draft-07/schema#" is a dialect that Postern does not know — schemas are read as JSON Schema 2020-12 with the keywords of OpenAPI',
    ],
    [
      'a schema of another dialect',
      'maxLength: 20',
      '$schema: urn:own',
      '37:40  warning "urn:own" is a dialect that Postern does not know — schemas are read as JSON Schema 2020-12 with the keywords of OpenAPI',
    ],
  ])('compiles with a warning of %s', (_, from, to, warning) => {
    expect(warningsIn([from, to])).toEqual([warning]);
  });

  it.each([
    'https://json-schema.org/draft/2020-12/schema',
    'https://spec.openapis.org/oas/3.1/dialect/base',
    'https://spec.openapis.org/oas/3.1/dialect/2024-11-10',
    'https://spec.openapis.org/oas/3.2/dialect/2025-09-17',
  ])('compiles without a warning with the dialect %s', (dialect) => {
    const changes = [
      ['openapi: 3.1.0', `openapi: 3.1.0\njsonSchemaDialect: ${dialect}`],
      ['maxLength: 20', `$schema: ${dialect}`],
    ] as const;
    expect(warningsIn(...changes)).toEqual([]);
  });

  it('compiles without a warning with every key that OpenAPI 3.2 defines', () => {
    expect(
      warningsIn(
        ['openapi: 3.1.0', `openapi: 3.2.0\n${testing('every-key.yaml')}`],
        [
          'components:\n',
          'components:\n  mediaTypes: { A: { schema: true } }\n  pathItems: { A: { get: { responses: {} } } }\n',
        ],
      ),
    ).toEqual([]);
  });

  describe('with security schemes of its own', () => {
    const schemes =
      'OAuth2: { type: oauth2, flows: { implicit: { authorizationUrl: https://a.example, scopes: { "read:pets": Read } } } }, key: { type: apiKey, in: query, name: key }, cert: { type: mutualTLS }';
    const text = contract.replace(
      'securitySchemes:\n',
      () => `securitySchemes:\n    ${schemes.replaceAll(/, (?=\w+: \{ type)/g, '\n    ')}\n`,
    );
    const accessWith = (security: string, mapping: string) => {
      const compilation = compile(
        text
          .replace('security: []', () => `security: ${security}`)
          .replace('  defaults:', () => `  securitySchemes: { ${mapping} }\n  defaults:`),
      );
      if (!compilation.ok) return compilation.problems;
      const route = compilation.routes.find(({ method }) => method === 'PUT');
      return [JSON.stringify(route?.access), ...compilation.warnings];
    };

    it.each<[security: string, mapping: string, access: string]>([
      [
        '[{ OAuth2: ["read:pets"] }]',
        'OAuth2: { session: {} }',
        '{"kind":"signed-in","alternatives":[{"session":["read:pets"]}]}',
      ],
      ['[{ OAuth2: ["read:pets"] }]', 'OAuth2: { open: true }', '{"kind":"public"}'],
      [
        '[{ key: [], session: [user] }]',
        'key: { open: true }',
        '{"kind":"signed-in","alternatives":[{"session":["user"]}]}',
      ],
      [
        '[{ key: [] }, { cert: [] }]',
        'key: { open: true }, cert: { open: true }',
        '{"kind":"public"}',
      ],
      ['[{}]', 'key: { open: true }', '{"kind":"public"}'],
    ])('lets callers in by %s, where %s', (security, mapping, access) => {
      expect(accessWith(security, mapping)).toEqual([access]);
    });

    it.each(['[{ session: [] }, {}]', '[{ session: [] }, { key: [] }]'])(
      'warns that %s lets every caller in',
      (security) => {
        expect(accessWith(security, 'key: { open: true }')).toEqual([
          '{"kind":"public"}',
          'gateway.yaml:23:35  warning callers need not sign in here, so the gateway verifies no credentials and names no caller to the upstream',
        ]);
      },
    );

    it('has one problem for each scheme that is not mapped, and none for schemes that nothing names', () => {
      const twice = text.replaceAll(/security: \[.*\]/g, 'security: [{ OAuth2: [] }, { key: [] }]');
      expect(problemsIn(twice)).toEqual([
        expect.stringMatching(
          /^gateway\.yaml:30:5 .* by "OAuth2" — .* such as "x-postern: \{ jwt: /,
        ),
        expect.stringMatching(/^gateway\.yaml:31:5 .* by "key" — add a sign-in method to it/),
      ]);
    });

    it('has one problem if several operations do not say who may call', () => {
      expect(problemsIn(contract.replaceAll(/ *security: \[.*\]\n/g, ''))).toEqual([
        expect.stringMatching(
          /^gateway\.yaml:12:1  nothing says who may call GET \/users\/\{user_id\} and 1 more operation — add /,
        ),
      ]);
    });
  });

  it('compiles paths as requests have them, with parameters that are parts of segments', async () => {
    const paths = [
      '/files/{id}.json/',
      '/compare/{base}...{head}',
      '/caf%C3%A9/{user.name}',
      '/me/Fn(a={a},b={b})',
    ];
    const parametersOf = (path: string) =>
      Array.from(path.matchAll(/\{(.*?)\}/g), ([, name = '']) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      }));
    const added = paths.map((path) => {
      const operation = {
        parameters: parametersOf(path),
        security: [],
        'x-postern': { upstream: 'users' },
      };
      return `  ${JSON.stringify(path)}: ${JSON.stringify({ get: operation })}\n`;
    });
    const text = contract.replace('components:', `${added.join('')}components:`);
    const { routes, segmentTemplate } = await loadContract(text);
    const match = createMatcher(routes, segmentTemplate);
    const paramsOf = (path: string) => {
      const result = match('GET', path.split('/').slice(1));
      return result.kind === 'match' ? result.match.params : undefined;
    };
    expect(paramsOf('/files/7.json')).toEqual({ id: '7' });
    expect(paramsOf('/compare/a...b')).toEqual({ base: 'a', head: 'b' });
    expect(paramsOf('/caf\u00e9/alice')).toEqual({ 'user.name': 'alice' });
    expect(paramsOf('/me/Fn(a=1,b=2)')).toEqual({ a: '1', b: '2' });
    expect((await loadContract(contract)).segmentTemplate).toBeUndefined();
  });

  it('compiles with a warning of a path that no request can have', () => {
    const added = ['/a#first', '/a?x=1'].map((path) => `  ${path}: { get: {} }\n`);
    expect(warningsIn(['components:', `${added.join('')}components:`])).toEqual([
      `28:3  warning "/a#first" has no route: a request's path ends before the #`,
      `29:3  warning "/a?x=1" has no route: a request's path ends before the ?`,
    ]);
  });

  it('compiles a path item that is a reference, and warns of methods without a route', () => {
    const components = `components:
  pathItems:
    Things:
      trace: {}
      query: {}
      additionalOperations: { COPY: {} }
      get: { security: [], operationId: things, x-postern: { upstream: users } }
`;
    const compilation = compile(
      contract
        .replace('openapi: 3.1.0', 'openapi: 3.2.0')
        .replace(
          'components:\n',
          () => `  /things: { $ref: '#/components/pathItems/Things' }\n${components}`,
        ),
    );
    expect(compilation).toMatchObject({
      ok: true,
      routes: expect.arrayContaining([expect.objectContaining({ id: 'GET /things' })]) as unknown,
      warnings: [
        ['TRACE', '32:7'],
        ['QUERY', '33:7'],
        ['COPY', '34:31'],
      ].map(
        ([method, place]) =>
          `gateway.yaml:${place}  warning "${method} /things" has no route: the gateway has none for this method`,
      ),
    });
  });

  it('reads the media type of a body without its parameters', async () => {
    const { routes } = await loadContract(
      contract.replace('application/json:', 'Application/JSON; charset=utf-8:'),
    );
    const { validate } = routes.find(({ method }) => method === 'PUT') ?? {};
    const violations = validate?.({
      params: { user_id: 'a' },
      query: '',
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from('{"name":1}'),
    });
    expect(violations).toHaveLength(1);
  });

  it('ignores an empty enum with a warning', () => {
    expect(warningsIn(['maxLength: 20', 'enum: []'])).toEqual([
      '37:31  warning "enum" is empty, and ignored: it would refuse every value',
    ]);
  });

  it('is refused before it is parsed if it has more than 16 MiB', () => {
    expect(problemsIn(`${contract}# ${'x'.repeat(17 * 1_048_576)}`)).toEqual([
      'gateway.yaml:1:1  the file has 17.0 MiB, and at most 16 MiB are read — keep one document for each service, and name them in x-postern.apis',
    ]);
  });

  it('has no route for webhooks, and may have nothing else', () => {
    const text = contract.replace(
      /paths:[^]*components:/,
      'webhooks: { a: { post: {} } }\ncomponents:',
    );
    expect(compile(text)).toMatchObject({
      ok: true,
      routes: [
        { id: 'GET /health' },
        { id: 'GET /health/ready' },
        { id: 'GET /openapi.json' },
        { id: 'GET /openapi.yaml' },
      ],
    });
  });

  describe('as OpenAPI 3.0', () => {
    const asVersion30 = (schema: string) =>
      loadContract(
        contract
          .replace('openapi: 3.1.0', 'openapi: 3.0.3')
          .replace('{ type: string, maxLength: 20 }', schema),
      );
    const accepts = async (schema: string, value: unknown): Promise<boolean> => {
      const { routes } = await asVersion30(schema);
      const { validate } = routes.find(({ method }) => method === 'PUT') ?? {};
      const violations = validate?.({
        params: { user_id: 'a' },
        query: '',
        headers: { 'content-type': 'application/json' },
        cookies: [],
        body: Buffer.from(JSON.stringify({ name: value })),
      });
      return violations?.length === 0;
    };

    it.each<[schema: string, valid: unknown, invalid: unknown]>([
      ['{ type: string, nullable: true }', null, 1],
      ['{ type: string, nullable: false }', 'a', null],
      ['{ type: integer, minimum: 1, exclusiveMinimum: true }', 2, 1],
      ['{ type: integer, minimum: 1, exclusiveMinimum: false }', 1, 0],
      ['{ type: integer, maximum: 1, exclusiveMaximum: true }', 0, 1],
      [
        "{ $ref: '#/components/schemas/Name', maxLength: 1 }\n    Name: { type: string, maxLength: 2 }",
        'ab',
        'abc',
      ],
      [
        '{ type: object, properties: { nullable: { type: boolean }, example: { type: string } } }',
        { nullable: true },
        { example: 1 },
      ],
    ])('reads %s as 3.0 defines it', async (schema, valid, invalid) => {
      expect([await accepts(schema, valid), await accepts(schema, invalid)]).toEqual([true, false]);
    });

    it('is warned of at its own line and column, and published as 3.1', () => {
      const text = contract
        .replace('openapi: 3.1.0', 'openapi: 3.0.3')
        .replace(
          '{ type: string, maxLength: 20 }',
          '{ nullable: true, allOf: [{ type: string, maxLength: -1 }] }',
        )
        .replace(
          "schema: { $ref: '#/components/schemas/User' }",
          "schema: { maxLength: 1, $ref: '#/components/schemas/User' }",
        );
      expect(problemsIn(text)).toEqual(['gateway.yaml:37:68  "maxLength" must be >= 0']);
      expect(compile(text.replace('-1', '1'))).toMatchObject({
        openapi: { openapi: '3.1.1' },
        warnings: [
          'gateway.yaml:27:23  warning "maxLength" has no effect beside a $ref in OpenAPI 3.0',
          'gateway.yaml:37:17  warning "nullable" has no effect without "type" beside it',
        ],
      });
    });
  });
});

describe('a contract', () => {
  it('compiles to the same text every time, and runs without `require` or a compiler', () => {
    const first = compile(contract);
    expect(compile(contract)).toEqual(first);
    expect(JSON.stringify(first)).not.toMatch(/require\(|new Function|eval\(/);
  });

  const moduleOf = (text: string): string => {
    const compilation = compile(text);
    return compilation.ok
      ? (compilation.modules['contract.js'] ?? '')
      : compilation.problems.join('\n');
  };
  const withFailureLimit = (value: string): string =>
    moduleOf(contract.replace('  defaults:', `  failureLimit: ${value}\n  defaults:`));

  it.each([
    ['100 failures a minute unless set', moduleOf(contract), 100, 60, 100],
    ['its own where set', withFailureLimit('{ limit: 7, window: 5s, burst: 9 }'), 7, 5, 9],
    ['a burst of the limit', withFailureLimit('{ limit: 7 }'), 7, 60, 7],
  ])('limits failures by address: %s', (_, module, limit, windowSeconds, burst) => {
    const rule = { name: 'failure_limit', per: ['ip'], limit, windowSeconds, burst };
    expect(module).toContain(`failureLimit(${JSON.stringify(rule).slice(0, -1)},`);
  });

  describe('the stores that the compiled contract imports', () => {
    const storesOf = (text: string): readonly string[] => {
      const compilation = compile(text);
      if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
      const { 'contract.js': code = '' } = compilation.modules;
      return code.match(/(?<=\/stores\/)\w+/g) ?? [];
    };
    const unlimited = contract
      .replace('rateLimits: [visitor]', 'rateLimits: []')
      .replace(', rateLimits: [member]', '');
    const withoutFailureLimit = (text: string): string =>
      text.replace('version: 1', 'version: 1\n  failureLimit: false');

    it.each([
      ['of a contract with limits and sessions are both', contract, ['buckets', 'sessions']],
      ['need no limit but that of failures to have buckets', unlimited, ['buckets', 'sessions']],
      ['are no buckets if nothing is limited', withoutFailureLimit(unlimited), ['sessions']],
      [
        'are none if nothing is limited and every route is public',
        withoutFailureLimit(unlimited).replace('security: [{ session: [user] }]', 'security: []'),
        [],
      ],
    ])('%s', (_, text, stores) => {
      expect(storesOf(text)).toEqual(stores);
    });
  });

  it('imports nothing for a failure limit that is off', () => {
    expect(withFailureLimit('false')).not.toMatch(/failure-limit|failureLimit/);
  });

  it('may have more request schemas than ajv’s own numbered names', async () => {
    const { routes } = await loadContract(largeContract({ schemas: 60, routes: 60 }));
    expect(routes.filter(({ validate }) => validate !== undefined)).toHaveLength(60);
  });

  describe('says of an operation what the nearest says, as a whole:', () => {
    const target = { kind: 'http' };
    const withPath = (section: string, of = contract): string =>
      of.replace('  /users/{user_id}:', (path) => `${path}\n    x-postern: ${section}`);
    const putIn = async (text: string) => {
      const { routes } = await loadContract(text);
      return routes.find(({ id }) => id.startsWith('PUT '));
    };
    const withoutTimeout = contract.replace(', timeout: 5s', '');
    const withDefaults = (section: string): string =>
      withoutTimeout.replace('{ rateLimits: [visitor] }', `{ rateLimits: [visitor], ${section} }`);

    it.each<[what: string, text: string, expected: object]>([
      ['limits of its path', withPath('{ rateLimits: [] }'), { rateLimits: [] }],
      [
        'a body size of its path',
        withPath('{ maxBodySize: 2KiB }', withDefaults('maxBodySize: 4KiB')),
        { maxBodyBytes: 2_048 },
      ],
      ['a body size of the defaults', withDefaults('maxBodySize: 0B'), { maxBodyBytes: 0 }],
      [
        'a rewrite of its path',
        withPath("{ rewrite: '/v2/{user_id}' }"),
        { target: { ...target, upstream: 'users', rewrite: '/v2/{user_id}', timeoutMs: 5_000 } },
      ],
      [
        'an upstream of its path, where it names none',
        withPath(
          '{ upstream: order-book }',
          contract.replace('x-postern: { upstream: users }', 'x-postern: {}'),
        ),
        { target: { ...target, upstream: 'order-book', timeoutMs: 10_000 } },
      ],
      [
        'a timeout of its path',
        withPath('{ timeout: 2s }'),
        { target: { ...target, upstream: 'users', timeoutMs: 2_000 } },
      ],
      [
        'the timeout of its upstream, before that of the defaults',
        withDefaults('timeout: 3s').replace(
          'users: { http: {} }',
          'users: { http: {}, timeout: 4s }',
        ),
        { target: { ...target, upstream: 'users', timeoutMs: 4_000 } },
      ],
      [
        'the timeout of the defaults, where its upstream has none',
        withDefaults('timeout: 3s'),
        { target: { ...target, upstream: 'users', timeoutMs: 3_000 } },
      ],
    ])('%s', async (_, text, expected) => {
      expect(await putIn(text)).toMatchObject(expected);
    });

    it('several limits, in the order written, each key of a bucket in one order', async () => {
      const text = withPath(
        '{ rateLimits: [member, visitor] }',
        contract
          .replace('per: [caller]', 'per: [route, ip]')
          .replace('rateLimits: [member] }', 'rateLimits: [visitor] }'),
      );
      expect(await putIn(text)).toMatchObject({
        rateLimits: [
          { name: 'member', per: ['ip', 'route'] },
          { name: 'visitor', per: ['ip'] },
        ],
      });
    });
  });

  it('gives Terraform its upstreams, routes and limits', () => {
    expect(compile(contract)).toMatchObject({
      routes: [
        { id: 'GET /health' },
        { id: 'GET /health/ready' },
        { id: 'GET /openapi.json' },
        { id: 'GET /openapi.yaml' },
        { id: 'GET /users/{user_id}' },
        { id: 'PUT /users/{user_id}' },
      ],
      summary: {
        upstreams: ['users', 'order-book'],
        rate_limits: ['visitor', 'member'],
        cors: null,
        values: [],
      },
    });
  });

  const corsIn = (cors: string) =>
    compile(
      contract.replace(
        '{ rateLimits: [visitor] }',
        () => `{ rateLimits: [visitor], cors: ${cors} }`,
      ),
    );

  it('gives Terraform the CORS configuration and the names of required values', () => {
    expect(corsIn("{ allowOrigins: '${origins}' }")).toMatchObject({
      summary: {
        cors: {
          allow_origins: ['${origins}'],
          allow_methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
          allow_headers: ['authorization', 'content-type', 'idempotency-key'],
          expose_headers: ['ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id'],
          allow_credentials: false,
          max_age_seconds: 600,
        },
        values: ['origins'],
      },
    });
    const policy =
      "{ allowOrigins: [https://a.example, '${web}'], allowMethods: [GET], allowHeaders: [X-A], exposeHeaders: [], allowCredentials: true, maxAge: 1d }";
    expect(corsIn(policy)).toMatchObject({
      summary: {
        cors: {
          allow_origins: ['https://a.example', '${web}'],
          allow_methods: ['GET'],
          allow_headers: ['x-a'],
          expose_headers: [],
          allow_credentials: true,
          max_age_seconds: 86_400,
        },
        values: ['web'],
      },
    });
  });

  it('allows no other origins if cors is false', () => {
    expect(corsIn('false')).toMatchObject({ ok: true, summary: { cors: null, values: [] } });
  });
});
