import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { httpApiEvent, lambdaContext } from '../testing/events.ts';
import { standardOutput } from '../testing/standard-output.ts';
import { start } from './index.ts';
import { signToken } from './sessions/token.ts';
import { parseKeySet } from './sessions/signing-keys.ts';

const keySet = JSON.stringify({
  active_kid: 'k1',
  keys: [{ kty: 'oct', kid: 'k1', k: randomBytes(32).toString('base64url') }],
});
const sessionId = randomBytes(32).toString('base64url');

/** Stands for DynamoDB, Secrets Manager and every service at once. */
const answers: Readonly<Record<string, () => object>> = {
  'DynamoDB_20120810.GetItem': () => ({
    Item: {
      data: { M: { user_id: { S: 'alice' }, roles: { L: [{ S: 'user' }] } } },
      ttl: { N: String(Math.floor(Date.now() / 1000) + 60) },
    },
  }),
  'DynamoDB_20120810.UpdateItem': () => ({ Attributes: {} }),
  'secretsmanager.GetSecretValue': () => ({ SecretString: keySet }),
};

let server: Server;
const calls: string[] = [];
let environment: Record<string, string> = {};

beforeAll(async () => {
  server = createServer((request, response) => {
    const target = request.headers['x-amz-target'];
    calls.push(typeof target === 'string' ? target : `${request.method} ${request.url}`);
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify(typeof target === 'string' ? answers[target]?.() : { from: 'service' }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  environment = {
    GATEWAY_ENV: 'test',
    GATEWAY_SESSION_TABLE_NAME: 'sessions',
    GATEWAY_RATELIMIT_TABLE_NAME: 'rate-limits',
    GATEWAY_TOKEN_SIGNING_SECRET_ARN:
      'arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbC',
    UPSTREAM_STATUS_SERVICE_URL: url,
    UPSTREAM_USERS_SERVICE_URL: url,
    UPSTREAM_PRODUCTS_SERVICE_URL: url,
    UPSTREAM_SETTINGS_SERVICE_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: url,
  };
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('the gateway as it starts in Lambda', () => {
  it('serves a signed-in request with one read, one write and one call to the service', async () => {
    const gateway = start({ ...environment, GATEWAY_LOG_LEVEL: 'ERROR' });
    const { byKid } = parseKeySet(keySet);
    const key = byKid.get('k1')?.key;
    if (key === undefined) throw new Error('unreachable');
    const nowMs = Date.now();
    const claims = { sessionId, userId: 'alice', expiresAtMs: nowMs + 60_000 };
    const token = await signToken(claims, { kid: 'k1', key, nowMs });
    const headers = { authorization: `Bearer ${token}` };
    await gateway(httpApiEvent('GET', '/health'), lambdaContext());
    await new Promise((resolve) => setTimeout(resolve, 50)); // The keys, asked for at the start, are there.
    calls.length = 0;
    const answer = await gateway(
      httpApiEvent('GET', '/api/v1/users', { headers }),
      lambdaContext(),
    );
    expect(answer).toMatchObject({ statusCode: 200, body: '{"from":"service"}' });
    expect(calls.toSorted()).toEqual([
      'DynamoDB_20120810.GetItem',
      'DynamoDB_20120810.UpdateItem',
      'GET /api/v1/users',
    ]);
  });

  it('serves its contract, without what is the operator’s', async () => {
    const gateway = start(environment);
    const { body = '' } = await gateway(httpApiEvent('GET', '/openapi.json'), lambdaContext());
    const document = JSON.parse(body) as { paths: Record<string, unknown> };
    expect(Object.keys(document.paths)).toContain('/api/v1/users/{user_id}');
    expect(body).not.toContain('x-postern');
  });

  it('is ready when all it needs can be reached', async () => {
    const gateway = start(environment);
    expect(await gateway(httpApiEvent('GET', '/health/ready'), lambdaContext())).toMatchObject({
      statusCode: 200,
    });
  });
});

describe('the gateway with faults in its environment', () => {
  const broken = () => start({ ...environment, GATEWAY_ENV: '', AWS_REGION: 'hunter2 !' });

  it('names every fault in one log line at the start', () => {
    const lines = standardOutput(() => void broken());
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'ERROR',
        message: 'the environment is misconfigured',
        faults: [expect.stringContaining('GATEWAY_ENV'), expect.stringContaining('AWS_REGION')],
      }),
    ]);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('answers that the function runs, that it is not ready and why, and nothing else', async () => {
    const gateway = broken();
    const get = (path: string) => gateway(httpApiEvent('GET', path), lambdaContext());
    expect(await get('/health')).toMatchObject({ statusCode: 200 });
    expect(await get('/api/v1/status')).toMatchObject({
      statusCode: 503,
      body: expect.stringContaining('GATEWAY_MISCONFIGURED'),
    });
    const ready = await get('/health/ready');
    expect(ready.statusCode).toBe(503);
    expect(ready.body).toMatch(/GATEWAY_ENV.*AWS_REGION/);
    expect(await get('/nowhere')).toMatchObject({ statusCode: 404 });
  });
});
