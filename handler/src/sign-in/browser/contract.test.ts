import { describe, expect, it } from '@jest/globals';
import { compileText, problemsOf } from '../../../compiler/testing/compile-files.ts';

const minimal = 'issuer: https://login.example.com, clientId: web, returnTo: [/app/*]';

const contract = (signIn: string, security = '[{ session: [] }]'): string => `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { orders: { http: {} } }
  rateLimits: { visitor: { per: [ip], limit: 10, window: 60s } }
  defaults: { upstream: orders, rateLimits: [visitor] }
  builtIn: { signIn: { ${signIn} } }
paths:
  /orders: { get: { security: ${security} } }
components:
  securitySchemes: { session: { type: http, scheme: bearer, x-postern: { session: {} } } }
`;

const compile = (signIn: string, security?: string) => compileText(contract(signIn, security));

describe('a contract with sign-in for browsers', () => {
  it('has its routes, with the default limits, public except that of the session, and the back channel only if it is allowed', () => {
    const routesOf = (signIn: string) =>
      compile(signIn)
        .routes.filter(({ path }) => path.startsWith('/auth/'))
        .map(({ id, access }) => `${id} ${access.kind}`);
    const usual = [
      'GET /auth/sign-in public',
      'GET /auth/callback public',
      'GET /auth/session signed-in',
      'GET /auth/sign-out public',
      'POST /auth/sign-out public',
    ];
    expect(routesOf(minimal)).toEqual(usual);
    expect(routesOf(`${minimal}, backChannelLogout: allow`)).toEqual([
      ...usual,
      'POST /auth/back-channel-logout public',
    ]);
    const { code } = compile(`${minimal}, path: /login`);
    expect(code).toMatch(/id: "GET \/login\/callback".*?rateLimits: \[rateLimits\["visitor"\]\]/);
  });

  it('has no route of the session if no scheme takes sessions', () => {
    const document = contract(minimal, '[]')
      .replace(/components:.*/s, '')
      .concat('security: []\n');
    const paths = compileText(document).routes.map(({ path }) => path);
    expect(paths).toContain('/auth/callback');
    expect(paths).not.toContain('/auth/session');
  });

  it('writes sessions, and reads the client secret only if there is one', () => {
    const of = (signIn: string) => compile(signIn).summary['permissions'];
    const usual = [
      { actions: ['secretsmanager:GetSecretValue'], secret: 'signing' },
      { actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], store: 'sessions' },
    ];
    const secret = { actions: ['secretsmanager:GetSecretValue'], value: 'client_secret' };
    expect(of(minimal)).toEqual(expect.arrayContaining(usual));
    expect(of(minimal)).not.toContainEqual(secret);
    const confidential = compile(`${minimal}, clientSecret: '\${client_secret}'`).summary;
    expect(confidential['permissions']).toContainEqual(secret);
    expect(confidential.values).toEqual(['client_secret']);
  });

  it('has the step that extends sessions only if they have an idle time', () => {
    expect(compile(minimal).features).not.toContain('extendSession');
    expect(compile(`${minimal}, session: { idle: 10m }`).features).toContain('extendSession');
  });

  it('is warned if no operation accepts its sessions', () => {
    expect(compile(minimal).warnings).toEqual([]);
    expect(compile(minimal, '[]').warnings).toEqual([
      'gateway.yaml:8:14  warning no operation accepts the sessions that begin here — add a security scheme with "x-postern: { session: {} }", and name it in "security"',
    ]);
  });

  it.each([
    ['issuer: http://login.example.com', '"issuer" is not an https URL'],
    ['baseUrl: ftp://example.com', '"baseUrl" is not an https URL'],
    ['clientSecret: secret', 'must be a reference such as "${client_secret}"'],
    ['scopes: [profile]', 'without the scope "openid"'],
    ['returnTo: [//evil.example]', 'must be a path such as /app'],
    ['returnTo: [app]', 'must be a path such as /app'],
    ['returnTo: [/a/*/b]', 'must be a path such as /app'],
    ['returnTo: [http://*]', 'must be a path such as /app'],
    ['returnTo: []', 'returnTo'],
    ['session: { idle: 8h }', '"idle" is not shorter than "absolute", 8h'],
    ['session: { absolute: 31d }', '31d'],
    ['algorithms: [HS256]', 'HS256'],
    ['algorithms: [none]', 'none'],
    ['clientID: web', 'did you mean "clientId"'],
  ])('has a problem with %s', (key, message) => {
    const name = key.slice(0, key.indexOf(':'));
    const others = minimal
      .split(/, (?=\w)/)
      .filter((each) => !each.startsWith(`${name}:`))
      .join(', ');
    expect(problemsOf(contract(`${others}, ${key}`)).join('\n')).toContain(message);
  });
});
