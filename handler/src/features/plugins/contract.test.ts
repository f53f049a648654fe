import { describe, expect, it } from '@jest/globals';
import { compileContract } from '../../../compiler/compile-contract.ts';

const contractWith = (
  defaults: string,
  users: string,
  plugins = twoPlugins,
): string => `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  plugins: ${plugins}
  upstreams: { users: { http: {} } }
  defaults: { rateLimits: [], upstream: users${defaults} }
security: []
paths:
  /users:
    get: { responses: { '200': { description: OK } }${users} }
  /orders:
    get: { responses: { '200': { description: OK } } }
`;
const twoPlugins =
  '{ tenant: { use: ./tenant.ts, at: before-upstream }, sign-all: { use: sign, at: before-auth, with: { a: 1 } } }';

const compile = (...given: Parameters<typeof contractWith>) =>
  compileContract(contractWith(...given), { file: 'gateway.yaml', runtime: '../src' });

const problemsOf = (...given: Parameters<typeof contractWith>): readonly string[] => {
  const compilation = compile(...given);
  return compilation.ok ? [] : compilation.problems;
};

/** The names of each route's plugins, by where they run. */
const pluginsOf = (...given: Parameters<typeof contractWith>) => {
  const compilation = compile(...given);
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  const code = compilation.modules['contract.js'] ?? '';
  const lists = [...code.matchAll(/id: "(\w+ [^"]+)"[^\n]*?(?=\{ id: |\n|$)/g)].map(
    ([text, id]) => [
      id,
      [...text.matchAll(/"([\w-]+)": \[([^\]]+\])\]/g)].map(([, at, names]) => `${at} ${names}`),
    ],
  );
  return { lists: Object.fromEntries(lists) as Record<string, string[]>, code, compilation };
};

describe('plugins in the contract', () => {
  it('are those of the nearest list as a whole; [] is none', () => {
    const { lists } = pluginsOf(', plugins: [tenant, sign-all]', ', x-postern: { plugins: [] }');
    expect(lists['GET /orders']).toEqual([
      'before-auth plugins["sign-all"]',
      'before-upstream plugins["tenant"]',
    ]);
    expect(lists['GET /users']).toEqual([]);
    expect(lists['GET /health']).toEqual([]);
  });

  it('bring only the steps of the places where they run', () => {
    const of = (name: string) => {
      const { compilation } = pluginsOf(`, plugins: [${name}]`, '');
      return compilation.features;
    };
    expect(of('tenant')).toEqual(
      expect.arrayContaining(['pluginsOnResponse', 'pluginsBeforeUpstream']),
    );
    expect(of('tenant')).not.toContain('pluginsBeforeAuth');
    expect(of('sign-all')).toEqual(
      expect.arrayContaining(['pluginsOnResponse', 'pluginsBeforeAuth']),
    );
    expect(of('sign-all')).not.toContain('pluginsBeforeUpstream');
  });

  it('that no operation uses are checked, but not imported', () => {
    const { code, compilation } = pluginsOf('', '');
    expect(code).not.toMatch(/plugin/i);
    expect(compilation.projectModules.map(({ file }) => file)).toEqual([
      'plugin-tenant.js',
      'plugin-sign-all.js',
    ]);
  });

  it.each<[string, Parameters<typeof contractWith>, string]>([
    [
      'that are not defined',
      ['', ', x-postern: { plugins: [tenatn] }'],
      '11:78  unknown plugin "tenatn" — did you mean "tenant"?',
    ],
    ['that are named twice', [', plugins: [tenant, tenant]', ''], '7:66  "tenant" is named twice'],
    [
      'without a place',
      ['', '', '{ tenant: { use: ./tenant.ts } }'],
      '5:14  "at" is missing — add "at: before-upstream"',
    ],
    [
      'with an unknown place',
      ['', '', '{ tenant: { use: ./tenant.ts, at: before-upstrem } }'],
      '5:46  "at" cannot be "before-upstrem" — did you mean "before-upstream"?',
    ],
    [
      'whose path does not begin with ./',
      ['', '', '{ tenant: { use: /plugins/tenant.ts, at: before-auth } }'],
      '5:29  "use" must be a path that begins with ./, such as ./plugins/tenant.ts, or the name of a package',
    ],
    [
      'whose name has upper-case letters',
      ['', '', '{ Tenant: { use: ./tenant.ts, at: before-auth } }'],
      '5:14  "Tenant" must be a name of lower-case letters, digits and single hyphens that starts with a letter',
    ],
    [
      'as one name',
      [', plugins: tenant', ''],
      '7:57  "plugins" must be a list of names, such as [tenant], or [] for none',
    ],
  ])('%s are a problem at their place', (_, given, problem) => {
    expect(problemsOf(...given)).toEqual([`gateway.yaml:${problem}`]);
  });
});
