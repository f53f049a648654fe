import { describe, expect, it } from '@jest/globals';
import { compileContract } from '../../../compiler/compile-contract.ts';

const compile = (defaults: string, path = '', operation = '') =>
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
    x-postern: { maxBodySize: 1KiB${path} }
    get: { responses: { '200': { description: OK } }${operation} }
    put: { responses: { '200': { description: OK } } }
`,
    { file: 'gateway.yaml', runtime: '../src' },
  );

const compiled = (...given: Parameters<typeof compile>) => {
  const compilation = compile(...given);
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  const code = compilation.modules['contract.js'] ?? '';
  const [, lists = ''] = /const routeIpRules = (.*);/.exec(code) ?? [];
  const rulesOf = (id: string): unknown => {
    const member = new RegExp(`id: "${id}".*?(?= id: |$)`, 's').exec(code)?.[0] ?? '';
    const [, index] = /ipRules: routeIpRules\[(\d+)\]/.exec(member) ?? [];
    return index === undefined ? undefined : (JSON.parse(lists) as unknown[])[Number(index)];
  };
  return { ...compilation, code, rulesOf };
};

describe('IP rules of a contract', () => {
  it('that has none add no code', () => {
    expect(compiled(', ipRules: false').code).not.toMatch(/ip-?rules/i);
  });

  it('are the nearest as a whole; the defaults are also those of built-in routes, except /health', () => {
    const { rulesOf, openapi } = compiled(
      ', ipRules: { deny: [10.0.0.1] }',
      ', ipRules: { allow: [10.0.0.0/8] }',
      ', x-postern: { ipRules: false }',
    );
    expect(rulesOf('GET /users')).toBeUndefined();
    expect(rulesOf('PUT /users')).toEqual({ allow: ['10.0.0.0/8'] });
    expect(rulesOf('GET /health/ready')).toEqual({ deny: ['10.0.0.1'] });
    expect(rulesOf('GET /health')).toBeUndefined();
    const { get, put } = (openapi as { paths: Record<string, Record<string, object>> }).paths[
      '/users'
    ] as Record<string, { responses: object }>;
    expect(put?.responses).toHaveProperty('403');
    expect(get?.responses).not.toHaveProperty('403');
  });

  it('name the values that the environment must give', () => {
    const { code, summary } = compiled(
      ", ipRules: { allow: '${office}', deny: ['${bad}', 10.0.0.1] }",
    );
    expect(summary).toMatchObject({
      values: ['office', 'bad'],
      function_values: ['office', 'bad'],
    });
    expect(code).toContain('ipValues: ipValues(["office","bad"])');
    expect(compiled(', ipRules: { deny: [10.0.0.1] }').code).not.toContain('ipValues');
  });

  it.each([
    [
      '{ allow: [10.0.0.1/8] }',
      '"10.0.0.1/8" has bits after its prefix: write 10.0.0.0/8, or 10.0.0.1',
    ],
    [
      '{ deny: [example.com] }',
      '"example.com" is no address or CIDR range, such as 203.0.113.7 or 10.0.0.0/8',
    ],
    ["{ deny: ['::ffff:1.2.3.4'] }", '"::ffff:1.2.3.4" is an IPv4 address: write 1.2.3.4'],
    ['{}', '"ipRules" must be false, or have allow or deny'],
    ['true', '"ipRules" must be false, or have allow or deny'],
    ['{ allow: [] }', expect.stringContaining('"allow"')],
    [
      '{ allow: 10.0.0.1 }',
      expect.stringContaining('must be a list of addresses and CIDR ranges, or "${name}"'),
    ],
    ['{ allows: [10.0.0.1] }', 'unknown key "allows" — did you mean "allow"?'],
  ] as ReadonlyArray<[string, unknown]>)(
    'are a problem where they are written: %s',
    (rules, problem) => {
      for (const path of ['', `, ipRules: ${rules}`]) {
        const compilation = compile(path === '' ? `, ipRules: ${rules}` : '', path);
        const problems = compilation.ok ? [] : compilation.problems;
        expect(problems.map((text) => text.replace(/^gateway\.yaml:\d+:\d+ {2}/, ''))).toEqual([
          problem,
        ]);
      }
    },
  );
});
