import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { examplePlaces } from '../stack/build/build-places.ts';
import { projectFolder, workFolder } from '../stack/command-line/folders.ts';

let folder: string;
let contractFile: string;
let output: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dev-'));
  contractFile = join(folder, 'gateway.yaml');
  await cp(examplePlaces.contractFile, contractFile);
  output = '';
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

const start = (port = 0, variables: Record<string, string> = {}): ChildProcess => {
  const args = ['--disable-warning=ExperimentalWarning', 'scripts/commands/dev.ts'];
  const started = spawn(process.execPath, [...args, `PORT=${port}`, `CONTRACT=${contractFile}`], {
    cwd: projectFolder,
    env: { ...process.env, ...variables },
  });
  for (const stream of [started.stdout, started.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child = started;
  return started;
};

/** The line that the command prints with this text, once it has printed it. */
const printed = async (text: string): Promise<string> => {
  for (let waitedMs = 0; waitedMs < 25_000; waitedMs += 20) {
    const line = output.split('\n').find((each) => each.includes(text));
    if (line !== undefined) return line;
    if (child?.exitCode !== null && waitedMs > 100) break;
    await sleep(20);
  }
  throw new Error(`"${text}" was not printed:\n${output}`);
};

/** The server's address, once it is ready. */
const ready = async (): Promise<string> =>
  /^http:\S+/.exec(await printed(' serves Example API'))?.[0] ?? '';

/** Waits until it is so; fails if it does not become so. */
const becomes = async (read: () => Promise<string>, expected: string): Promise<void> => {
  for (let waitedMs = 0; waitedMs < 20_000 && (await read()) !== expected; waitedMs += 50)
    await sleep(50);
  expect(await read()).toBe(expected);
};

const change = async (from: string, to: string): Promise<void> => {
  output = '';
  const text = await readFile(contractFile, 'utf8');
  expect(text).toContain(from);
  await writeFile(contractFile, text.replace(from, to));
};

/** A path of public documents that the gateway itself has, too. */
const healthOfService = `
    get:
      security: []
      x-postern: { upstream: status }
      responses: { '200': { description: OK, content: { application/json: { example: { of: service } } } } }
`;

describe('make dev', () => {
  it('serves a contract with mocked upstreams, and each version of it that has no problems', async () => {
    const { pid = 0 } = start();
    const url = await ready();
    const authorization = /Bearer [\w.-]+/.exec(await printed('curl'))?.[0] ?? '';
    const status = async (path: string, init: RequestInit = {}) =>
      (await fetch(`${url}${path}`, init)).status;
    const signedIn = { headers: { authorization } };

    expect(await status('/api/v1/status')).toBe(200);
    expect(await status('/api/v1/users')).toBe(401);
    expect(await status('/api/v1/users', signedIn)).toBe(200);
    expect(await status('/api/v1/users?limit=1000', signedIn)).toBe(400);
    expect(await status('/health/ready')).toBe(200);
    expect(await printed('GET /api/v1/users')).toMatch(
      /\d INFO {2}401 {2}GET .*CREDENTIALS_MISSING/,
    );

    await change('x-postern: { upstream: status }', 'x-postern: { upstream: statos }');
    await printed('gateway.yaml:60:30  unknown upstream "statos" — did you mean "status"?');
    await printed('1 problem: the last version without problems is still served.');
    expect(await status('/api/v1/status')).toBe(200);

    await change('upstream: statos', 'upstream: status, rateLimits: []');
    await change('/api/v1/status:', '/api/v2/status:');
    await printed('+ GET /api/v2/status');
    expect(await status('/api/v1/status')).toBe(404);
    expect(await status('/api/v2/status')).toBe(200);
    expect(await status('/api/v1/users', signedIn)).toBe(200);

    await change('\npaths:', `\npaths:\n  /health: ${healthOfService}`);
    await printed('builtIn: { health: { path: /gateway/health } }');
    await change('  version: 1\n', '  version: 1\n  builtIn: { health: { path: /_health } }\n');
    await printed('+ GET /_health');
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ of: 'service' });
    expect(await (await fetch(`${url}/_health`)).json()).toEqual({ status: 'ok' });
    expect(await status('/health/ready')).toBe(200);

    // A plugin is loaded with the contract that names it, and again when its own file changes.
    const plugin = join(folder, 'greet.ts');
    const greets = (text: string): string =>
      `export default () => ({ after: ({ response }: any) => void (response.headers['x-greeting'] = '${text}') });\n`;
    await writeFile(plugin, greets('hello'));
    await change(
      '  version: 1\n',
      '  version: 1\n  plugins: { greet: { use: ./greet.ts, at: on-response } }\n',
    );
    await change('rateLimits: [] }', 'rateLimits: [], plugins: [greet] }');
    const greeting = async () =>
      (await fetch(`${url}/api/v2/status`)).headers.get('x-greeting') ?? '';
    await becomes(greeting, 'hello');
    await writeFile(plugin, greets('good evening'));
    await becomes(greeting, 'good evening');

    process.kill(pid, 'SIGTERM');
    expect(await once(child as ChildProcess, 'exit')).toEqual([0, null]);
    expect(existsSync(join(workFolder, 'dev', String(pid)))).toBe(false);
  }, 60_000);

  it('waits for a first contract without problems, and sends requests to the URLs of dev.yaml, with its secrets', async () => {
    const upstream = createServer((request, response) =>
      response.end(
        `${request.url} ${String(request.headers['x-user-roles'])} ${String(request.headers['x-key'])}`,
      ),
    );
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const { port } = upstream.address() as AddressInfo;
    try {
      await change(
        'products:\n      http: {}',
        "products:\n      http: {}\n      credentials: { header: X-Key, secret: '${key}' }",
      );
      await change('openapi: 3.1.0', 'openapi: 3.1.0\nopenapi: 3.1.0');
      start();
      await printed('1 problem: requests wait until the files have none.');
      const devFile = join(folder, 'dev.yaml');
      await writeFile(devFile, 'upstreams: { product: http://127.0.0.1:1 }');
      await change('openapi: 3.1.0\nopenapi: 3.1.0', 'openapi: 3.1.0');
      await printed('"product" is none of the contract\'s upstreams — did you mean "products"?');
      await writeFile(
        devFile,
        `upstreams: { products: 'http://127.0.0.1:${port}/shop' }\nvalues: { key: my-key }\nsessions: { bob: [user] }`,
      );
      const url = await ready();
      await printed('A session of bob with the role');
      const authorization = /Bearer [\w.-]+/.exec(await printed('curl'))?.[0] ?? '';
      const response = await fetch(`${url}/api/v1/products`, { headers: { authorization } });
      expect(await response.text()).toBe('/shop/api/v1/products user my-key');
      await printed(`  products  http://127.0.0.1:${port}/shop`);
    } finally {
      upstream.close();
      upstream.closeAllConnections();
    }
  });

  it('issues access tokens in place of a provider that cannot be reached', async () => {
    await change('type: http\n      scheme: bearer', 'type: oauth2\n      flows: {}');
    await change('bearerFormat: JWT', 'deprecated: false');
    await change(
      'x-postern: { session: {} }',
      "x-postern: { jwt: { issuer: '${issuer}', audiences: ['${api}'], algorithms: [ES256], roles: groups } }",
    );
    await writeFile(join(folder, 'dev.yaml'), 'values: { issuer: https://login.example.com }');
    start();
    const url = await ready();
    await printed('An access token for session of alice with the scopes');
    const authorization = /Bearer [\w.-]+/.exec(await printed('curl'))?.[0] ?? '';
    const claims = authorization.split('.')[1] ?? '';
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      iss: 'https://login.example.com',
      sub: 'alice',
    });
    const status = async (headers: Record<string, string> = {}): Promise<number> =>
      (await fetch(`${url}/api/v1/users`, { headers })).status;
    expect(await status({ authorization })).toBe(200);
    expect(await status({ authorization: `${authorization}x` })).toBe(401);
    expect(await status()).toBe(401);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  });

  it('signs users of browsers in by a provider of its own, if dev.yaml names none', async () => {
    const signIn =
      "{ issuer: '${issuer}', clientId: '${id}', clientSecret: '${secret}', returnTo: [/api/*], roles: groups }";
    await change('  version: 1\n', `  version: 1\n  builtIn: { signIn: ${signIn} }\n`);
    start();
    const url = await ready();
    await printed(`Sign-in for browsers: ${url.replace('127.0.0.1', 'localhost')}/auth/sign-in`);
    let cookies: string[] = [];
    const visit = async (to: string, init: RequestInit = {}): Promise<Response> => {
      const headers = { cookie: cookies.join('; '), ...init.headers };
      const response = await fetch(to, { ...init, redirect: 'manual', headers });
      for (const set of response.headers.getSetCookie()) {
        const pair = set.split(';')[0] ?? '';
        cookies = cookies.filter((each) => !each.startsWith(pair.slice(0, pair.indexOf('=') + 1)));
        if (!set.includes('Max-Age=0')) cookies.push(pair);
      }
      return response;
    };
    const locationOf = ({ headers }: Response): string => headers.get('location') ?? '';

    const page = locationOf(await visit(`${url}/auth/sign-in?return_to=/api/v1/users`));
    const choice = /href="([^"]+)">alice<.a> admin, user/.exec(
      await (await visit(page)).text(),
    )?.[1];
    const chosen = new URL((choice ?? '').replaceAll('&#38;', '&'), page);
    const callback = locationOf(await visit(chosen.href));
    expect(callback.startsWith(`${url}/auth/callback?`)).toBe(true);
    expect(locationOf(await visit(callback))).toBe(`${url}/api/v1/users`);
    expect((await visit(`${url}/api/v1/users`)).status).toBe(200);

    const headers = { origin: url };
    const signOut = locationOf(await visit(`${url}/auth/sign-out`, { method: 'POST', headers }));
    expect(locationOf(await visit(signOut))).toBe(`${url}/api/`);
    expect((await visit(`${url}/api/v1/users`)).status).toBe(401);
    const elsewhere = chosen.href.replace(encodeURIComponent(url), 'https%3A%2F%2Fevil.example');
    expect((await visit(elsewhere)).status).toBe(400);
  });

  it('has passwords, plans and idempotency keys, and says what needs API Gateway', async () => {
    const responses = "responses: { '200': { description: OK } }";
    await writeFile(
      contractFile,
      `openapi: 3.1.0
info: { title: Example API, version: '1' }
x-postern:
  version: 1
  upstreams: { orders: { http: {} } }
  plans: { free: { quota: { limit: 4, period: month } } }
  defaults: { upstream: orders, rateLimits: [] }
security: [{ partner: [orders:read] }]
paths:
  /orders:
    get: { ${responses} }
    post: { x-postern: { idempotency: { ttl: 1h } }, ${responses} }
  /signed:
    get: { security: [{ signed: [] }], ${responses} }
components:
  securitySchemes:
    partner: { type: http, scheme: basic, x-postern: { basic: {} } }
    signed: { type: apiKey, in: header, name: Authorization, x-postern: { iam: {} } }
`,
    );
    await writeFile(
      join(folder, 'dev.yaml'),
      'sessions: { acme: [orders:read] }\nplans: { acme: free }',
    );
    start();
    const url = await ready();
    expect(await printed('respond 401, so call a deployed environment:')).toContain('AWS_IAM');
    const credentials = /-u (acme:\S+)/.exec(output)?.[1] ?? '';
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    const call = (path: string, init: RequestInit = {}): Promise<Response> =>
      fetch(url + path, { ...init, headers: { authorization, ...init.headers } });

    const first = { method: 'POST', headers: { 'idempotency-key': 'one' } };
    const isReplayed = async (): Promise<boolean> =>
      (await call('/orders', first)).headers.get('idempotent-replayed') === 'true';
    expect(await isReplayed()).toBe(false);
    expect(await isReplayed()).toBe(true);
    const used = async (): Promise<number> => (await call('/orders')).status;
    for (let calls = 0; calls < 4 && (await used()) === 200; calls += 1);
    await change('/signed:', '/certified:');
    await printed('+ GET /certified');
    expect(await (await call('/orders')).json()).toMatchObject({ code: 'QUOTA_EXCEEDED' });
    expect(await (await call('/certified')).json()).toMatchObject({
      code: 'CREDENTIALS_MISSING',
      detail: expect.stringContaining('the development server has none'),
    });
  });

  it('says what to do if its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    try {
      const [exitCode] = (await once(start(port), 'exit')) as [number];
      expect(exitCode).toBe(1);
      await printed(
        `Error: port ${port} of 127.0.0.1 is taken; choose another one: make dev PORT=${port + 1}`,
      );
    } finally {
      other.close();
    }
  });
});
