import { describe, expect, it } from '@jest/globals';
import { compileContract } from '../../../compiler/compile-contract.ts';

const compile = (plans: string, operation = '', security = '[{ session: [] }]') =>
  compileContract(
    `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} } }
  failureLimit: false
  rateLimits: { slow: { per: [caller], limit: 10, window: 1m }, all: { per: [ip], limit: 99, window: 1m } }
  defaults: { rateLimits: [], upstream: users }
${plans === '' ? '' : `  plans: ${plans}`}
security: ${security}
paths:
  /users:
    get: { responses: { '200': { description: OK } }${operation} }
    put: { responses: { '200': { description: OK } } }
components: { securitySchemes: { session: { type: http, scheme: bearer, x-postern: { session: {} } } } }
`,
    { file: 'gateway.yaml', runtime: '../src' },
  );

const compiled = (...given: Parameters<typeof compile>) => {
  const compilation = compile(...given);
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  return { ...compilation, code: compilation.modules['contract.js'] ?? '' };
};

const statusesOf = ({ openapi }: { readonly openapi: object }, method = 'put') => {
  const { paths } = openapi as { paths: Record<string, Record<string, { responses: object }>> };
  return Object.keys(paths['/users']?.[method]?.responses ?? {});
};

describe('plans of a contract', () => {
  it.each([
    ['there are none', '', '[{ session: [] }]'],
    ['no route knows its caller', '{ free: { quota: { limit: 5, period: day } } }', '[]'],
  ])('add no code if %s', (_, plans, security) => {
    const { code, features } = compiled(plans, '', security);
    expect(features).not.toEqual(expect.arrayContaining(['plans']));
    expect(code).not.toMatch(/plan|quota/i);
  });

  it('bring the stores and steps that they need, and no others', () => {
    const quota = compiled('{ free: { quota: { limit: 5, period: day } } }');
    expect(quota.features).toEqual(expect.arrayContaining(['plans', 'quota']));
    expect(quota.features).not.toContain('rateLimit');
    expect(quota.code).toContain('quotas: dynamoDbQuotas');
    expect(quota.summary['permissions']).toContainEqual({
      store: 'usage',
      actions: ['dynamodb:UpdateItem'],
    });
    const limits = compiled('{ free: { rateLimits: [slow] } }');
    expect(limits.features).toEqual(expect.arrayContaining(['plans', 'rateLimit']));
    expect(limits.features).not.toContain('quota');
    expect(limits.code).not.toMatch(/quotas/);
    expect(limits.summary['permissions']).toContainEqual({
      store: 'rate-limits',
      actions: ['dynamodb:UpdateItem'],
    });
    expect(JSON.stringify(limits.summary['permissions'])).not.toContain('usage');
    expect(compiled('{ none: {} }').code).not.toMatch(/quotas|rateLimit,/);
  });

  it('are compiled with their defaults, for the function and for the commands', () => {
    const { code, summary } = compiled(
      '{ free: { rateLimits: [slow], quota: { limit: 5, period: day }, ipRules: { deny: [10.0.0.1] } }, pro: {} }',
    );
    expect(code).toContain(
      'plans({ "free": { rateLimits: [rateLimits["slow"]], ipRules: {"deny":["10.0.0.1"]}, quota: {"name":"free","limit":5,"period":"day","onStoreFailure":"allow"} }, "pro": {  } })',
    );
    expect(summary['plans']).toEqual({ free: { limit: 5, period: 'day' }, pro: {} });
  });

  it('leave the limits that an operation has of its own', () => {
    const { code } = compiled(
      '{ free: { rateLimits: [slow] } }',
      ', x-postern: { rateLimits: [all] }',
    );
    expect(code.match(/hasOwnRateLimits: true/g)).toHaveLength(1);
    expect(compiled('{ free: {} }', ', x-postern: { rateLimits: [all] }').code).not.toContain(
      'hasOwnRateLimits',
    );
  });

  it('are in the published document with what they can respond', () => {
    expect(statusesOf(compiled('{ free: {} }'))).not.toContain('429');
    expect(statusesOf(compiled('{ free: {} }'))).toContain('403');
    const denying = '{ free: { quota: { limit: 5, period: day, onStoreFailure: deny } } }';
    expect(statusesOf(compiled(denying))).toEqual(expect.arrayContaining(['403', '429', '503']));
    const { openapi } = compiled(denying);
    expect(JSON.stringify(openapi)).toContain('RateLimit-Policy');
  });

  it('name the values of their addresses, together with those of routes', () => {
    const { code, summary } = compiled(
      "{ free: { ipRules: { allow: '${partners}' } } }",
      ", x-postern: { ipRules: { allow: ['${office}'] } }",
    );
    expect(code.match(/ipValues\(\["partners","office"\]\)/g)).toHaveLength(1);
    expect(summary.values).toEqual(expect.arrayContaining(['partners', 'office']));
  });

  it.each<[plans: string, problem: unknown]>([
    ['{ free: { rateLimits: [slo] } }', 'unknown rate limit "slo" — did you mean "slow"?'],
    ['{ free: { quota: { period: day } } }', '"limit" is missing — add "limit: 1000"'],
    ['{ free: { quota: { limit: 1000 } } }', '"period" is missing — add "period: day"'],
    [
      '{ free: { quota: { limit: 5, period: week } } }',
      expect.stringContaining('cannot be "week"'),
    ],
    ['{ free: { quota: { limit: 0, period: day } } }', expect.stringContaining('"limit"')],
    ['{ free: { quota: { limit: 1.5, period: day } } }', expect.stringContaining('"limit"')],
    ['{ free: { ipRules: {} } }', '"ipRules" must have allow or deny'],
    ['{ free: { ipRules: { deny: [10.0.0.1/8] } } }', expect.stringContaining('write 10.0.0.0/8')],
    ['{ Free: {} }', expect.stringContaining('must be a name of lower-case letters')],
    ['{ free: { quotas: {} } }', 'unknown key "quotas" — did you mean "quota"?'],
  ])('with a mistake are a problem: %s', (plans, problem) => {
    const compilation = compile(plans);
    const problems = compilation.ok ? [] : compilation.problems;
    expect(problems.map((text) => text.replace(/^gateway\.yaml:\d+:\d+ {2}/, ''))).toEqual([
      problem,
    ]);
  });
});
