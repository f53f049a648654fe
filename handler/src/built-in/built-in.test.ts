import { describe, expect, it, jest } from '@jest/globals';
import { StoreUnavailable } from '../aws/aws-call.ts';
import { ConditionNotMet, type DynamoDb } from '../stores/dynamodb/dynamodb.ts';
import type { SigningKeys } from '../stores/keys/signing-keys.ts';
import { createBuiltInRoutes } from './built-in-routes.ts';
import { createReadiness } from './readiness.ts';

const soon = 10_000;

const ok = async () => undefined;
const down = async () => {
  throw new StoreUnavailable('down');
};

const routesWith = ({ getItem = ok, updateItem = neverMet, load = ok } = {}) => {
  let nowMs = 0;
  const dynamoDb = {
    getItem: jest.fn<(...call: unknown[]) => Promise<undefined>>(getItem),
    updateItem: jest.fn<(...call: unknown[]) => Promise<undefined>>(updateItem),
  };
  const readiness = createReadiness({
    dynamoDb: dynamoDb as unknown as DynamoDb,
    keys: { load } as unknown as SigningKeys,
    sessionTableName: 'sessions',
    rateLimitTableName: 'limits',
    now: () => nowMs,
  });
  const routes = createBuiltInRoutes({ readiness, openapi: () => '{"openapi":"3.1.0"}' });
  return { routes, dynamoDb, pass: (ms: number) => (nowMs += ms) };
};

async function neverMet(): Promise<undefined> {
  throw new ConditionNotMet(undefined);
}

describe('/health', () => {
  it('responds 200 without any call', async () => {
    const { routes, dynamoDb } = routesWith({ getItem: down });
    expect(await routes.health(soon)).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
    expect(dynamoDb.getItem).not.toHaveBeenCalled();
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

  it.each([
    ['session_table', { getItem: down }],
    ['rate_limit_table', { updateItem: down }],
    ['token_signing_key', { load: down }],
  ])('responds 503 and names %s when it is unreachable', async (name, parts) => {
    await expect(routesWith(parts).routes.ready(soon)).rejects.toMatchObject({
      status: 503,
      code: 'NOT_READY',
      detail: `Not available: ${name}.`,
    });
  });

  it('checks the proxy’s secret as well if there is a trusted proxy', async () => {
    const readiness = createReadiness({
      dynamoDb: { getItem: ok, updateItem: neverMet } as unknown as DynamoDb,
      keys: { load: ok } as unknown as SigningKeys,
      proxySecrets: { load: down },
      sessionTableName: 'sessions',
      rateLimitTableName: 'limits',
      now: () => 0,
    });
    expect(await readiness(soon)).toMatchObject({
      ready: false,
      checks: { token_signing_key: 'ok', proxy_secret: 'failed' },
    });
  });

  it('checks once in five seconds, however often it is requested', async () => {
    const { routes, dynamoDb, pass } = routesWith();
    await Promise.all(Array.from({ length: 100 }, () => routes.ready(soon)));
    pass(4_999);
    await routes.ready(soon);
    expect(dynamoDb.getItem).toHaveBeenCalledTimes(1);
    pass(1);
    await routes.ready(soon);
    expect(dynamoDb.getItem).toHaveBeenCalledTimes(2);
  });

  it('checks for at most two seconds, and not past its caller’s deadline', async () => {
    for (const [deadlineMs, askedUntilMs] of [
      [750, 750],
      [30_000, 2_000],
    ] as const) {
      const { routes, dynamoDb } = routesWith();
      await routes.ready(deadlineMs);
      for (const call of [dynamoDb.getItem, dynamoDb.updateItem]) {
        expect(call).toHaveBeenCalledWith(expect.anything(), { deadlineMs: askedUntilMs });
      }
    }
  });

  it('writes nothing', async () => {
    const { routes, dynamoDb } = routesWith();
    await routes.ready(soon);
    expect(dynamoDb.updateItem).toHaveBeenCalledWith(
      expect.objectContaining({ ConditionExpression: 'attribute_exists(rate_limit_key)' }),
      expect.anything(),
    );
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
