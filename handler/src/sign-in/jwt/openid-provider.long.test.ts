import { decodeProtectedHeader } from 'jose';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { casesOf, report } from '../../../testing/effort.ts';
import { httpApiEvent, lambdaContext } from '../../../testing/events.ts';
import { type FakeAws, startFakeAws } from '../../../testing/fake-aws/fake-aws.ts';
import { functionEnvironment } from '../../../testing/function-environment.ts';
import { loadModule } from '../../../testing/load-contract.ts';
import { type OpenIdProvider, startOpenIdProvider } from '../../../testing/openid-provider.ts';
import { startCompiled } from '../../../testing/start-compiled.ts';
import type { Gateway } from '../../gateway.ts';
import type { CompiledContract } from '../../parts.ts';

// Whole requests through gateways of a compiled contract, with a real OpenID provider and a fake AWS.

const contract = `
openapi: 3.1.0
info: { title: Orders, version: '1' }
x-postern:
  version: 1
  failureLimit: false
  upstreams: { orders: { http: {} } }
  defaults: { upstream: orders, rateLimits: [] }
security: [{ oauth: [orders:read] }]
paths:
  /orders: { get: { responses: { '200': { description: Orders } } } }
components:
  securitySchemes:
    oauth:
      type: oauth2
      flows: {}
      x-postern:
        jwt: { issuer: '\${issuer}', audiences: [shop], algorithms: [RS256], type: at+jwt }
`;

const hourMs = 3_600_000;
const minuteMs = 60_000;

let compiled: CompiledContract;
let provider: OpenIdProvider;
let aws: FakeAws;
let nowMs: number;
beforeAll(async () => {
  // It says of its own memory that it is for development only.
  for (const level of ['info', 'warn'] as const)
    jest.spyOn(console, level).mockImplementation(() => undefined);
  compiled = await loadModule({ 'gateway.yaml': contract });
  provider = await startOpenIdProvider();
});
afterAll(() => provider.stop());
beforeEach(async () => {
  nowMs = Date.now();
  provider.isDown = false;
  aws = await startFakeAws({
    tables: { 'rate-limits': 'rate_limit_key' },
    service: (_, response) => void response.end('{}'),
    keepsRequests: false,
  });
});
afterEach(() => aws.stop());

/** A new execution environment. */
const startEnvironment = (): Gateway =>
  startCompiled(compiled, {
    variables: {
      ...functionEnvironment(aws.endpoint.origin, compiled.contract),
      GATEWAY_VALUE_issuer: provider.issuer,
    },
    now: () => nowMs,
  });

const send = async (gateway: Gateway | undefined, token: string): Promise<number | undefined> => {
  const headers = { authorization: `Bearer ${token}` };
  return (await gateway?.(httpApiEvent('GET', '/orders', { headers }), lambdaContext()))
    ?.statusCode;
};

/** The statuses of this many requests, each with one of the tokens at one of the environments, ten at a time. */
const sendMany = async (
  count: number,
  environments: readonly Gateway[],
  tokenOf: (index: number) => string,
): Promise<Readonly<Record<string, number>>> => {
  const statuses: Record<string, number> = {};
  for (let first = 0; first < count; first += 10) {
    const batch = Array.from({ length: 10 }, (_, offset) => first + offset);
    const all = await Promise.all(
      batch.map((index) => send(environments[index % environments.length], tokenOf(index))),
    );
    for (const status of all) statuses[String(status)] = (statuses[String(status)] ?? 0) + 1;
  }
  return statuses;
};

const issue = (count: number): Promise<readonly string[]> =>
  Promise.all(Array.from({ length: count }, () => provider.issueToken()));

describe('access tokens of a real OpenID provider', () => {
  it('are accepted while it rotates its keys, without one false 401', async () => {
    const count = casesOf(10_000, 100_000);
    const [old, next] = [await provider.createKey('old'), await provider.createKey('next')];
    provider.publish(old);
    const before = await issue(20);
    const environments = Array.from({ length: 5 }, startEnvironment);
    const readsBefore = provider.reads;
    let tokens = before;
    const half = count / 2;
    const first = await sendMany(half, environments, (index) => tokens[index % 20] ?? '');
    // From one moment to the next, the provider signs with a key that it did not publish before.
    provider.publish(next, old);
    nowMs += minuteMs;
    const after = await issue(20);
    expect(decodeProtectedHeader(after[0] ?? '').kid).toBe('next');
    tokens = [...before, ...after];
    const second = await sendMany(half, environments, (index) => tokens[index % 40] ?? '');
    expect([first, second]).toEqual([{ 200: half }, { 200: half }]);
    // Description and keys, when the first needed them and when the first token of the new key came.
    expect(provider.reads - readsBefore).toBe(4);
    report(count, { 'reads of the provider': provider.reads - readsBefore });
  });

  it('are accepted while it is down for an hour, and its next keys when it comes back', async () => {
    const [key, next] = [await provider.createKey('k1'), await provider.createKey('k2')];
    provider.publish(key);
    const tokens = await issue(5);
    const environments = [startEnvironment(), startEnvironment()];
    await sendMany(10, environments, (index) => tokens[index % 5] ?? '');
    provider.isDown = true;
    const endMs = nowMs + hourMs;
    for (; nowMs < endMs; nowMs += minuteMs) {
      if (nowMs === endMs - 30 * minuteMs) environments.push(startEnvironment()); // From the table.
      const statuses = await sendMany(20, environments, (index) => tokens[index % 5] ?? '');
      expect(statuses).toEqual({ 200: 20 });
    }
    // It signs with a new key that nobody can read: that is a failure, and no reason to sign users out.
    provider.publish(next, key);
    const [later = ''] = await issue(1);
    expect(await send(environments[0], later)).toBe(503);
    provider.isDown = false;
    nowMs += minuteMs;
    expect(await send(environments[0], later)).toBe(200);
    expect(await send(environments[1], later)).toBe(200);
  });

  it('are refused once it withdraws their key', async () => {
    const [key, next] = [await provider.createKey('k1'), await provider.createKey('k2')];
    provider.publish(key);
    const [token = ''] = await issue(1);
    const gateway = startEnvironment();
    expect(await send(gateway, token)).toBe(200);
    provider.publish(next);
    nowMs += hourMs;
    expect(await send(gateway, token)).toBe(401);
    expect(await send(gateway, (await issue(1))[0] ?? '')).toBe(200);
  });

  it('are verified by 100 environments that start at once, with one call to it', async () => {
    const key = await provider.createKey('k1');
    provider.publish(key);
    const [token = ''] = await issue(1);
    const readsBefore = provider.reads;
    const environments = Array.from({ length: 100 }, startEnvironment);
    expect(await sendMany(100, environments, () => token)).toEqual({ 200: 100 });
    expect(provider.reads - readsBefore).toBe(2);
  });
});
