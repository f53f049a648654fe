import { describe, expect, it, jest } from '@jest/globals';
import { StoreUnavailable } from '../aws/aws-call.ts';
import { createBuiltInRoutes } from './built-in-routes.ts';
import { createReadiness } from './readiness.ts';

const soon = 10_000;

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
  const routes = createBuiltInRoutes({ readiness, openapi: () => '{"openapi":"3.1.0"}' });
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

describe('/openapi.json', () => {
  it('serves the contract', async () => {
    expect(await routesWith().routes.openapi(soon)).toMatchObject({
      statusCode: 200,
      body: '{"openapi":"3.1.0"}',
      headers: { 'content-type': 'application/json' },
    });
  });
});
