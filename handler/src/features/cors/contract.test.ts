import { describe, expect, it } from '@jest/globals';
import { compileContract } from '../../../compiler/compile-contract.ts';

const app = '{ allowOrigins: [https://app.example.com] }';

const compile = (defaults: string, users = '', orders = '') =>
  compileContract(
    `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} } }
  defaults: { rateLimits: [], upstream: users${defaults} }
security: []
paths:
  /users:
    get: { responses: { '200': { description: OK } }${users} }
  /orders:
    get: { responses: { '200': { description: OK } }${orders} }
`,
    { file: 'gateway.yaml', runtime: '../src' },
  );

const compiled = (...given: Parameters<typeof compile>) => {
  const compilation = compile(...given);
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  return { ...compilation, code: compilation.modules['contract.js'] ?? '' };
};

describe('CORS policies', () => {
  it('that are the same for all routes go to API Gateway, and the function has no code for them', () => {
    const { summary, features, code } = compiled(`, cors: ${app}`, `, x-postern: { cors: ${app} }`);
    expect(summary['cors']).toMatchObject({ allow_origins: ['https://app.example.com'] });
    expect(features).not.toContain('cors');
    expect(code).not.toMatch(/cors/i);
  });

  it.each<[string, Parameters<typeof compile>, string]>([
    [
      'one route has none',
      [`, cors: ${app}`, ', x-postern: { cors: false }'],
      'cors(corsPolicies[0])',
    ],
    ['only one route has one', ['', `, x-postern: { cors: ${app} }`], 'cors()'],
    [
      'two routes have different ones',
      ['', `, x-postern: { cors: ${app} }`, ', x-postern: { cors: { allowOrigins: ["*"] } }'],
      'cors()',
    ],
    [
      'API Gateway cannot allow private networks',
      [', cors: { allowOrigins: ["*"], allowPrivateNetwork: true }'],
      'cors(corsPolicies[0])',
    ],
  ])('are answered by the function if %s', (_, given, step) => {
    const { summary, features, code } = compiled(...given);
    expect(summary['cors']).toBeNull();
    expect(features).toEqual(expect.arrayContaining(['cors', 'corsPreflight']));
    expect(code).toContain(step);
    expect(code).not.toContain('corsValues');
  });

  it('of the function get the values that their origins name', () => {
    const several = "{ allowOrigins: ['${admins}', 'https://a.example'] }";
    const { summary, code } = compiled(
      ", cors: { allowOrigins: '${pages}' }",
      `, x-postern: { cors: ${several} }`,
    );
    expect(summary).toMatchObject({
      cors: null,
      cors_origins: expect.arrayContaining(['${admins}', 'https://a.example', '${pages}']),
      function_values: expect.arrayContaining(['admins', 'pages']),
      values: expect.arrayContaining(['admins', 'pages']),
    });
    expect(code).toContain('stores = { corsValues: corsValues(["');
  });

  it('with a mistake are a problem where they are written', () => {
    const wrong =
      ', x-postern: { cors: { allowOrigins: ["*"], allowCredentials: true, maxAge: 2d } }';
    const compilation = compile('', wrong);
    expect(compilation.ok ? [] : compilation.problems).toEqual([
      'gateway.yaml:10:90  "allowOrigins" has "*", which browsers refuse with "allowCredentials: true"',
      expect.stringMatching(/^gateway\.yaml:10:129 {2}"maxAge" is 2d/),
    ]);
  });
});
