import { describe, expect, it } from '@jest/globals';
import { callersOf } from '../../../compiler/callers-of.ts';
import { compileText, problemsOf } from '../../../compiler/testing/compile-files.ts';

const contract = (
  schemes: string,
  security = '[{ oauth: [orders:read] }]',
  root = '',
): string => `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { orders: { http: {} } }
  rateLimits: { visitor: { per: [ip], limit: 10, window: 60s } }
  defaults: { rateLimits: [visitor] }
${root}
paths:
  /orders:
    get: { security: ${security}, x-postern: { upstream: orders } }
components:
  securitySchemes:
${schemes}
`;

const scheme = (jwt: string, type = 'type: oauth2, flows: {}', name = 'oauth'): string =>
  `    ${name}: { ${type}, x-postern: { jwt: { ${jwt} } } }`;

const minimal = 'issuer: https://login.example.com, audiences: [shop], algorithms: [RS256]';

const compile = (text: string) => {
  const compilation = compileText(text);
  const policies = (compilation.summary['access_tokens'] ?? []) as readonly object[];
  return { ...compilation, policies };
};

describe('a security scheme for access tokens', () => {
  it('has defaults, and its lists are scopes', () => {
    const { policies, routes } = compile(contract(scheme(minimal)));
    expect(policies).toEqual([
      {
        scheme: 'oauth',
        issuer: 'https://login.example.com',
        discoveryUrl: undefined,
        jwksUri: undefined,
        audiences: ['shop'],
        clients: [],
        algorithms: ['RS256'],
        type: undefined,
        tokenUse: 'access',
        toleranceSeconds: 5,
        userId: 'sub',
        roles: undefined,
        plan: undefined,
        scopes: ['scope', 'scp'],
        lists: 'scopes',
        claims: {},
      },
    ]);
    expect(routes.at(-1)?.access).toEqual({
      kind: 'signed-in',
      alternatives: [{ 'jwt:oauth': ['orders:read'] }],
    });
  });

  it.each([
    ['type: oauth2, flows: {}', 'scopes'],
    ['type: openIdConnect, openIdConnectUrl: https://login.example.com/described', 'scopes'],
    ['type: http, scheme: bearer', 'roles'],
    ['type: http, scheme: Bearer', 'roles'],
  ])('of the form %s lists %s', (type, lists) => {
    expect(compile(contract(scheme(minimal, type))).policies).toMatchObject([{ lists }]);
  });

  it("names the provider's description as OpenAPI does", () => {
    const openIdConnectUrl = 'https://login.example.com/b2c/.well-known/openid-configuration';
    const type = `type: openIdConnect, openIdConnectUrl: '${openIdConnectUrl}'`;
    expect(compile(contract(scheme(minimal, type))).policies).toMatchObject([
      { discoveryUrl: openIdConnectUrl },
    ]);
  });

  it('needs no description of the provider if its keys are at another place', () => {
    const type = 'type: openIdConnect, openIdConnectUrl: /described';
    const jwt = `${minimal}, jwksUri: https://login.example.com/keys`;
    expect(compile(contract(scheme(jwt, type))).policies).toMatchObject([
      { jwksUri: 'https://login.example.com/keys', discoveryUrl: undefined },
    ]);
  });

  it('can be mapped in x-postern of the document, which stays as it is', () => {
    const text = contract('    oauth: { type: oauth2, flows: {} }').replace(
      '  version: 1',
      `  version: 1\n  securitySchemes: { oauth: { jwt: { ${minimal} } } }`,
    );
    expect(compile(text).policies).toMatchObject([{ scheme: 'oauth' }]);
  });

  it('sends claims in headers that no client can send', () => {
    const claims = "claims: { Tenant: 'custom:tenant', city: address.city }";
    expect(compile(contract(scheme(`${minimal}, ${claims}`))).policies).toMatchObject([
      {
        claims: {
          'x-authenticated-tenant': 'custom:tenant',
          'x-authenticated-city': 'address.city',
        },
      },
    ]);
  });

  it('needs the values that it names, in tfvars and as variables of the function', () => {
    const jwt = "issuer: '${issuer}', audiences: ['${api}', shop], algorithms: [RS256]";
    const { summary } = compile(contract(scheme(jwt)));
    expect(summary.values).toEqual(['issuer', 'api']);
    expect(summary['function_values']).toEqual(['issuer', 'api']);
  });

  it('is a method of its own beside others of its kind, and only where a route needs it', () => {
    const both = [scheme(minimal), scheme(minimal, 'type: http, scheme: bearer', 'staff')].join(
      '\n',
    );
    const { code, policies } = compile(contract(both));
    expect(policies).toMatchObject([{ scheme: 'oauth' }]);
    expect(code).toMatch(/signIn = \{ "jwt:oauth": jwtSignIn\(/);
    expect(code).toContain('admitByAny = undefined');
    const alternatives = compile(contract(both, '[{ oauth: [] }, { staff: [admin] }]'));
    expect(alternatives.policies).toHaveLength(2);
    expect(alternatives.code).toContain('admit-by-any.ts');
    expect(alternatives.routes.at(-1)?.access).toEqual({
      kind: 'signed-in',
      alternatives: [{ 'jwt:oauth': [] }, { 'jwt:staff': ['admin'] }],
    });
  });

  it('is called by its own name where callers are listed', () => {
    const callers = (security: string): string => {
      const { access } = compile(contract(scheme(minimal), security)).routes.at(-1) ?? {};
      return access === undefined ? '' : callersOf(access);
    };
    expect(callers('[{ oauth: [] }]')).toBe('any oauth');
    expect(callers('[{ oauth: [orders:read, orders:write] }]')).toBe(
      'orders:read and orders:write (oauth)',
    );
  });

  it('adds nothing to a contract that no route uses it in', () => {
    const session = '    session: { type: http, scheme: bearer, x-postern: { session: {} } }';
    const with_ = compile(contract(`${session}\n${scheme(minimal)}`, '[{ session: [] }]'));
    const without = compile(contract(session, '[{ session: [] }]'));
    expect(with_.code).toBe(without.code);
    expect(with_.summary).toEqual(without.summary);
  });

  it('adds the responses of a sign-in to the published document', () => {
    const { openapi } = compile(contract(scheme(minimal)));
    expect(openapi).toMatchObject({
      paths: { '/orders': { get: { responses: { 401: {}, 503: {} } } } },
    });
  });
});

describe('a mistake in a security scheme for access tokens is reported at its place:', () => {
  it.each<[jwt: string, message: RegExp, ...type: string[]]>([
    ['audiences: [shop], algorithms: [RS256]', /"issuer" is missing — add "issuer: https/],
    [
      'issuer: https://a.example, audiences: [a]',
      /"algorithms" is missing — add "algorithms: \[RS/,
    ],
    [
      'issuer: https://a.example, algorithms: [RS256]',
      /any token of the issuer would be accepted, .* — add "audiences: \[shop\]"/,
    ],
    [minimal.replace('[RS256]', '[HS256]'), /"algorithms" cannot be "HS256"/],
    [minimal.replace('[RS256]', '[none]'), /"algorithms" cannot be "none"/],
    [minimal.replace('[RS256]', '[]'), /"algorithms" must NOT have fewer than 1 items/],
    [minimal.replace('https:', 'http:'), /"issuer" is not an https URL/],
    [`${minimal}, jwksUri: keys.json`, /"jwksUri" is not an https URL/],
    [`${minimal}, clockTolerance: 6m`, /"clockTolerance" is 6m/],
    [`${minimal}, type: jwt`, /"type" must be "at\+jwt"/],
    [`${minimal}, audience: shop`, /unknown key "audience" — did you mean "audiences"\?/],
    [`${minimal}, claims: { 'a b': c }`, /"a b" must be letters, digits and hyphens/],
    [
      `${minimal}, claims: { Tenant: a, tenant: b }`,
      /another claim is sent as x-authenticated-ten/,
    ],
    [minimal, /an access token is sent as "Authorization: Bearer"/, 'type: http, scheme: basic'],
    [
      minimal,
      /"openIdConnectUrl" is not an https URL, .* — correct it, or add "jwksUri"/,
      'type: openIdConnect, openIdConnectUrl: /described',
    ],
    [minimal, /an access token is sent as/, 'type: apiKey, in: header, name: X-Key'],
  ])('%s', (...[jwt, message, type]) => {
    expect(problemsOf(contract(scheme(jwt, type)))).toEqual([
      expect.stringMatching(new RegExp(`^gateway\\.yaml:14:\\d+ {2}${message.source}`)),
    ]);
  });
});
