import { describe, expect, it } from '@jest/globals';
import { compileText, problemsOf } from '../../../compiler/testing/compile-files.ts';

const contract = ({ defaults = '', get = '', post = '', path = '', combined = '' }): string => `
openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} }, next: { http: {} }, fn: { lambda: {} }, queue: { sqs: {} } }
  defaults: { rateLimits: [], upstream: users${defaults} }
security: []
paths:
  /users/{id}:
    x-postern: { timeout: 1s${path} }
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { responses: { '200': { description: OK } }${get} }
    post: { responses: { '201': { description: OK } }${post} }
  /page:
    get:
      responses: { '200': { description: OK } }
      x-postern: { combine: { parts: { user: { get: /users/1 } } }${combined} }
`;

const mirror = (more = '', upstream = 'next', percent = '5'): string =>
  `mirror: { upstream: ${upstream}, percent: ${percent}${more} }`;

const routesWithMirror = (given: Parameters<typeof contract>[0]): readonly string[] =>
  compileText(contract(given))
    .code.split('id: "')
    .slice(1)
    .filter((each) => each.includes(' mirror: '))
    .map((each) => each.split('"')[0] ?? '')
    .toSorted();

describe('the mirror of a contract', () => {
  it('adds no code where no route has one', () => {
    const { code } = compileText(contract({ defaults: ', mirror: false' }));
    expect(code).toBe(compileText(contract({})).code);
    expect(code).not.toMatch(/mirror/i);
  });

  it('is in the defaults that of safe methods with an upstream alone', () => {
    const given = { defaults: `, ${mirror()}` };
    expect(routesWithMirror(given)).toEqual(['GET /users/{id}']);
    const { code } = compileText(contract(given));
    expect(code).toContain('withMirror(httpUpstreams)');
    expect(code).toContain('withMirror(sqsUpstreams)');
  });

  it('is that of all methods if unsafe ones are allowed', () => {
    const given = { defaults: `, ${mirror(', unsafe: allow')}` };
    expect(routesWithMirror(given)).toEqual(['GET /users/{id}', 'POST /users/{id}']);
  });

  it('can be switched off for an operation', () => {
    const given = {
      defaults: `, ${mirror(', unsafe: allow')}`,
      get: ', x-postern: { mirror: false }',
    };
    expect(routesWithMirror(given)).toEqual(['POST /users/{id}']);
  });

  it('has the path that the upstream has', () => {
    const { code } = compileText(
      contract({
        get: `, x-postern: { rewrite: '/v2/{id}', ${mirror(', timeout: 2s', 'next', '0.1')} }`,
      }),
    );
    expect(code).toContain(
      'mirror: { permille: 1, target: {"kind":"http","upstream":"next","timeoutMs":2000,"rewrite":"/v2/{id}"} }',
    );
  });

  it('has the path that several upstreams of the route have', () => {
    const list = 'upstream: [{ name: users, weight: 1 }, { name: fn, weight: 1 }]';
    const { code } = compileText(
      contract({ get: `, x-postern: { ${list}, rewrite: '/v2/{id}', ${mirror()} }` }),
    );
    expect(code).toMatch(/mirror: \{ permille: 50, target: \{[^}]*"rewrite":"\/v2\/\{id\}"/);
  });

  it('may invoke a function that no route leads to', () => {
    const { summary } = compileText(contract({ defaults: `, ${mirror('', 'fn')}` }));
    expect(summary['permissions']).toContainEqual({
      upstream: 'fn',
      actions: ['lambda:InvokeFunction'],
    });
  });

  it.each<[what: string, given: Parameters<typeof contract>[0], problem: RegExp]>([
    ['of nothing', { defaults: `, ${mirror('', 'next', '0')}` }, /must be above 0 and at most 100/],
    [
      'of too much',
      { defaults: `, ${mirror('', 'next', '100.1')}` },
      /must be above 0 and at most/,
    ],
    [
      'in hundredths',
      { defaults: `, ${mirror('', 'next', '0.25')}` },
      /0.25 is no multiple of 0.1/,
    ],
    ['for too long', { defaults: `, ${mirror(', timeout: 30s')}` }, /from 10ms to 29s/],
    [
      'to nowhere',
      { defaults: `, ${mirror('', 'nxt')}` },
      /unknown upstream "nxt" — did you mean "next"/,
    ],
    ['to a queue', { defaults: `, ${mirror('', 'queue')}` }, /"queue" would keep the copy/],
    ['without a percentage', { defaults: ', mirror: { upstream: next }' }, /percent/],
    [
      'to itself by the defaults',
      { defaults: `, ${mirror('', 'users')}` },
      /"users" is the upstream of GET \/users\/\{id\} itself/,
    ],
    [
      'to itself by the operation',
      { get: `, x-postern: { upstream: next, ${mirror()} }` },
      /"next" is the upstream of GET \/users\/\{id\} itself/,
    ],
    [
      'of a POST',
      { post: `, x-postern: { ${mirror()} }` },
      /POST may change something a second time/,
    ],
    ['without an upstream', { combined: `, ${mirror()}` }, /GET \/page has no upstream whose/],
  ])('%s is a problem', (_, given, problem) => {
    expect(problemsOf(contract(given)).join('\n')).toMatch(problem);
  });

  it.each(['0.1', '0.3', '33.3', '99.9', '100'])('can be of %s percent', (percent) => {
    expect(problemsOf(contract({ defaults: `, ${mirror('', 'next', percent)}` }))).toEqual([]);
  });

  it('of a path is for those of its operations that can have one', () => {
    expect(routesWithMirror({ path: `, ${mirror()}` })).toEqual(['GET /users/{id}']);
  });
});
