import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { start } from '../../handler/src/index.ts';
import { parseKeySet } from '../../handler/src/sessions/signing-keys.ts';
import { signToken } from '../../handler/src/sessions/token.ts';
import type { UpdateItem } from '../../handler/src/aws/dynamodb.ts';
import { httpApiEvent, lambdaContext } from '../../handler/testing/events.ts';
import { createFakeDynamoDb } from '../../handler/testing/fake-dynamodb.ts';
import perRequest from './per-request.json' with { type: 'json' };

const keySet = JSON.stringify({
  active_kid: 'k1',
  keys: [{ kty: 'oct', kid: 'k1', k: randomBytes(32).toString('base64url') }],
});
/** Of API Gateway's own length, as it stands in every line. */
const requestId = 'c1Rg0h0uIAMEVlA=';
const requests = 20;

const limits = createFakeDynamoDb({ 'rate-limits': 'rate_limit_key' });

const answers: Readonly<Record<string, (body: string) => object | Promise<object>>> = {
  'DynamoDB_20120810.GetItem': () => ({
    Item: {
      data: { M: { user_id: { S: 'alice' }, roles: { L: [{ S: 'user' }] } } },
      ttl: { N: String(Math.floor(Date.now() / 1_000) + 60) },
    },
  }),
  'DynamoDB_20120810.UpdateItem': async (body) => ({
    Attributes: await limits.updateItem(JSON.parse(body) as UpdateItem, { deadlineMs: Infinity }),
  }),
};

let server: Server;
const calls: string[] = [];
const lines: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    calls.push(target);
    void text(request).then(async (body) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify((await answers[target]?.(body)) ?? { from: 'service' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await sendSignedIn(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Requests through the gateway as Lambda starts it; none waits for the metrics of the one before. */
const sendSignedIn = async (url: string): Promise<void> => {
  const gateway = start({
    GATEWAY_ENV: 'dev',
    GATEWAY_SESSION_TABLE_NAME: 'sessions',
    GATEWAY_RATELIMIT_TABLE_NAME: 'rate-limits',
    GATEWAY_TOKEN_SIGNING_SECRET: keySet,
    ...Object.fromEntries(
      ['STATUS', 'USERS', 'PRODUCTS', 'SETTINGS'].map((name) => [
        `UPSTREAM_${name}_SERVICE_URL`,
        url,
      ]),
    ),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: url,
  });
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  try {
    for (let sent = 0; sent < requests; sent += 1) {
      const event = httpApiEvent('GET', '/api/v1/users', {
        headers: { authorization: `Bearer ${await tokenOfAlice()}` },
      });
      event.requestContext.requestId = requestId;
      expect(await gateway(event, lambdaContext())).toMatchObject({ statusCode: 200 });
    }
  } finally {
    spy.mockRestore();
  }
};

const tokenOfAlice = async (): Promise<string> => {
  const key = parseKeySet(keySet).byKid.get('k1')?.key;
  if (key === undefined) throw new Error('unreachable');
  const sessionId = randomBytes(32).toString('base64url');
  const nowMs = Date.now();
  const claims = { sessionId, userId: 'alice', expiresAtMs: nowMs + 60_000 };
  return signToken(claims, { kid: 'k1', key, nowMs });
};

const callsOf = (operation: string): number =>
  calls.filter((target) => target.endsWith(operation)).length / requests;
const isMetrics = (line: string): boolean => line.startsWith('{"_aws"');
const longest = (some: readonly string[]): number =>
  Math.max(...some.map((line) => Buffer.byteLength(line)));

describe('what the cost is reckoned from', () => {
  it('is what the gateway asks of DynamoDB for a signed-in request', () => {
    expect(callsOf('GetItem')).toBe(perRequest.sessionReads);
    expect(callsOf('UpdateItem')).toBe(perRequest.limiterWrites);
  });

  it('is no less than the access line, and not a quarter more', () => {
    const accessLines = lines.filter((line) => line.includes('"status_code"'));
    expect(accessLines).toHaveLength(requests);
    expect(longest(accessLines)).toBeLessThanOrEqual(perRequest.accessLineBytes);
    expect(longest(accessLines)).toBeGreaterThan(perRequest.accessLineBytes * 0.75);
  });

  it('is no less than a line of metrics, and not a quarter more', () => {
    const metrics = lines.filter((line) => isMetrics(line) && line.includes('"UpstreamLatency"'));
    expect(longest(metrics)).toBeLessThanOrEqual(perRequest.metricsLineBytes);
    expect(longest(metrics)).toBeGreaterThan(perRequest.metricsLineBytes * 0.75);
  });
});
