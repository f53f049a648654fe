import { describe, expect, it } from '@jest/globals';
import { compileText, problemsOf } from '../../../compiler/testing/compile-files.ts';

const contract = (section: string, security = '[{ partners: [] }]') => `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { orders: { http: {} } }
  rateLimits: { visitor: { per: [ip], limit: 10, window: 60s } }
  defaults: { rateLimits: [visitor], upstream: orders }
paths:
  /orders:
    get: { security: ${security} }
components:
  securitySchemes:
    partners: { type: mutualTLS, x-postern: { mutualTls: ${section} } }
`;

const compile = (...given: Parameters<typeof contract>) => compileText(contract(...given));

const readsCredentials = expect.arrayContaining([
  expect.objectContaining({ store: 'credentials' }),
]);

describe('a security scheme for client certificates', () => {
  it('reads the credentials table if the contract names no certificate', () => {
    const { code, summary, features } = compile('{}');
    expect(code).toContain('mutualTlsByStore');
    expect(features).toContain('platformIdentity');
    expect(summary).toMatchObject({ mutual_tls: true, permissions: readsCredentials });
  });

  it('reads no table if the contract names the certificates, in whatever form', () => {
    const fingerprint = 'AB:'.repeat(31) + 'AB';
    const { code, summary } = compile(
      `{ certificates: { a: { subject: 'CN=a\\,b, O=Acme', scopes: [x] }, b: { sha256: '${fingerprint}' }, c: { san: 'DNS:c.example' } } }`,
    );
    expect(code).toContain('subject:CN=a\\\\,b\\nO=Acme');
    expect(code).toContain(`sha256:${'ab'.repeat(32)}`);
    expect(code).toContain('san:DNS:c.example');
    expect(summary['permissions']).not.toEqual(readsCredentials);
  });

  it('adds nothing where no route names it', () => {
    const { code, summary } = compile('{}', '[]');
    expect(code).not.toMatch(/mutualTls|platformIdentity/);
    expect(summary).not.toHaveProperty('mutual_tls');
  });

  it.each([
    ['{ certificates: { a: {} } }', '"a" has one of subject, san and sha256, not 0'],
    [
      "{ certificates: { a: { subject: 'CN=a', san: 'DNS:a' } } }",
      '"a" has one of subject, san and sha256, not 2',
    ],
    [
      "{ certificates: { a: { subject: 'CN=a,O=b' }, b: { subject: 'O=b, CN=a' } } }",
      '"b" has the same certificate as "a"',
    ],
    ["{ certificates: { a: { san: 'a.example' } } }", 'must be one alternative name with its kind'],
    ["{ certificates: { a: { sha256: 'ab' } } }", 'must be the fingerprint'],
    ["{ certificates: { 'a b': { subject: 'CN=a' } } }", 'must be a name of letters'],
  ])('with %s has a problem', (section, problem) => {
    expect(problemsOf(contract(section)).join('\n')).toContain(problem);
  });
});
