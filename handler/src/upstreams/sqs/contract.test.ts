import { describe, expect, it } from '@jest/globals';
import { compileFiles } from '../../../compiler/testing/compile-files.ts';

const problemsOf = (sqs: string): string => {
  const compilation = compileFiles({
    'gateway.yaml': `
openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
x-postern:
  version: 1
  upstreams:
    exports: { sqs: { ${sqs} } }
  defaults: { rateLimits: [], upstream: exports }
security: []
paths:
  /shops/{shop}:
    parameters: [{ name: shop, in: path, required: true, schema: { type: string } }]
    post: { responses: { '202': { description: Accepted } } }
`,
  });
  return compilation.ok ? '' : compilation.problems.join('\n');
};

describe('an SQS upstream of the contract', () => {
  it('may have expressions for parameters that its routes declare', () => {
    expect(problemsOf("group: '$request.path.shop', attributes: { a: $request.id }")).toBe('');
  });

  it.each<[what: string, sqs: string, problem: RegExp]>([
    ['an undeclared parameter', 'group: $request.path.shpo', /"shpo" is no path parameter.*shop/],
    ['the caller of a public route', 'group: $caller.id', /is public: it has no caller/],
    [
      'a body that a route does not have',
      "body: { a: '$request.body#/a' }",
      /has no JSON body — declare its "requestBody"/,
    ],
    [
      'a deduplicationId without a group',
      'deduplicationId: $request.id',
      /"deduplicationId" is for FIFO, which needs a "group" as well/,
    ],
    ['an attribute of AWS', 'attributes: { AWS.trace: a }', /does not begin with AWS/],
    ['an unknown key', 'groupId: a', /unknown key "groupId"/],
  ])('has a problem with its line for %s', (_, sqs, problem) => {
    expect(problemsOf(sqs)).toMatch(problem);
    expect(problemsOf(sqs)).toMatch(/^gateway\.yaml:7:/);
  });
});
