import { describe, expect, it } from '@jest/globals';
import { compileFiles } from '../../../compiler/testing/compile-files.ts';
import { gatewayWith, send } from '../../../testing/gateway-with.ts';
import { loadModule } from '../../../testing/load-contract.ts';

const contractOf = (operation: string, defaults = ''): string => `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} } }
  defaults: { rateLimits: [], upstream: users${defaults} }
security: []
paths:
  /old: { get: { responses: {}, ${operation} } }
  /new: { get: { responses: {} } }
`;

const full = `{ since: '2026-11-01', sunset: '2027-03-31T12:00:00Z', link: 'https://example.com/new' }`;
const said = (deprecation: string, isDeprecated = true) =>
  `deprecated: ${isDeprecated}, x-postern: { deprecation: ${deprecation} }`;

/** Without headers, the upstream's response is an error. */
const gatewayOf = async (contract: string, headers?: Readonly<Record<string, string>>) => {
  const { contract: compiled, features } = await loadModule({ 'gateway.yaml': contract });
  return gatewayWith({
    routes: compiled.routes,
    features,
    respond: async () => {
      if (headers === undefined) throw new Error('broken');
      return { statusCode: 200, headers: { ...headers }, body: '' };
    },
  });
};

describe('a deprecated operation', () => {
  it('announces since when, until when and what instead, and counts its requests', async () => {
    const gateway = await gatewayOf(contractOf(said(full)), {});
    const { headers } = await send(gateway, 'GET', '/old');
    expect(headers).toMatchObject({
      deprecation: '@1793491200',
      sunset: 'Wed, 31 Mar 2027 12:00:00 GMT',
      link: '<https://example.com/new>; rel="deprecation"',
    });
    expect(gateway.counted).toContainEqual([
      { name: 'DeprecatedRequests', unit: 'Count' },
      1,
      { route: 'GET /old' },
    ]);
  });

  it('keeps the links of the service', async () => {
    const gateway = await gatewayOf(contractOf(said(full)), { link: '</p2>; rel="next"' });
    const { headers } = await send(gateway, 'GET', '/old');
    expect(headers).toMatchObject({
      link: '</p2>; rel="next", <https://example.com/new>; rel="deprecation"',
    });
  });

  it('announces it in errors of the gateway as well', async () => {
    const gateway = await gatewayOf(contractOf(said(full)));
    const { headers, statusCode } = await send(gateway, 'GET', '/old');
    expect(statusCode).toBe(500);
    expect(headers).toMatchObject({ deprecation: '@1793491200' });
  });

  it('has only what the contract says, by the nearest section', async () => {
    const defaults = ", deprecation: { since: '2026-11-01' }";
    const gateway = await gatewayOf(contractOf('deprecated: true', defaults), {});
    const { headers } = await send(gateway, 'GET', '/old');
    expect(headers).toHaveProperty('deprecation');
    for (const name of ['sunset', 'link']) expect(headers).not.toHaveProperty(name);
    expect((await send(gateway, 'GET', '/new')).headers).not.toHaveProperty('deprecation');
  });

  it.each([
    [said(full, false), 'GET /old is not deprecated — add "deprecated: true" to it'],
    [said('{}'), '"since" is missing — add "since: 2026-11-01"'],
    [said("{ since: 'soon' }"), 'must be a date, such as 2027-03-31'],
    [said("{ since: '2026-02-30' }"), '"2026-02-30" is not a day of the calendar'],
    [said("{ since: '2026-13-01' }"), '"2026-13-01" is not a day of the calendar'],
    [said("{ since: '2026-03-01', sunset: '2026-02-01' }"), '"sunset" is before "since"'],
    [said("{ since: '2026-03-01', link: 'a>b' }"), 'must be an http or https URL'],
  ])('has a problem with its line: %s', (operation, message) => {
    const compilation = compileFiles({ 'gateway.yaml': contractOf(operation) });
    const problems = compilation.ok ? [] : compilation.problems;
    expect(problems.join('\n')).toContain(message);
    expect(problems[0]).toMatch(/^gateway.yaml:9:\d+ /);
  });

  it('adds nothing to a contract that says no more than "deprecated: true"', () => {
    const compilation = compileFiles({ 'gateway.yaml': contractOf('deprecated: true') });
    expect(compilation.ok && compilation.modules['contract.js']).not.toContain('deprecation');
  });
});
