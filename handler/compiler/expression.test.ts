import { describe, expect, it } from '@jest/globals';
import type { Access } from '../src/contract.ts';
import { upgradeOpenapi } from './upgrade-openapi.ts';
import type { PlannedRoute } from './contract-part.ts';
import { checkShape } from './check-shape.ts';
import { expressionReader, jsonTexts, parseExpression } from './expression.ts';
import { planOperations } from './plan-operations.ts';
import type { Path } from './problem.ts';

const operation = {
  parameters: [
    { name: 'page', in: 'query', schema: { type: 'integer' } },
    { $ref: '#/components/parameters/Tenant' },
  ],
  requestBody: { content: { 'application/json': {} } },
  responses: {},
};

const contract = {
  openapi: '3.1.0',
  info: { title: 'Test', version: '1' },
  'x-postern': { version: 1, defaults: { rateLimits: [] } },
  paths: {
    '/users/{user_id}/{rest+}': { put: operation, get: { responses: {} } },
  },
  components: { parameters: { Tenant: { name: 'X-Tenant', in: 'header', schema: {} } } },
};

const signedIn: Access = { kind: 'signed-in', alternatives: [{}] };

const read = (
  value: unknown,
  { access = signedIn, method = 'put' }: { access?: Access; method?: string } = {},
) => {
  const ignore = () => undefined;
  const document = checkShape(upgradeOpenapi(contract, ignore), ignore, ignore);
  const planned = planOperations(document, ignore, ignore).find((each) => each.method === method);
  const problems: [Path, string][] = [];
  const route = {
    plan: { id: planned?.id, access },
    operation: planned,
  } as unknown as PlannedRoute;
  const reader = expressionReader(document, route, (path, message) =>
    problems.push([path, message]),
  );
  const template = reader.json(value, ['body']);
  return { template, problems };
};

describe('a string of the contract', () => {
  it.each([
    ['$request.path.user_id', { from: ['path', 'user_id'] }],
    ['$request.path.rest', { from: ['path', 'rest'] }],
    ['$request.query.page', { from: ['query', 'page'] }],
    ['$request.header.X-TENANT', { from: ['header', 'x-tenant'] }],
    ['$request.header.content-type', { from: ['header', 'content-type'] }],
    ['$request.body', { from: ['body'] }],
    ['$request.body#', { from: ['body'] }],
    ['$request.body#/', { from: ['body', ''] }],
    ['$request.body#/a~1b/~0/0', { from: ['body', 'a/b', '~', '0'] }],
    ['$request.id', { from: ['id'] }],
    ['$caller.id', { from: ['caller'] }],
    ['$caller.claims#/tenant', { from: ['claims', 'tenant'] }],
    ['$method', { from: ['method'] }],
    ['{$method}', { from: ['method'] }],
    [
      'user-{$request.path.user_id}/{$method}!',
      { text: ['user-', ['path', 'user_id'], '/', ['method'], '!'] },
    ],
    ['plain', { is: 'plain' }],
    ['', { is: '' }],
    ['$5.00', { is: '$5.00' }],
    ['${region}', { is: '${region}' }],
    ['{region}', { is: '{region}' }],
    [['a', 1], { is: ['a', 1] }],
    [['$method', null], { items: [{ from: ['method'] }, { is: null }] }],
    [
      { a: { b: '$method' }, c: 1 },
      {
        members: [
          ['a', { members: [['b', { from: ['method'] }]] }],
          ['c', { is: 1 }],
        ],
      },
    ],
  ])('%j is read as %j', (value, template) => {
    expect(read(value)).toEqual({ template, problems: [] });
  });

  it.each([
    ['$request.path.user_ids', '"user_ids" is no path parameter', 'did you mean "user_id"?'],
    ['$request.query.pag', '"pag" is no query parameter', 'did you mean "page"?'],
    ['$request.header.x-tenent', '"x-tenent" is no header parameter', 'mean "x-tenant"?'],
    ['$request.header.authorization', 'the gateway reads the header "authorization" itself', ''],
    ['$request.header.x-user-id', 'lets no client send it', ''],
    ['$request.header.a b', '"a b" is not the name of a header', ''],
    ['$reqest.path.user_id', 'unknown expression', 'did you mean "$request.path"?'],
    ['$request.cookie.a', 'unknown expression', ''],
    ['$request.path', 'unknown expression', ''],
    ['$constructor', 'unknown expression', ''],
    ['$response.body#/id', 'nothing of the response is known here', ''],
    ['$statusCode', 'nothing of the response is known here', ''],
    ['$request.body#id', '"id" is not a JSON Pointer', ''],
    ['$request.body#/~2', '"/~2" is not a JSON Pointer', ''],
    ['a{$method', 'begins with {$ and ends with }', ''],
    ['a{$methd}', 'unknown expression', 'did you mean "$method"?'],
  ])('%s is a problem', (value, ...said) => {
    const { problems } = read({ to: [value] });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.[0]).toEqual(['body', 'to', 0]);
    for (const text of said) expect(problems[0]?.[1]).toContain(text);
  });

  it('cannot refer to the caller of a public route', () => {
    const { problems } = read('$caller.id', { access: { kind: 'public' } });
    expect(problems[0]?.[1]).toContain('is public: it has no caller');
  });

  it('cannot refer to the body of an operation that declares none', () => {
    const { problems } = read('$request.body#/id', { method: 'get' });
    expect(problems[0]?.[1]).toContain('has no JSON body — declare its "requestBody"');
  });

  it('has its texts found for values of the environment', () => {
    const { template } = read({ a: ['${one}-{$method}', '${two}'], b: ['${three}'] });
    expect(jsonTexts(template)).toEqual(['${one}-', '${two}', '${three}']);
  });
});

it('an expression is read the same, alone and in a text', () => {
  expect(parseExpression('$request.query.a.b[c]')).toEqual({ expression: ['query', 'a.b[c]'] });
});
