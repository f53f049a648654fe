import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { brotliDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { httpApiEvent } from '../../../handler/testing/events.ts';
import { startStubServices } from '../../../handler/testing/stub-services.ts';
import { projectFolder } from '../command-line/folders.ts';
import { examplePlaces } from './build-places.ts';
import { buildZip, type SwitchedFeature, switchedFeatures, zip } from './build-zip.ts';

let folders: string[];

// Inside the project, so that the handler's packages are found from there. Lint and types do not look into dot folders.
const temporaryPlaces = async () => {
  const parent = join(projectFolder, 'handler/generated');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, '.testing-'));
  folders.push(folder);
  const entryFile = join(folder, 'entry.ts');
  await writeFile(
    entryFile,
    `import { contract } from './generated/contract.js';
     import { createMatcher } from '../../src/pipeline/match.ts';
     export const handler = createMatcher(contract.routes);`,
  );
  const contractFile = join(folder, 'gateway.yaml');
  await writeFile(contractFile, await readFile(examplePlaces.contractFile));
  const generatedFolder = join(folder, 'generated');
  return { entryFile, contractFile, generatedFolder, outFolder: join(folder, 'out') };
};

const contractWithAWarning = `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} } }
  defaults: { upstream: users, rateLimits: [] }
paths:
  /{id}:
    parameters: [{ name: id, in: path, required: true, schema: {} }]
    get: { security: [] }
  /me:
    get: { security: [{ session: [user] }] }
components: { securitySchemes: { session: { type: http, scheme: bearer, x-postern: { session: {} } } } }
`;

