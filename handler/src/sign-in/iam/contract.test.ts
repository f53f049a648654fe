import { describe, expect, it } from '@jest/globals';
import { compileText, problemsOf } from '../../../compiler/testing/compile-files.ts';

const contract = (section: string, paths: string) => `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { orders: { http: {} } }
  rateLimits: { visitor: { per: [ip], limit: 10, window: 60s } }
  defaults: { rateLimits: [visitor], upstream: orders }
security: [{ signed: [] }]
paths:
${paths}
components:
  securitySchemes:
    signed:
      type: apiKey
      in: header
      name: Authorization
      x-amazon-apigateway-authtype: awsSigv4
      x-postern: { iam: ${section} }
    session: { type: http, scheme: bearer, x-postern: { session: {} } }
`;

const inPath = (name: string): string =>
  `parameters: [{ name: ${name}, in: path, required: true, schema: { type: string } }]`;

const orders = `  /orders/{id}: { ${inPath('id')}, get: {} }`;

const compile = (section = '{}', paths = orders) => compileText(contract(section, paths));

describe('a security scheme for signed requests', () => {
  it('gives Terraform the routes of API Gateway', () => {
    const paths = `${orders}\n  /orders/status: { get: { security: [] } }`;
    expect(compile('{}', paths).summary['api_routes']).toEqual({
      aws_iam: ['GET /orders/{id}', 'HEAD /orders/{id}'],
      open: ['GET /orders/status', 'HEAD /orders/status'],
    });
  });

  it('leaves the gateway’s own routes open below a signed route for all paths', () => {
    const { summary } = compile('{}', `  /{rest+}: { ${inPath('rest')}, get: {} }`);
    expect(summary['api_routes']).toMatchObject({
      open: expect.arrayContaining(['GET /health', 'GET /health/ready', 'GET /openapi.json']),
    });
  });

  it('asks for the values that its accounts name', () => {
    expect(compile("{ accounts: ['${accounts}'] }").summary).toMatchObject({
      values: ['accounts'],
      function_values: ['accounts'],
    });
  });

  it('adds nothing where no route names it', () => {
    const { code, summary } = compile(
      '{}',
      `  /orders/{id}: { ${inPath('id')}, get: { security: [] } }`,
    );
    expect(code).not.toMatch(/iamSignIn|withoutSignature|platformIdentity/);
    expect(summary).not.toHaveProperty('api_routes');
  });

  it.each([
    [
      'an alternative without signature',
      '{}',
      '  /orders: { get: { security: [{ signed: [] }, { session: [] }] } }',
      'API Gateway wants a signature of every request for GET /orders',
    ],
    [
      'a path that API Gateway cannot have',
      '{}',
      `  /orders/{id}.json: { ${inPath('id')}, get: {} }`,
      'make each parameter a whole segment',
    ],
    [
      'another operation whose paths API Gateway cannot tell from it',
      '{}',
      `${orders}\n  /orders/{id}.json: { ${inPath('id')}, get: { security: [] } }`,
      'API Gateway would want a signature for GET /orders/{id}.json as well',
    ],
    ['an account that is none', "{ accounts: ['12'] }", orders, '12 digits'],
    [
      'a principal by its ARN',
      "{ scopes: { 'arn:aws:iam::1:role/a': [] } }",
      orders,
      'role/orders',
    ],
  ])('has a problem with %s', (_, section, paths, problem) => {
    expect(problemsOf(contract(section, paths)).join('\n')).toContain(problem);
  });
});
