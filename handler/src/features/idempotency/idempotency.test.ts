import { describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { nowMs, route, signedIn } from '../../../testing/gateway-with.ts';
import { gatewayRequest } from '../../../testing/gateway-request.ts';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';
import type { ForwardInput } from '../../parts.ts';
import { createIdempotencyStore } from '../../stores/idempotency/dynamodb-idempotency.ts';
import { forwardOnce } from './idempotency.ts';

const created: GatewayResponse = {
  statusCode: 201,
  headers: { 'content-type': 'application/json', location: '/orders/1' },
  body: Buffer.from('{"id":1}'),
};

/** A route of orders whose upstream responds as given, and what reached the upstream. */
const orders = (respond: () => Promise<GatewayResponse | GatewayError> = async () => created) => {
  const clock = { nowMs };
  const dynamoDb = createFakeDynamoDb({ keys: 'idempotency_key' });
  const store = createIdempotencyStore({ dynamoDb, tableName: 'keys', now: () => clock.nowMs });
  const received: GatewayRequest[] = [];
  const lines: unknown[] = [];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (...line: readonly unknown[]) => void lines.push(line),
  };
  const forwarder = forwardOnce(
    {
      forward: async ({ request }) => {
        received.push(request);
        return { upstream: { name: 'orders', durationMs: 7 }, outcome: await respond() };
      },
    },
    { store, log, now: () => clock.nowMs },
  );
  const order = route('POST /orders', { ...signedIn(), idempotency: { ttlSeconds: 3_600 } });
  let count = 0;
  const send = async (
    key: string | undefined,
    changes: Partial<GatewayRequest> = {},
    input: Partial<ForwardInput> = {},
  ) => {
    count += 1;
    const request = gatewayRequest({
      method: 'POST',
      path: '/orders',
      id: `request-${count}`,
      body: Buffer.from('{}'),
      ...changes,
      headers: { ...changes.headers, ...(key !== undefined && { 'idempotency-key': key }) },
    });
    const { outcome } = await forwarder.forward({
      request,
      route: order,
      target: { kind: 'http', upstream: 'orders', rewrite: undefined, timeoutMs: 1_000 },
      params: {},
      deadlineMs: clock.nowMs + 10_000,
      caller: { userId: 'alice', roles: [] },
      callerKey: () => 'user#alice',
      ...input,
    });
    return outcome instanceof GatewayError ? outcome.code : outcome;
  };
  return { send, received, clock, store, dynamoDb, lines };
};

const later = <T>() => {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
};

