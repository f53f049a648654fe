import { describe, expect, it } from '@jest/globals';
import { compileText, problemsOf } from '../../../compiler/testing/compile-files.ts';

const contract = (upstream: string): string => `
openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
x-postern:
  version: 1
  upstreams:
    price-lists: { ${upstream} }
  defaults: { rateLimits: [], upstream: price-lists }
security: []
paths:
  /prices: { get: { responses: { '200': { description: Prices } } } }
`;

const compile = (upstream: string) => compileText(contract(upstream));

describe('a Lambda upstream of the contract', () => {
  it('is compiled to its policy, and imports no code for HTTP upstreams', () => {
    const { code } = compile('lambda: { payload: body }, breaker: { openFor: 1m }');
    expect(code).toContain('"arnVariable":"UPSTREAM_PRICE_LISTS_ARN"');
    expect(code).toContain('"payload":"body","isAsync":false');
    expect(code).toContain('"openSeconds":60');
    expect(code).not.toContain('httpUpstreams');
  });

  it('is named with its kind in what Terraform reads', () => {
    expect(compile('lambda: {}').summary).toMatchObject({
      upstream_kinds: { 'price-lists': 'lambda' },
    });
    expect(compile('http: {}').summary).not.toHaveProperty('upstream_kinds');
  });

  it('adds no import to a contract without one', () => {
    expect(compile('http: {}').code).not.toMatch(/lambda/i);
  });

  it('declares the errors of its routes in the published document', () => {
    const text = JSON.stringify(compile('lambda: {}').openapi);
    for (const status of ['413', '502', '503', '504']) expect(text).toContain(`"${status}":`);
  });

  it.each<[what: string, upstream: string, problem: RegExp]>([
    ['a misspelt payload', 'lambda: { payload: bodies }', /payload.*body, event/],
    ['an unknown key', 'lambda: { asynch: true }', /unknown key "asynch" — did you mean "async"/],
    [
      'a key of another kind',
      'lambda: {}, maxHeaderSize: 8KiB',
      /"maxHeaderSize" is for upstreams of the kind http; "price-lists" is lambda/,
    ],
    ['two kinds', 'lambda: {}, http: {}', /names several kinds, http and lambda — keep one/],
    ['a breaker that opens for too long', 'lambda: {}, breaker: { openFor: 2h }', /from 1s to 1h/],
  ])('has a problem with its line for %s', (_, upstream, problem) => {
    const problems = problemsOf(contract(upstream));
    expect(problems.join('\n')).toMatch(problem);
    expect(problems.join('\n')).toMatch(/^gateway\.yaml:7:/);
  });
});
