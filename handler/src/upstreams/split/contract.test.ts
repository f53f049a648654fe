import { describe, expect, it } from '@jest/globals';
import { compileText, problemsOf } from '../../../compiler/testing/compile-files.ts';

const contract = (upstream: string, { defaults = '', operation = '' } = {}): string =>
  `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  failureLimit: false
  upstreams:
    users: { http: {}, timeout: 3s }
    users-next: { http: {}, timeout: 5s }
    quotes: { lambda: {} }
    exports: { sqs: {} }
  defaults: { rateLimits: []${defaults} }
security: []
paths:
  /users:
    get: { x-postern: { ${[upstream, operation].filter(Boolean).join(', ')} }, responses: {} }
`;

const list = (...parts: readonly string[]): string =>
  `upstream: [${parts.map((part) => `{ ${part} }`).join(', ')}]`;

const valid = list('name: users-next, weight: 10', 'name: users, weight: 90');

const messagesOf = (text: string) =>
  problemsOf(text).map((problem) => problem.replace(/^gateway\.yaml:\d+:\d+ {2}/, ''));

describe('a list of upstreams', () => {
  it('is one target with a part for each, and the longest of their time limits', () => {
    const { routes } = compileText(contract(valid, { operation: 'sticky: cookie' }));
    const http = { kind: 'http', rewrite: undefined };
    expect(routes.find(({ id }) => id === 'GET /users')?.target).toEqual({
      kind: 'split',
      upstream: 'users,users-next',
      timeoutMs: 5_000,
      sticky: 'cookie',
      parts: [
        { weight: 10, target: { ...http, upstream: 'users-next', timeoutMs: 5_000 } },
        { weight: 90, target: { ...http, upstream: 'users', timeoutMs: 3_000 } },
      ],
    });
  });

  it('in the defaults is for every operation that names none', () => {
    const { routes } = compileText(contract('', { defaults: `, sticky: caller, ${valid}` }));
    expect(routes.at(-1)?.target).toMatchObject({ kind: 'split', sticky: 'caller' });
  });

  it('has the errors, the permissions and the keys of the kinds of its upstreams', () => {
    const { summary, openapi } = compileText(
      contract(list('name: quotes, weight: 1', 'name: users, weight: 1'), {
        operation: 'rewrite: /v2/users',
      }),
    );
    expect(summary).toMatchObject({
      permissions: [
        { store: 'traffic', actions: ['dynamodb:GetItem'] },
        { upstream: 'quotes', actions: ['lambda:InvokeFunction'] },
      ],
    });
    const { responses } = (openapi as { paths: Record<string, { get: { responses: object } }> })
      .paths['/users']?.get ?? { responses: {} };
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['413', '431', '502', '504']));
  });

  it('that no route has adds no code', () => {
    const { code, summary } = compileText(contract('upstream: users'));
    expect(code).not.toMatch(/split|traffic/i);
    expect(JSON.stringify(summary)).not.toContain('traffic');
  });

  it.each([
    [
      list('name: users, weight: 0', 'name: users-next, weight: 0'),
      'the weights add up to 0 — give an upstream a weight of 1 or more',
    ],
    [
      list('name: users, weight: -1', 'name: users-next, weight: 1'),
      'must be a whole number from 0 to 10000',
    ],
    [
      list('name: users, weight: 0.5', 'name: users-next, weight: 1'),
      'must be a whole number from 0 to 10000',
    ],
    [
      list('name: users, weight: 90', 'name: user-next, weight: 10'),
      'unknown upstream "user-next" — did you mean "users-next"?',
    ],
    [
      list('name: users, weight: 90', 'name: users, weight: 10'),
      '"users" is in the list twice — keep one',
    ],
    [
      list('name: users, weight: 100'),
      'must be the name of an upstream, or a list of 2 to 10: [{ name: users, weight: 90 }, …]',
    ],
    [
      'upstream: []',
      'must be the name of an upstream, or a list of 2 to 10: [{ name: users, weight: 90 }, …]',
    ],
    [list('name: users', 'name: users-next, weight: 1'), '"weight" is missing — add "weight: 10"'],
    [
      list('name: users, weigth: 1', 'name: users-next, weight: 1'),
      'unknown key "weigth" — did you mean "weight"?',
    ],
    [
      list('name: users, weight: 1', 'name: exports, weight: 1'),
      '"exports" is sqs: a list can have upstreams of the kinds http and lambda, because another queue or bucket cannot stand for this one',
    ],
    [
      'upstream: 5',
      'must be the name of an upstream, or a list of 2 to 10: [{ name: users, weight: 90 }, …]',
    ],
  ])('is a problem where it is written, also in the defaults: %s', (upstream, problem) => {
    expect(messagesOf(contract(upstream))).toContainEqual(expect.stringContaining(problem));
    expect(messagesOf(contract('', { defaults: `, ${upstream}` }))).toContainEqual(
      expect.stringContaining(problem),
    );
  });

  it('of no kind with a path at the upstream has no "rewrite"', () => {
    const both = list('name: quotes, weight: 1', 'name: users, weight: 1');
    expect(messagesOf(contract(both, { operation: 's3: { key: a }' }))).toEqual([
      '"s3" is for upstreams of the kind s3; "quotes" is lambda and "users" is http',
    ]);
  });
});

describe('"sticky"', () => {
  it('of an operation without a list of upstreams is a problem', () => {
    expect(messagesOf(contract('upstream: users', { operation: 'sticky: caller' }))).toEqual([
      '"sticky" is for a list of upstreams — give GET /users an upstream: [{ name, weight }, …]',
    ]);
    expect(messagesOf(contract('upstream: users', { operation: 'sticky: false' }))).toEqual([]);
    expect(messagesOf(contract('upstream: users', { defaults: ', sticky: caller' }))).toEqual([]);
  });

  it('that is neither caller, cookie nor false is a problem', () => {
    expect(messagesOf(contract(valid, { operation: 'sticky: session' }))).toEqual([
      '"sticky" must be caller, cookie or false',
    ]);
  });
});
