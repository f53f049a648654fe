import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StoreUnavailable } from '../aws/aws-call.ts';
import { createBuiltInRoutes } from './built-in-routes.ts';
import { createReadiness } from './readiness.ts';

const soon = 10_000;
const document = '{"openapi":"3.1.0"}';

let folder: string;
const store = (text: string) => writeFile(join(folder, 'openapi.br'), brotliCompressSync(text));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'built-in-'));
  await store(document);
});
afterEach(() => rm(folder, { recursive: true }));

const ok = async () => undefined;
const down = async () => {
  throw new StoreUnavailable('down');
};

type Check = (deadlineMs: number) => Promise<unknown>;

const routesWith = (changes: Readonly<Record<string, Check>> = {}) => {
  let nowMs = 0;
  const checks = {
    session_table: jest.fn<Check>(ok),
    token_signing_key: jest.fn<Check>(ok),
    rate_limit_table: jest.fn<Check>(ok),
  };
  const readiness = createReadiness({ checks: { ...checks, ...changes }, now: () => nowMs });
  const routes = createBuiltInRoutes({ readiness, folder });
  return { routes, checks, pass: (ms: number) => (nowMs += ms) };
};

describe('/health', () => {
  it('responds 200 without any call', async () => {
    const { routes, checks } = routesWith();
    expect(await routes.health(soon)).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
    expect(checks.session_table).not.toHaveBeenCalled();
  });
});

describe('/health/ready', () => {
  it('responds 200 when tables and signing key can be reached', async () => {
    const { routes } = routesWith();
    const { statusCode, body } = await routes.ready(soon);
    expect(statusCode).toBe(200);
    expect(JSON.parse(String(body))).toEqual({
      status: 'ready',
      checks: { session_table: 'ok', rate_limit_table: 'ok', token_signing_key: 'ok' },
    });
  });

  it.each(['session_table', 'rate_limit_table', 'token_signing_key', 'proxy_secret'])(
    'responds 503 and names %s when it is unreachable',
    async (name) => {
      await expect(routesWith({ [name]: down }).routes.ready(soon)).rejects.toMatchObject({
        status: 503,
        code: 'NOT_READY',
        detail: `Not available: ${name}.`,
      });
    },
  );

  it('checks once in five seconds, however often it is requested', async () => {
    const { routes, checks, pass } = routesWith();
    await Promise.all(Array.from({ length: 100 }, () => routes.ready(soon)));
    pass(4_999);
    await routes.ready(soon);
    expect(checks.session_table).toHaveBeenCalledTimes(1);
    pass(1);
    await routes.ready(soon);
    expect(checks.session_table).toHaveBeenCalledTimes(2);
  });

  it('checks for at most two seconds, and not past its caller’s deadline', async () => {
    for (const [deadlineMs, askedUntilMs] of [
      [750, 750],
      [30_000, 2_000],
    ] as const) {
      const { routes, checks } = routesWith();
      await routes.ready(deadlineMs);
      for (const check of Object.values(checks)) expect(check).toHaveBeenCalledWith(askedUntilMs);
    }
  });
});

describe('the published document', () => {
  it('is served as JSON', async () => {
    const { statusCode, headers, body } = await routesWith().routes.openapi(soon);
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: document });
    expect(headers).toEqual({
      'content-type': 'application/json',
      'cache-control': 'public, max-age=300',
    });
  });

  it('is compressed if it does not fit into a response otherwise', async () => {
    const large = JSON.stringify({
      openapi: '3.1.0',
      info: { description: '"'.repeat(3_000_000) },
    });
    await store(large);
    const { headers, body } = await routesWith().routes.openapi(soon);
    expect(headers).toMatchObject({ 'content-encoding': 'gzip' });
    expect(String(gunzipSync(body as Buffer))).toBe(large);
  });

  it('is served as YAML', async () => {
    const { headers, body } = await routesWith().routes.openapiYaml(soon);
    expect(headers).toMatchObject({ 'content-type': 'application/yaml' });
    expect(body).toBe('openapi: "3.1.0"\n');
  });
});
