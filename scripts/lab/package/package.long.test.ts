import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publint } from 'publint';
import { type Finished, run } from '../../stack/command-line/run.ts';
import { packageFolder } from '../../stack/command-line/folders.ts';
import { bundledPackages } from './bundle-packages.ts';
import { describePackage, type Packed, packPackage } from './pack-package.ts';

const contract = `openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
x-postern:
  version: 1
  upstreams:
    products: { http: {} }
  defaults: { rateLimits: [] }
paths:
  /products:
    x-postern: { upstream: products }
    get:
      security: []
      responses: { '200': { description: Products } }
`;

let folder: string;
/** Of an adopter: with a space in its path, and outside of this repository. */
let project: string;
let packed: Packed;

/** The adopter has no programs of this repository on the path. */
const env = {
  ...process.env,
  NO_COLOR: '1',
  PATH: [dirname(process.execPath), process.env['PATH']].join(':'),
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-package-'));
  project = join(folder, 'my gateway');
  mkdirSync(project);
  packed = await packPackage(folder);
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  // As an editor on Windows saves it.
  writeFileSync(join(project, 'gateway.yaml'), contract.replaceAll('\n', '\r\n'));
  const options = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  const tarball = join('..', packed.filename);
  const installed = await run('npm', ['install', '--save-dev', ...options, tarball], {
    cwd: project,
    env,
  });
  expect(installed).toMatchObject({ exitCode: 0 });
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const postern = (...args: readonly string[]): Promise<Finished> =>
  run('npx', ['--no-install', 'postern', ...args], { cwd: project, env });

describe('the tarball', () => {
  it('is smaller than 3 MiB, with what it bundles', () => {
    expect(packed.size).toBeLessThanOrEqual(3 * 1_048_576);
  });

  it('brings at most 4,000 files, and none of a package that it bundles', () => {
    const modules = join(project, 'node_modules');
    const bundled = bundledPackages.filter((name) => existsSync(join(modules, name)));
    expect(bundled).toEqual([]);
    expect(readdirSync(modules, { recursive: true }).length).toBeLessThanOrEqual(4_000);
  });

  it('has bundled packages that Node can load, and their licenses', async () => {
    const bundle = join(project, 'node_modules/postern/dist/packages');
    const files = readdirSync(bundle).filter((file) => file.endsWith('.js'));
    const loads = files.map(
      (file) => `import ${JSON.stringify(pathToFileURL(join(bundle, file)))};`,
    );
    const loaded = await run(process.execPath, ['--input-type=module', '-e', loads.join('\n')]);
    expect(loaded).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    const licenses = readFileSync(join(bundle, 'LICENSES.txt'), 'utf8');
    for (const name of bundledPackages) expect(licenses).toContain(name);
  });

  it('has the folders that an adopter needs, and no other', () => {
    const paths = packed.files.map(({ path }) => path);
    const folders = paths.map((path) => /^(dist\/)?[^/]+(\/[^/]+)?(?=\/)/.exec(path)?.[0] ?? '.');
    expect([...new Set(folders)].toSorted()).toEqual([
      '.',
      'dist',
      'dist/handler',
      ...['dist/handler/compiler', 'dist/handler/src', 'dist/load-test/lib', 'dist/packages'],
      'dist/scripts',
      ...[
        'dist/scripts/commands',
        'dist/scripts/dev',
        'dist/scripts/operations',
        'dist/scripts/stack',
      ],
      ...['docs', 'docs/runbooks', 'examples/minimal', 'load-test/lib', 'load-test/scenarios'],
      ...['terraform/bootstrap', 'terraform/extras', 'terraform/modules'],
    ]);
  });

  it('has no test, and no settings of this repository', () => {
    const unwanted = /\.test\.|\/tests?\/|testing\/|\.tfvars$|\.tfstate|^dist\/.*(?<!\.d)\.ts$/;
    const paths = packed.files.map(({ path }) => path);
    expect(paths.filter((path) => unwanted.test(path))).toEqual([]);
  });

  it('is a valid package: publint', async () => {
    const tarball = Uint8Array.from(readFileSync(join(folder, packed.filename))).buffer;
    const { messages } = await publint({ pack: { tarball } });
    expect(messages).toEqual([]);
  });

  it('has types that TypeScript finds for each import: Are the types wrong?', async () => {
    const program = join(packageFolder, 'node_modules/.bin/attw');
    const files = ['gateway.schema.json', 'package.json'];
    const checked = await run(
      program,
      [
        join(folder, packed.filename),
        '--no-definitely-typed',
        '--profile',
        'esm-only',
        '--exclude-entrypoints',
        ...files,
      ],
      { cwd: packageFolder, env },
    );
    expect(checked).toMatchObject({ exitCode: 0 });
  });

  it('has a bill of materials and checksums beside it', async () => {
    await describePackage(folder, packed);
    const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8');
    expect(sums).toMatch(
      /^[0-9a-f]{64} {2}postern-.*\.tgz\n[0-9a-f]{64} {2}postern-.*\.cdx\.json\n$/,
    );
    const bill = JSON.parse(
      readFileSync(join(folder, packed.filename.replace('.tgz', '.cdx.json')), 'utf8'),
    ) as { readonly components: ReadonlyArray<{ readonly name: string }> };
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'postern' } },
    });
    const names = bill.components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['esbuild', 'ajv', 'echarts', 'zrender']));
    expect(names).not.toContain('jest');
  });
});

