import { describe, expect, it } from '@jest/globals';
import { httpApiEvent, lambdaContext } from '../../../testing/events.ts';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { loadModule } from '../../../testing/load-contract.ts';
import { seededRandom } from '../../../testing/random.ts';
import { startCompiled } from '../../../testing/start-compiled.ts';
import { checksumOf, credentialId, hashOf } from './api-key.ts';

const contract = `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: {}
  failureLimit: false
  rateLimits: { member: { per: [caller], limit: 6000, window: 60s } }
  defaults: { rateLimits: [] }
paths:
  /orders:
    get:
      security: [{ partner: [orders:read] }]
      x-postern: { rateLimits: [member], respond: { status: 204 } }
components:
  securitySchemes:
    partner: { type: apiKey, in: header, name: X-Api-Key, x-postern: { apiKey: {} } }
`;

const settings = {
  GATEWAY_NAME: 'postern-test',
  GATEWAY_ENV: 'test',
  GATEWAY_CREDENTIALS_TABLE_NAME: 'credentials',
  GATEWAY_RATELIMIT_TABLE_NAME: 'rate-limits',
  AWS_REGION: 'us-east-1',
};

const startMs = Date.UTC(2026, 10, 29, 12);

const keyOf = (publicId: string): string => {
  const text = `key_${publicId}_${'S'.repeat(43)}`;
  return text + checksumOf(text);
};

/** Execution environments that share the tables, each with its own memory. */
const fleetOf = async (size: number) => {
  const dynamoDb = createFakeDynamoDb({
    credentials: 'credential_id',
    'rate-limits': 'rate_limit_key',
  });
  const clock = { nowMs: startMs };
  const compiled = await loadModule({ 'gateway.yaml': contract });
  const noSecrets = { getSecretString: async () => Promise.reject(new Error('There are none')) };
  const gateways = Array.from({ length: size }, () =>
    startCompiled(compiled, {
      clients: () => ({ dynamoDb, secrets: noSecrets }),
      variables: settings,
      now: () => clock.nowMs,
    }),
  );
  return {
    ...{ dynamoDb, clock, gateways },
    send: async (environment: number, key: string) => {
      const event = httpApiEvent('GET', '/orders', { headers: { 'x-api-key': key } });
      return (await gateways[environment]?.(event, lambdaContext()))?.statusCode;
    },
  };
};

describe('1,000 requests over 20 execution environments', () => {
  it.each([
    ['in ten seconds', 10, 0.02, 1.1],
    ['in five minutes', 300, 0.1, 1.1],
  ])('with one key %s cost at most so many reads and writes', async (_, seconds, reads, writes) => {
    const { dynamoDb, clock, send } = await fleetOf(20);
    const random = seededRandom(1);
    const publicId = 'acme'.padEnd(12, '0');
    const key = keyOf(publicId);
    dynamoDb.putItem('credentials', {
      credential_id: { S: credentialId(publicId) },
      consumer: { S: 'acme' },
      scopes: { L: [{ S: 'orders:read' }] },
      secret_hash: { S: hashOf(key) },
    });
    const statuses = new Set<unknown>();
    for (let count = 0; count < 1_000; count += 1) {
      clock.nowMs = startMs + (count * seconds * 1_000) / 1_000;
      statuses.add(await send(Math.floor(random() * 20), key));
    }
    expect([...statuses]).toEqual([204]);
    expect(dynamoDb.calls.reads / 1_000).toBeLessThanOrEqual(reads);
    expect(dynamoDb.calls.writes / 1_000).toBeLessThanOrEqual(writes);
  });

  it('with one unknown key cost one read in each, and no write', async () => {
    const { dynamoDb, send } = await fleetOf(20);
    const statuses = new Set<unknown>();
    for (let count = 0; count < 1_000; count += 1)
      statuses.add(await send(count % 20, keyOf('unknown'.padEnd(12, '0'))));
    expect([...statuses]).toEqual([401]);
    expect(dynamoDb.calls).toEqual({ reads: 20, writes: 0 });
  });

  it('with mistyped keys cost nothing', async () => {
    const { dynamoDb, send } = await fleetOf(1);
    const key = keyOf('acme'.padEnd(12, '0'));
    for (let at = 4; at < key.length; at += 1) {
      if (key[at] === '_') continue;
      const wrong = `${key.slice(0, at)}${key[at] === 'x' ? 'y' : 'x'}${key.slice(at + 1)}`;
      expect(await send(0, wrong)).toBe(401);
    }
    expect(dynamoDb.calls).toEqual({ reads: 0, writes: 0 });
  });
});
