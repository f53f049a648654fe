import { describe, expect, it } from '@jest/globals';
import { compileFiles } from '../../../handler/compiler/testing/compile-files.ts';
import { describeRoutes } from './describe-routes.ts';

const contract = `
openapi: 3.1.0
info: { title: Shop, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} } }
  rateLimits: { visitor: { per: [ip], limit: 10, window: 1m } }
  defaults: { rateLimits: [visitor], upstream: users }
  apis: { users: { document: users.yaml, pathPrefix: /users } }
security: [{ session: [user, buyer] }, { session: [admin] }]
components:
  securitySchemes: { session: { type: http, scheme: bearer, x-postern: { session: {} } } }
`;

const users = `
openapi: 3.0.0
info: { title: Users, version: '1' }
paths:
  /:
    get: { responses: { '200': { description: OK } } }
  /me:
    put: { security: [], x-postern: { rateLimits: [], rewrite: /self, timeout: 2s }, responses: { '200': { description: OK } } }
`;

const routes = () => {
  const compilation = compileFiles({ 'gateway.yaml': contract, 'users.yaml': users });
  if (!compilation.ok) throw new Error(compilation.problems.join());
  return compilation.routes;
};

describe('the table of routes', () => {
  it('shows who may call each route, its limits, which are also those of the gateway’s own routes but /health, its target and where it is defined', () => {
    expect(describeRoutes(routes()).split('\n')).toEqual([
      'METHOD  PATH           CALLERS                  RATE LIMITS    TARGET       DEFINED AT',
      'GET     /health        anyone                   -              gateway      built in',
      'GET     /health/ready  anyone                   visitor 10/1m  gateway      built in',
      'GET     /openapi.json  anyone                   visitor 10/1m  gateway      built in',
      'GET     /openapi.yaml  anyone                   visitor 10/1m  gateway      built in',
      'GET     /users         user and buyer or admin  visitor 10/1m  users /      users.yaml:6:5',
      'PUT     /users/me      anyone                   -              users /self  users.yaml:8:5',
    ]);
  });

  it('shows the upstream that gets copies of requests', () => {
    const mirrored = compileFiles({
      'gateway.yaml': contract
        .replace('users: { http: {} }', 'users: { http: {} }, next: { http: {} }')
        .replace(
          'upstream: users }',
          'upstream: users, mirror: { upstream: next, percent: 0.5 } }',
        ),
      'users.yaml': users,
    });
    if (!mirrored.ok) throw new Error(mirrored.problems.join());
    const lines = describeRoutes(mirrored.routes).split('\n');
    expect(lines.filter((line) => line.includes('also to'))).toEqual([
      expect.stringMatching(/^GET {5}\/users .* users \/ \(0\.5 % also to next\)/),
    ]);
  });

  it('shows the cache of a route, and how long a response is fresh if the service says nothing', () => {
    const textWith = (cache: string) => {
      const cached = compileFiles({
        'gateway.yaml': contract.replace('upstream: users }', `upstream: users, cache: ${cache} }`),
        'users.yaml': users,
      });
      if (!cached.ok) throw new Error(cached.problems.join());
      return describeRoutes(cached.routes);
    };
    expect(textWith('{ ttl: 5m }')).toMatch(/^GET {5}\/users .* users \/ \(cache: 300 s\)/m);
    const allowed = textWith('{}');
    expect(allowed).toMatch(/^GET {5}\/users .* \(cache: what the service allows\)/m);
    expect(allowed).not.toMatch(/^PUT .*cache/m);
  });

  it('shows the plugins of each route where there are any', () => {
    const withPlugin = routes().map((route) =>
      route.path === '/users' ? { ...route, plugins: ['tenant', 'redact'] } : route,
    );
    expect(
      describeRoutes(withPlugin)
        .split('\n')
        .filter((line) => / PLUGINS|users/.test(line)),
    ).toEqual([
      'METHOD  PATH           CALLERS                  RATE LIMITS    PLUGINS         TARGET       DEFINED AT',
      'GET     /users         user and buyer or admin  visitor 10/1m  tenant, redact  users /      users.yaml:6:5',
      'PUT     /users/me      anyone                   -              -               users /self  users.yaml:8:5',
    ]);
  });

  it('has the same as data, for programs', () => {
    expect(routes().at(-1)).toEqual({
      id: 'PUT /users/me',
      method: 'PUT',
      path: '/users/me',
      access: { kind: 'public' },
      rateLimits: {},
      plugins: [],
      maxBodyBytes: 1_048_576,
      target: { kind: 'http', upstream: 'users', rewrite: '/self', timeoutMs: 2_000 },
      definedAt: 'users.yaml:8:5',
    });
  });
});
