import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Compilation } from '../../../handler/compiler/compile-contract.ts';
import { httpApiEvent } from '../../../handler/testing/events.ts';
import { startStubServices } from '../../../handler/testing/stub-services.ts';
import { projectFolder } from '../command-line/folders.ts';
import { buildZip } from './build-zip.ts';
import { compileFile } from './compile-file.ts';

const testing = join(projectFolder, 'handler/generated/testing');
let folder = '';
let contractFile = '';

beforeEach(() => {
  mkdirSync(testing, { recursive: true });
  folder = mkdtempSync(join(testing, 'project-modules-'));
  contractFile = join(folder, 'gateway.yaml');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
};

/** Line 6 is the plugin's. */
const contractWith = (plugin: string): string => `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  plugins:
    tenant: { ${plugin} }
  upstreams: { users: { http: {} } }
  defaults: { rateLimits: [], upstream: users, plugins: [tenant] }
security: []
paths: { /users: { get: { responses: { '200': { description: OK } } } } }
`;

interface Given {
  readonly plugin?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly checksTypes?: boolean;
}

const compile = ({
  plugin = 'use: ./plugins/tenant.ts, at: before-auth',
  files = {},
  checksTypes = false,
}: Given): Promise<Compilation> => {
  write({ 'gateway.yaml': contractWith(plugin), ...files });
  return compileFile(contractFile, { generatedFolder: join(folder, 'generated'), checksTypes });
};

const problemsOf = async (given: Given): Promise<readonly string[]> => {
  const compilation = await compile(given);
  const here = `${relative(projectFolder, folder)}/`;
  return compilation.ok ? [] : compilation.problems.map((each) => each.replaceAll(here, ''));
};

const tenant = `
import { definePlugin } from 'postern/plugin';
import { upper } from './upper.ts';
export default definePlugin({
  options: {
    type: 'object',
    properties: {
      header: { type: 'string', pattern: '^x-' },
      count: { type: 'integer', default: 3 },
    },
    required: ['header'],
    additionalProperties: false,
  },
  create: ({ header, count }) => ({
    before: ({ event }) => { event.headers[header] = upper('acme'.repeat(count)); },
  }),
});
`;
const upper = 'export const upper = (text: string): string => text.toUpperCase();\n';
const files = { 'plugins/tenant.ts': tenant, 'plugins/upper.ts': upper };
const withOptions = (options: string): string =>
  `use: ./plugins/tenant.ts, at: before-auth, with: ${options}`;

describe('a plugin of the project', () => {
  it('becomes a module with what it imports of the project, and its options with their defaults', async () => {
    const compilation = await compile({ plugin: withOptions('{ header: x-tenant }'), files });
    if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
    expect(compilation.modules['plugin-tenant.js']).toMatch(/toUpperCase/);
    expect(compilation.modules['plugin-tenant.js']).toContain(
      'export const options = {"header":"x-tenant","count":3};',
    );
    expect(compilation.modules['contract.js']).toContain("from './plugin-tenant.js'");
    const here = relative(projectFolder, folder);
    expect(compilation.files).toEqual(
      expect.arrayContaining([`${here}/plugins/tenant.ts`, `${here}/plugins/upper.ts`]),
    );
    expect(readdirSync(join(folder, 'generated'))).toEqual([]);
  });

  it.each<[string, Given, string]>([
    ['that does not exist', {}, 'gateway.yaml:6:20  there is no file "./plugins/tenant.ts"'],
    [
      'with a syntax error',
      { files: { 'plugins/tenant.ts': 'export default {\n  before: (,\n};' } },
      'plugins/tenant.ts:2:12  Unexpected ","',
    ],
    [
      'that imports a package that is not installed',
      { files: { 'plugins/tenant.ts': "import x from 'left-pad';\nexport default x;" } },
      'plugins/tenant.ts:1:15  the package "left-pad" is not installed — run: npm install left-pad',
    ],
    [
      'that imports a missing file',
      { files: { 'plugins/tenant.ts': "import { x } from './x.ts';\nexport default x;" } },
      'plugins/tenant.ts:1:19  Could not resolve "./x.ts"',
    ],
    [
      'without a default export',
      { files: { 'plugins/tenant.ts': 'export const tenant = {};' } },
      'gateway.yaml:6:20  "./plugins/tenant.ts" has no default export — write "export default definePlugin({ … })"',
    ],
    [
      'whose default export is no plugin',
      { files: { 'plugins/tenant.ts': 'export default { befor: () => 1 };' } },
      'gateway.yaml:6:20  the default export of "./plugins/tenant.ts" is no plugin — write "export default definePlugin({ … })", or export a Middy middleware',
    ],
    [
      'that throws when it is loaded',
      { files: { 'plugins/tenant.ts': "throw new Error('no key');\nexport default () => ({});" } },
      'gateway.yaml:6:20  "./plugins/tenant.ts" cannot be loaded: no key',
    ],
    [
      'whose options schema is none',
      {
        files: {
          'plugins/tenant.ts':
            "export default { options: { type: 'objekt' }, create: () => ({}) };",
        },
      },
      'gateway.yaml:6:20  the "options" of "./plugins/tenant.ts" are no JSON Schema: schema is invalid: data/type must be equal to one of the allowed values, data/type must be array, data/type must match a schema in anyOf',
    ],
    ['without a required option', { files }, 'gateway.yaml:6:5  "header" is missing'],
    [
      'with an unknown option',
      { plugin: withOptions('{ header: x-tenant, coutn: 2 }'), files },
      'gateway.yaml:6:84  unknown key "coutn" — did you mean "count"?',
    ],
    [
      'with an option of another type',
      { plugin: withOptions('{ header: x-tenant, count: two }'), files },
      'gateway.yaml:6:91  "count" must be an integer',
    ],
    [
      'without options that is given some',
      {
        plugin: withOptions('{ header: x-tenant }'),
        files: { 'plugins/tenant.ts': 'export default { before: () => undefined };' },
      },
      'gateway.yaml:6:64  "./plugins/tenant.ts" takes no options',
    ],
  ])('%s is a problem at its place', async (_, given, problem) => {
    expect(await problemsOf(given)).toEqual([problem]);
  });

  it('with a type error is a problem at its line in the plugin', async () => {
    const wrong = tenant.replace("'acme'.repeat(count)", 'count');
    expect(
      await problemsOf({
        plugin: withOptions('{ header: x-tenant }'),
        files: { ...files, 'plugins/tenant.ts': wrong },
        checksTypes: true,
      }),
    ).toEqual([
      "plugins/tenant.ts:15:60  Argument of type 'number' is not assignable to parameter of type 'string'.",
    ]);
  });

  it('with correct types has no problem', async () => {
    const plugin = withOptions('{ header: x-tenant }');
    expect(await problemsOf({ plugin, files, checksTypes: true })).toEqual([]);
  });
});

describe('a package as a plugin', () => {
  it('is not part of the module, which imports it', async () => {
    const compilation = await compile({
      plugin: "use: '@middy/http-partial-response', at: on-response",
    });
    expect(compilation).toMatchObject({
      ok: true,
      modules: {
        'plugin-tenant.js': expect.stringContaining('from "@middy/http-partial-response"'),
      },
    });
  });

  it.each<[string, string, string]>([
    [
      'that is not installed',
      "use: '@middy/http-security-headers', at: on-response",
      'gateway.yaml:6:20  the package "@middy/http-security-headers" is not installed — run: npm install @middy/http-security-headers',
    ],
    [
      'with an option that its own check refuses',
      "use: '@middy/http-partial-response', at: on-response, with: { filteringKey: f }",
      `gateway.yaml:6:75  the options do not fit "@middy/http-partial-response": Unknown option 'filteringKey'`,
    ],
  ])('%s is a problem at its place', async (_, plugin, problem) => {
    expect(await problemsOf({ plugin })).toEqual([expect.stringContaining(problem)]);
  });
});

describe('a zip with a plugin', () => {
  it('has the plugin in its bundle, and a refusal of the plugin is the gateway’s own error', async () => {
    const refusing = tenant.replace('definePlugin }', 'definePlugin, GatewayError }').replace(
      'before: ({ event }) => {',
      `before: ({ event }) => {
          if (event.headers['x-refuse']) throw new GatewayError('ACCESS_DENIED', { detail: 'No.' });`,
    );
    const plugin = withOptions('{ header: x-tenant }');
    write({
      'gateway.yaml': contractWith(plugin),
      ...files,
      'plugins/tenant.ts': refusing,
      'out/package.json': '{ "type": "commonjs" }',
    });
    const entryFile = join(projectFolder, 'handler/src/index.ts');
    const [generatedFolder, outFolder] = [join(folder, 'generated'), join(folder, 'out')];
    await buildZip({ contractFile, entryFile, generatedFolder, outFolder });
    const services = await startStubServices({
      service: ({ headers }, response) => void response.end(JSON.stringify(headers['x-tenant'])),
    });
    try {
      const program = `const { handler } = require(process.argv[1]);
        const context = { awsRequestId: 'a', getRemainingTimeInMillis: () => 10_000 };
        (async () => {
          for (const event of JSON.parse(process.argv[2])) {
            const { body } = await handler(event, context);
            process.stderr.write(JSON.parse(body).code ?? body);
          }
        })();`;
      const events = [{}, { 'x-refuse': '1' }].map((headers) =>
        httpApiEvent('GET', '/users', { headers }),
      );
      const args = ['-e', program, join(outFolder, 'index.js'), JSON.stringify(events)];
      const env = services.environment;
      const { stderr } = await promisify(execFile)(process.execPath, args, { env });
      expect(stderr).toBe('"ACMEACMEACME"ACCESS_DENIED');
    } finally {
      await services.stop();
    }
  });
});
