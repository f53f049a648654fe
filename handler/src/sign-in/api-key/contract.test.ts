import { describe, expect, it } from '@jest/globals';
import { compileText as compile, problemsOf } from '../../../compiler/testing/compile-files.ts';

const contract = (
  schemes: string,
  { security = '[{ partner: [orders:read] }]', parameters = '[]' } = {},
): string => `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { orders: { http: {} } }
  rateLimits: { visitor: { per: [ip], limit: 10, window: 60s } }
  defaults: { rateLimits: [visitor] }
paths:
  /orders:
    get: { security: ${security}, parameters: ${parameters}, x-postern: { upstream: orders } }
components:
  securitySchemes:
    session: { type: http, scheme: bearer, x-postern: { session: {} } }
${schemes}
`;

const inHeader = 'type: apiKey, in: header, name: X-Api-Key';
const scheme = (type = inHeader, apiKey = '', name = 'partner'): string =>
  `    ${name}: { ${type}, x-postern: { apiKey: { ${apiKey} } } }`;

describe('a security scheme for API keys', () => {
  it('has a default prefix, and the keys are found where the scheme says', () => {
    const { code, summary, warnings } = compile(contract(scheme()));
    expect(warnings).toEqual([]);
    expect(code).toContain(
      'signIn = { "apiKey:partner": apiKeySignIn({"in":"header","name":"X-Api-Key","prefix":"key","others":[]}) }',
    );
    expect(code).toContain('apiKey: withoutKeys(["key"])');
    expect(summary['api_keys']).toEqual([
      { method: 'apiKey:partner', in: 'header', name: 'X-Api-Key', prefix: 'key', others: [] },
    ]);
    expect(summary['permissions']).toContainEqual({
      store: 'credentials',
      actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    });
  });

  it('that no route names is not imported', () => {
    const { code, summary } = compile(contract(scheme(), { security: '[{ session: [] }]' }));
    expect(code).not.toMatch(/api-key|credentials/);
    expect(summary).not.toHaveProperty('api_keys');
  });

  it('refuses the keys of another scheme beside its own, unless both are needed together', () => {
    const both = [scheme(), scheme('type: apiKey, in: query, name: k', 'prefix: app', 'app')].join(
      '\n',
    );
    const either = compile(contract(both, { security: '[{ partner: [] }, { app: [] }]' }));
    expect(either.code).toContain('"prefix":"key","others":[{"in":"query","name":"k"}]');
    expect(either.code).toContain('withoutKeys(["key","app"])');
    const together = compile(contract(both, { security: '[{ partner: [], app: [] }]' }));
    expect(together.code).toContain('"prefix":"key","others":[]');
  });

  it.each([
    [
      scheme('type: http, scheme: bearer'),
      'an API key is sent by a scheme of the type apiKey: "type: apiKey, in: header, name: X-Api-Key"',
    ],
    [
      scheme('type: apiKey, in: header, name: X-User-Id'),
      "the header X-User-Id is the gateway's own — use another, such as X-Api-Key",
    ],
    [
      scheme('type: apiKey, in: cookie, name: __Host-session_token'),
      'the cookie __Host-session_token is that of sessions — use another name',
    ],
    [scheme(inHeader, 'prefix: Shop'), 'must be lower-case letters, digits and underscores'],
    [scheme(inHeader, 'prefix: s-1'), 'must be lower-case letters, digits and underscores'],
    [scheme(inHeader, 'prefx: shop'), 'unknown key "prefx" — did you mean "prefix"?'],
  ])('is a problem as %s', (schemes, message) => {
    expect(problemsOf(contract(schemes))).toEqual([expect.stringContaining(message)]);
  });

  it('is a problem beside a required parameter of the same place, which would always be absent', () => {
    const parameter = (name: string, required = true) =>
      `[{ in: header, name: ${name}, required: ${required}, schema: { type: string } }]`;
    expect(problemsOf(contract(scheme(), { parameters: parameter('x-api-key') }))).toEqual([
      'gateway.yaml:10:65  "x-api-key" is the API key of the security scheme — remove the parameter',
    ]);
    for (const parameters of [parameter('x-api-key', false), parameter('x-other')])
      expect(problemsOf(contract(scheme(), { parameters }))).toEqual([]);
  });
});