beforeEach(() => {
  folders = [];
});
afterEach(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

describe('a build', () => {
  it('gives the same bytes in every folder, and again', async () => {
    const [here, there] = [await temporaryPlaces(), await temporaryPlaces()];
    const first = await buildZip(here);
    expect(await buildZip(there)).toMatchObject({ sha256: first.sha256, bytes: first.bytes });
    expect(await buildZip(here)).toEqual(first);
  });

  it('holds a handler that runs without anything beside it', async () => {
    const places = await temporaryPlaces();
    const { path, bytes } = await buildZip(places);
    const contents = await readFile(path);
    expect(contents.length).toBe(bytes);
    const files = unzipSync(contents);
    expect(Object.keys(files)).toEqual(['index.js', 'openapi.br']);
    const module = { exports: {} as { handler?: (...args: unknown[]) => unknown } };
    const code = new TextDecoder().decode(files['index.js']);
    // `Function` and `eval` are refused: whatever the contract needs is compiled by now.
    runInNewContext(
      code,
      {
        module,
        exports: module.exports,
        __dirname: places.outFolder,
        Buffer,
        process: { env: {} },
        require: (name: string): unknown => process.getBuiltinModule(name),
      },
      {
        contextCodeGeneration: { strings: false, wasm: false },
      },
    );
    expect(module.exports.handler?.('GET', ['api', 'v1', 'users', 'alice'])).toMatchObject({
      kind: 'match',
      match: { route: { id: 'GET /api/v1/users/{user_id}' }, params: { user_id: 'alice' } },
    });
  });

  it.each([
    ['postern', 'ATTEMPT_TIMEOUT', 'aws-sdk'],
    ['sdk', 'com.amazonaws.dynamodb', 'ATTEMPT_TIMEOUT'],
  ] as const)('holds the AWS client that was chosen, and not the other: %s', async (...each) => {
    const [awsClient, present, absent] = each;
    const places = await temporaryPlaces();
    await writeFile(
      places.entryFile,
      `import { createSecretsManager } from '${projectFolder}/handler/src/aws/secrets-manager.ts';
       import { createDynamoDb } from '../../src/stores/dynamodb/dynamodb-client.ts';
       export const handler = [createSecretsManager, createDynamoDb];`,
    );
    await buildZip(places, { awsClient });
    const code = await readFile(join(places.outFolder, 'index.js'), 'utf8');
    expect(code).toContain(present);
    expect(code).not.toContain(absent);
  });

  it.each([
    ['postern', 'without loading TLS or WebCrypto, of which no address or token needs any', []],
    ['sdk', 'which loads both', ['tls', 'internal/crypto/webcrypto']],
  ] as const)(
    'serves a signed-in request on Lambda with the AWS client %s, %s',
    async (awsClient, _, loads) => {
      const places = { ...(await temporaryPlaces()), entryFile: examplePlaces.entryFile };
      await buildZip(places, { awsClient });
      // Otherwise V8 holds the source at two bytes a character, and reads it more slowly.
      const code = await readFile(join(places.outFolder, 'index.js'));
      expect(code.toString('latin1')).toBe(code.toString());
      const services = await startStubServices();
      try {
        const headers = { authorization: `Bearer ${await services.signIn('alice')}` };
        const event = httpApiEvent('GET', '/api/v1/users/alice', { headers });
        const program = `const { handler } = require(process.argv[1]);
          const context = { awsRequestId: 'a', getRemainingTimeInMillis: () => 10_000 };
          handler(JSON.parse(process.argv[2]), context).then(({ statusCode, body }) => {
            const costly = ['tls', 'internal/crypto/webcrypto'];
            const loaded = costly.filter((name) => process.moduleLoadList.includes('NativeModule ' + name));
            process.stderr.write(JSON.stringify([statusCode, body, loaded]));
          });`;
        const file = join(places.outFolder, 'index.js');
        await writeFile(join(places.outFolder, 'package.json'), '{ "type": "commonjs" }');
        const args = ['-e', program, file, JSON.stringify(event)];
        // As Lambda does; the SDK then has a step more.
        const env = { ...services.environment, AWS_LAMBDA_FUNCTION_NAME: 'postern-test' };
        const { stderr } = await promisify(execFile)(process.execPath, args, { env });
        expect(JSON.parse(stderr)).toEqual([200, '{}', loads]);
      } finally {
        await services.stop();
      }
    },
  );

  it.each([
    ['holds the sign-in method that a route needs', '[{ session: [user] }]', true],
    ['holds no code of a sign-in method if all routes are public', '[]', false],
  ])('%s', async (_, security, isHeld) => {
    const places = { ...(await temporaryPlaces()), entryFile: examplePlaces.entryFile };
    const text = contractWithAWarning.replace('[{ session: [user] }]', security);
    await writeFile(places.contractFile, text);
    await buildZip(places);
    const code = await readFile(join(places.outFolder, 'index.js'), 'utf8');
    expect(code.includes('token_signing_key')).toBe(isHeld);
    expect(code.includes('active_kid')).toBe(isHeld);
  });

  it('holds the published document, compressed, beside the code', async () => {
    const places = await temporaryPlaces();
    const { path } = await buildZip(places);
    const { 'openapi.br': document } = unzipSync(await readFile(path));
    const published = await readFile(join(places.generatedFolder, 'openapi.json'), 'utf8');
    expect(String(brotliDecompressSync(document ?? Buffer.of()))).toBe(published);
    expect(await readFile(join(places.outFolder, 'index.js'), 'utf8')).not.toContain('getUser');
  });

  it('tells Terraform of the contract beside the zip', async () => {
    const places = await temporaryPlaces();
    await buildZip(places);
    const summary: unknown = JSON.parse(
      await readFile(join(places.outFolder, 'contract.json'), 'utf8'),
    );
    expect(summary).toMatchObject({
      upstreams: ['status', 'users', 'products', 'settings'],
      rate_limits: ['visitor', 'member'],
      routes: expect.arrayContaining([expect.objectContaining({ id: 'GET /api/v1/status' })]),
    });
  });

  it('stamps contract.json with the version of the package and the hash that Lambda reports', async () => {
    const places = { ...(await temporaryPlaces()), summaryFile: '' };
    places.summaryFile = join(places.outFolder, '../contract.json');
    const { sha256 } = await buildZip(places);
    const summary: unknown = JSON.parse(await readFile(places.summaryFile, 'utf8'));
    const { version } = JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8')) as {
      version: string;
    };
    const codeSha256 = Buffer.from(sha256, 'hex').toString('base64');
    expect(summary).toMatchObject({ version, code_sha256: codeSha256 });
  });

  it.each<[SwitchedFeature, RegExp, number]>([
    ['fault_injection', /injected_fault|fault-injection|store-throttled/g, 3],
    [
      'trusted_proxy',
      /CloudFront-Viewer-Address|public address of the API|The proxy's secret|PROXY_REQUIRED/g,
      4,
    ],
  ])(
    'bundles what is switched on, and no byte of it otherwise: %s',
    async (feature, marks, count) => {
      const places = { ...(await temporaryPlaces()), entryFile: examplePlaces.entryFile };
      const contents = async (switchedOn: readonly SwitchedFeature[]) => {
        await buildZip(places, { switchedOn });
        const [handler, summary] = await Promise.all(
          ['index.js', 'contract.json'].map((name) =>
            readFile(join(places.outFolder, name), 'utf8'),
          ),
        );
        return { handler, summary: JSON.parse(summary ?? '') as object };
      };
      const others = switchedFeatures.filter((other) => other !== feature);
      const [on, off] = [await contents([feature]), await contents(others)];
      expect(new Set(on.handler?.match(marks)).size).toBe(count);
      expect(off.handler?.match(marks)).toBeNull();
      expect(on.summary).toHaveProperty('switched_on', [feature]);
      expect(off.summary).toHaveProperty('switched_on', others);
    },
  );

  it('returns the warnings of the contract, and builds', async () => {
    const places = await temporaryPlaces();
    await writeFile(places.contractFile, contractWithAWarning);
    const { warnings } = await buildZip(places);
    expect(warnings.join('\n')).toMatch(
      /gateway\.yaml:10:5 {2}warning "GET \/\{id\}" admits anyone/,
    );
  });

  it.each<[string, 'contractFile' | 'entryFile', string, string]>([
    ['the contract', 'contractFile', 'openapi: 3.1.0', 'gateway.yaml:1:1  "info" is missing'],
    ['the handler', 'entryFile', "import './nowhere.ts';", 'Could not resolve "./nowhere.ts"'],
  ])(
    'with a problem in %s leaves no zip, not even the last one',
    async (_, part, text, message) => {
      const places = await temporaryPlaces();
      const { path } = await buildZip(places);
      await writeFile(places[part], text);
      await expect(buildZip(places)).rejects.toThrow(message);
      expect(existsSync(path)).toBe(false);
      expect(existsSync(join(places.outFolder, 'index.js'))).toBe(false);
    },
  );

  it('with a problem in the contract leaves no summary for Terraform either', async () => {
    const places = await temporaryPlaces();
    await buildZip(places);
    await writeFile(places.contractFile, 'paths: {}');
    await expect(buildZip(places)).rejects.toThrow('nothing was built');
    expect(existsSync(join(places.outFolder, 'contract.json'))).toBe(false);
  });
});

describe('a zip', () => {
  const [a, b] = [new Uint8Array([1]), new Uint8Array([2])];

  it('does not depend on the order of its files', async () => {
    expect(await zip({ b, a })).toEqual(await zip({ a, b }));
  });

  it('does not depend on the time zone', async () => {
    const script = `import('${join(import.meta.dirname, 'build-zip.ts')}').then(async ({ zip }) =>
      process.stdout.write(await zip({ a: new Uint8Array([1]), b: new Uint8Array([2]) })))`;
    for (const TZ of ['UTC', 'Pacific/Auckland', 'America/Los_Angeles']) {
      const options = { env: { TZ, NODE_NO_WARNINGS: '1' } };
      expect(execFileSync(process.execPath, ['-e', script], options)).toEqual(
        Buffer.from(await zip({ a, b })),
      );
    }
  });

  it('lets every user read its files', async () => {
    const contents = Buffer.from(await zip({ 'index.js': new Uint8Array([1]) }));
    const entry = contents.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
    expect(contents.readUInt8(entry + 5)).toBe(3); // Made by Unix …
    expect((contents.readUInt32LE(entry + 38) >>> 16).toString(8)).toBe('100644'); // … with its modes.
  });
});