describe('a request with an idempotency key', () => {
  it('is carried out once, and a repeated one gets the same bytes', async () => {
    const { send, received } = orders();
    expect(await send('k1')).toEqual(created);
    expect(await send('k1')).toEqual({
      ...created,
      headers: { ...created.headers, 'idempotent-replayed': 'true' },
    });
    expect(received).toHaveLength(1);
  });

  it('reaches the upstream without the key, so that nothing there is repeated', async () => {
    const { send, received } = orders();
    await send('k1', { headers: { accept: 'application/json' } });
    expect(received[0]?.headers).toEqual({ accept: 'application/json' });
  });

  it('has the same key with and without the quotes of a structured field', async () => {
    const { send, received } = orders();
    await send('"k1"');
    expect(await send('k1')).toMatchObject({ statusCode: 201 });
    expect(received).toHaveLength(1);
  });

  it.each(['', '""', '"open', 'a,b', 'a b', 'é', `"${'x'.repeat(256)}"`, '"a", "b"'])(
    'is refused if the key is %j',
    async (key) => {
      const { send, received } = orders();
      expect(await send(key)).toBe('BAD_REQUEST');
      expect(received).toHaveLength(0);
    },
  );

  it.each<[string, Partial<GatewayRequest>]>([
    ['body', { body: Buffer.from('{"more":true}') }],
    ['path', { path: '/orders/2' }],
    ['query', { query: 'dry=1' }],
    ['content type', { headers: { 'content-type': 'text/plain' } }],
  ])('is refused if the first with the key had another %s', async (_, changes) => {
    const { send, received } = orders();
    await send('k1');
    expect(await send('k1', changes)).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(received).toHaveLength(1);
  });

  it('has nothing to do with the same key of another caller or another operation', async () => {
    const { send, received } = orders();
    await send('k1');
    await send('k1', {}, { caller: { userId: 'bob', roles: [] } });
    await send('k1', {}, { route: route('POST /refunds', { idempotency: { ttlSeconds: 3_600 } }) });
    expect(received).toHaveLength(3);
  });

  it('is refused while the first with the key is in progress', async () => {
    const response = later<GatewayResponse>();
    const { send, received } = orders(() => response.promise);
    const first = send('k1');
    expect(await send('k1')).toBe('IDEMPOTENCY_IN_PROGRESS');
    response.resolve(created);
    expect(await first).toEqual(created);
    expect(await send('k1')).toMatchObject({ statusCode: 201 });
    expect(received).toHaveLength(1);
  });

  it('is never carried out after a first one whose end nobody recorded', async () => {
    const { send, received, clock } = orders(() => later<GatewayResponse>().promise);
    void send('k1');
    await new Promise(setImmediate);
    clock.nowMs += 11_000;
    expect(await send('k1')).toBe('IDEMPOTENCY_OUTCOME_UNKNOWN');
    expect(received).toHaveLength(1);
  });

  it.each(['UPSTREAM_TIMEOUT', 'UPSTREAM_BAD_RESPONSE', 'UPSTREAM_RESPONSE_TOO_LARGE'] as const)(
    'is not carried out again after %s',
    async (code) => {
      const { send, received, clock } = orders(async () => new GatewayError(code, { detail: '' }));
      expect(await send('k1')).toBe(code);
      expect(await send('k1')).toBe('IDEMPOTENCY_IN_PROGRESS');
      clock.nowMs += 11_000;
      expect(await send('k1')).toBe('IDEMPOTENCY_OUTCOME_UNKNOWN');
      expect(received).toHaveLength(1);
    },
  );

  it.each(['UPSTREAM_UNREACHABLE', 'UPSTREAM_BREAKER_OPEN', 'HEADERS_TOO_LARGE'] as const)(
    'is carried out after %s, when nothing had reached the upstream',
    async (code) => {
      const outcomes = [new GatewayError(code, { detail: '' }), created];
      const { send } = orders(async () => outcomes.shift() ?? created);
      expect(await send('k1')).toBe(code);
      expect(await send('k1')).toEqual(created);
    },
  );

  it('gets the stored response even if that is an error of the upstream', async () => {
    const { send, received } = orders(async () => ({ statusCode: 500, headers: {}, body: 'no' }));
    await send('k1');
    expect(await send('k1')).toMatchObject({ statusCode: 500, body: Buffer.from('no') });
    expect(received).toHaveLength(1);
  });

  it('is not carried out while the table cannot be reached, but when it can', async () => {
    const { send, received, store } = orders();
    const begin = store.begin.bind(store);
    store.begin = async () => {
      throw new StoreUnavailable('down');
    };
    expect(await send('k1')).toBe('IDEMPOTENCY_STORE_UNAVAILABLE');
    store.begin = begin;
    expect(await send('k1')).toEqual(created);
    expect(received).toHaveLength(1);
  });

  it('can be repeated if only the response of the first write was lost', async () => {
    const { send, received, store } = orders();
    const begin = store.begin.bind(store);
    store.begin = async (...given) => {
      await begin(...given);
      throw new StoreUnavailable('the response was lost');
    };
    expect(await send('k1')).toBe('IDEMPOTENCY_STORE_UNAVAILABLE');
    store.begin = begin;
    expect(await send('k1')).toEqual(created);
    expect(received).toHaveLength(1);
  });

  it('keeps its response if that cannot be stored, and logs why', async () => {
    const { send, store, lines, clock } = orders();
    store.finish = async () => {
      throw new StoreUnavailable('down');
    };
    expect(await send('k1')).toEqual(created);
    expect(lines).toMatchObject([
      ['the response to an idempotency key is not kept', { correlation_id: 'request-1' }],
    ]);
    clock.nowMs += 11_000;
    expect(await send('k1')).toBe('IDEMPOTENCY_OUTCOME_UNKNOWN');
  });

  it('costs two writes, and a repeated one costs one', async () => {
    const { send, dynamoDb } = orders();
    await send('k1');
    expect(dynamoDb.calls).toEqual({ reads: 0, writes: 2 });
    await send('k1');
    expect(dynamoDb.calls).toEqual({ reads: 0, writes: 3 });
  });
});

describe('a request without an idempotency key', () => {
  it('is forwarded each time, without a call to the table', async () => {
    const { send, received, dynamoDb } = orders();
    await send(undefined);
    await send(undefined);
    expect(received).toHaveLength(2);
    expect(dynamoDb.calls).toEqual({ reads: 0, writes: 0 });
  });

  it('keeps its key for the upstream if the route has no idempotency', async () => {
    const { send, received } = orders();
    await send('k1', {}, { route: route('POST /orders') });
    expect(received[0]?.headers).toHaveProperty('idempotency-key', 'k1');
  });
});
