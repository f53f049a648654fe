import { describe, expect, it } from '@jest/globals';
import { compileText as compile } from '../../../compiler/testing/compile-files.ts';

const contract = (type = 'type: http, scheme: basic', security = '[{ partner: [] }]'): string =>
  `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { orders: { http: {} } }
  rateLimits: { visitor: { per: [ip], limit: 10, window: 60s } }
  defaults: { rateLimits: [visitor] }
paths:
  /orders:
    get: { security: ${security}, x-postern: { upstream: orders } }
components:
  securitySchemes:
    session: { type: http, scheme: bearer, x-postern: { session: {} } }
    partner: { ${type}, x-postern: { basic: {} } }
`;

describe('a security scheme for passwords', () => {
  it('needs the credentials table, and removes the password', () => {
    const { code, summary, warnings } = compile(contract());
    expect(code).toContain('signIn = { basic: basicSignIn }');
    expect(code).toContain('basic: withoutPassword');
    expect(code).toContain('credentials: dynamoDbCredentials');
    expect(warnings).toEqual([]);
    expect(summary['permissions']).toContainEqual({
      store: 'credentials',
      actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    });
  });

  it('adds the responses of a sign-in to the published document', () => {
    expect(compile(contract()).openapi).toMatchObject({
      paths: { '/orders': { get: { responses: { 401: {}, 429: {}, 503: {} } } } },
    });
  });

  it('is warned of if it is not that of Basic', () => {
    expect(compile(contract('type: http, scheme: bearer')).warnings).toEqual([
      expect.stringMatching(/^gateway\.yaml:14:\d+ .*type http, scheme basic$/),
    ]);
  });

  it('adds nothing to a contract that no route uses it in', () => {
    const { code, summary } = compile(contract(undefined, '[{ session: [] }]'));
    expect(code).not.toMatch(/basic|assword|credentials/);
    expect(JSON.stringify(summary['permissions'] ?? [])).not.toContain('credentials');
  });
});