describe('the installed package, in a folder with a space in its path,', () => {
  it('validates, lists and builds, and writes only .postern and contract.json', async () => {
    const before = readdirSync(join(project, 'node_modules'), { recursive: true });
    expect(await postern('validate')).toMatchObject({
      exitCode: 0,
      stdout: 'The contract is valid: 0 errors, 0 warnings.\n',
    });
    const { stdout } = await postern('routes', '--json');
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ id: 'GET /products' }));
    const built = await postern('build');
    expect(built).toMatchObject({ exitCode: 0 });
    expect(built.stdout).toMatch(/^\.postern\/build\/gateway\.zip {2}\d+ bytes {2}sha256:/);
    expect(readdirSync(project).toSorted()).toEqual(
      [
        '.postern',
        'contract.json',
        'gateway.yaml',
        'node_modules',
        'package-lock.json',
        'package.json',
      ].toSorted(),
    );
    expect(readdirSync(join(project, 'node_modules'), { recursive: true })).toEqual(before);
  });

  it('serves the contract with mocked upstreams', async () => {
    const server = spawn('npx', ['--no-install', 'postern', 'dev', '--port', '0'], {
      cwd: project,
      env,
      detached: true,
    });
    try {
      let output = '';
      const url = await new Promise<string>((resolve, reject) => {
        const read = (chunk: Buffer): void => {
          output += chunk.toString();
          const origin = /^(http:\S+) serves/m.exec(output)?.[1];
          if (origin !== undefined) resolve(origin);
        };
        server.stdout.on('data', read);
        server.stderr.on('data', read);
        server.once('exit', () => reject(new Error(output)));
      });
      expect((await fetch(`${url}/products`)).status).toBe(200);
      expect(output).not.toContain('Warning');
    } finally {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      if (server.pid !== undefined) process.kill(-server.pid, 'SIGTERM');
      await ended;
    }
  });

  it('names the nearest command where one is unknown', async () => {
    const finished = await postern('deplyo', 'local');
    expect(finished.exitCode).toBe(1);
    expect(finished.stderr).toContain('Did you mean deploy?');
  });

  it('builds a contract with a plugin, and runs the test of the plugin', async () => {
    const files = {
      'gateway.yaml': contract
        .replace(
          '  upstreams:',
          '  plugins: { tenant: { use: ./plugins/tenant.ts, at: before-upstream } }\n  upstreams:',
        )
        .replace('rateLimits: []', 'rateLimits: [], plugins: [tenant]'),
      'plugins/tenant.ts': `import { definePlugin, GatewayError } from 'postern/plugin';
        export default definePlugin({
          create: () => ({
            before: ({ event }) => {
              if (!event.headers['x-user']) throw new GatewayError('ACCESS_DENIED', { detail: 'No.' });
              event.headers['x-tenant'] = 'acme';
            },
          }),
        });`,
      'plugins/try.mts': `import { testPlugin } from 'postern/plugin-testing';
        import tenant from './tenant.ts';
        const { forwarded } = await testPlugin(tenant, { request: { headers: { 'x-user': 'a' } } });
        const { response } = await testPlugin(tenant);
        console.log(forwarded?.headers['x-tenant'], response.statusCode);`,
    };
    mkdirSync(join(project, 'plugins'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
    expect(await postern('build')).toMatchObject({ exitCode: 0 });
    const flags = ['--experimental-strip-types', '--no-warnings'];
    expect(
      await run(process.execPath, [...flags, 'plugins/try.mts'], { cwd: project }),
    ).toMatchObject({ exitCode: 0, stdout: 'acme 403\n' });
    const tsc = join(packageFolder, 'node_modules/typescript/bin/tsc');
    const strict = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--allowImportingTsExtensions',
      '--types',
      'node',
    ];
    const types = await run(
      process.execPath,
      [tsc, ...strict, 'plugins/tenant.ts', 'plugins/try.mts'],
      { cwd: project },
    );
    expect(types).toMatchObject({ exitCode: 0, stdout: '' });
  }, 120_000);
});
