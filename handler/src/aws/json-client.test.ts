import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { respondWith, hang, ok, refuseWith, reset } from '../../testing/fake-aws/behaviors.ts';
import { startFakeAws, type FakeAws } from '../../testing/fake-aws/fake-aws.ts';
import { createJsonClient, type JsonCall, regionalEndpoint } from './json-client.ts';

const service = {
  name: 'dynamodb',
  contentType: 'application/x-amz-json-1.0',
  targetPrefix: 'DynamoDB_20120810',
  attemptTimeoutMs: 800,
} as const;
const credentials = () => ({ accessKeyId: 'a', secretAccessKey: 's', sessionToken: undefined });

let aws: FakeAws;
let call: JsonCall;
const get = (withinMs = 3_000): ReturnType<JsonCall> =>
  call('GetItem', {}, { deadlineMs: Date.now() + withinMs });

beforeEach(async () => {
  aws = await startFakeAws();
  call = createJsonClient(
    { region: 'eu-west-1', endpoint: aws.endpoint, credentials, now: Date.now },
    service,
  );
});
afterEach(() => aws.stop());

describe('a client of AWS’s JSON protocol', () => {
  it('signs for the host that it calls, without a session token if there is none', async () => {
    aws.behave(ok({}));
    await get();
    const { headers } = aws.requests[0] ?? {};
    expect(headers).not.toHaveProperty('x-amz-security-token');
    expect(headers?.authorization).toContain(
      'SignedHeaders=content-type;host;x-amz-date;x-amz-target',
    );
    expect(headers?.host).toBe(aws.endpoint.host);
  });

  it('retries the first call, and no other while all calls fail', async () => {
    aws.behave(respondWith(500, {}));
    for (let count = 0; count < 20; count += 1) await get().catch(() => undefined);
    expect(aws.requests).toHaveLength(21);
  });

  it.each([
    ['is refused', respondWith(500, {})],
    ['loses its connection', reset],
  ])('sends a call that must not happen twice only once, even if it %s', async (_, fails) => {
    aws.behave(fails);
    const options = { deadlineMs: Date.now() + 3_000, once: true } as const;
    await expect(call('UpdateItem', {}, options)).rejects.toThrow();
    expect(aws.requests).toHaveLength(1);
  });

  it.each([
    ['responds', ok({})],
    ['refusals', refuseWith('ConditionalCheckFailedException')],
  ])('retries again after five %s, and not before', async (_, each) => {
    const broken = respondWith(500, {});
    aws.behave(broken, each, each, each, each, broken, each, broken, each);
    const asked: number[] = [];
    for (let count = 0; count < 7; count += 1) {
      await get().catch(() => undefined);
      asked.push(aws.requests.length);
    }
    expect(asked).toEqual([2, 3, 4, 5, 6, 7, 9]);
  });

  it('opens a new connection after the kept one was idle for more than 20 s', async () => {
    let nowMs = Date.now();
    call = createJsonClient(
      { region: 'eu-west-1', endpoint: aws.endpoint, credentials, now: () => nowMs },
      service,
    );
    aws.behave(ok({}));
    for (const restMs of [0, 15_000, 15_000, 25_000]) {
      nowMs += restMs;
      await call('GetItem', {}, { deadlineMs: nowMs + 3_000 });
    }
    expect(aws.requests.map(({ connection }) => connection)).toEqual([1, 1, 1, 2]);
  });

  it('does not retry one operation more often because another one succeeds', async () => {
    const isRead = (request: { headers: Record<string, unknown> }): boolean =>
      String(request.headers['x-amz-target']).endsWith('GetItem');
    aws.behave((response, request) => respondWith(isRead(request) ? 500 : 200, {})(response));
    for (let count = 0; count < 100; count += 1) {
      await get().catch(() => undefined);
      await call('UpdateItem', {}, { deadlineMs: Date.now() + 3_000 });
    }
    expect(aws.requests.filter(isRead)).toHaveLength(101);
  });

  it('closes all kept connections when one of them fails', async () => {
    aws.behave(ok({}));
    await Promise.all([get(), get(), get()]);
    aws.behave(reset, ok({ sound: true }));
    expect(await get()).toEqual({ sound: true });
    expect(aws.requests.at(-2)?.connection).toBeLessThanOrEqual(3);
    expect(aws.requests.at(-1)?.connection).toBe(4);
  });

  it('ends an attempt without a response after 800 ms and retries on another connection', async () => {
    aws.behave(hang, ok({ sound: true }));
    const startMs = Date.now();
    expect(await get()).toEqual({ sound: true });
    expect(Date.now() - startMs).toBeGreaterThanOrEqual(790);
    expect(aws.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it('sends nothing after its deadline', async () => {
    aws.behave(ok({}));
    await expect(get(0)).rejects.toMatchObject({ code: 'DEADLINE_PASSED' });
    expect(aws.requests).toHaveLength(0);
  });

  it('closes the socket of a failed call', async () => {
    aws.behave(hang);
    await expect(get(100)).rejects.toMatchObject({ code: 'ATTEMPT_TIMEOUT' });
    await sleep(50);
    expect(aws.openConnections).toBe(0);
  });

  it('rejects a response of more than 2 MiB', async () => {
    aws.behave(ok({ filler: 'x'.repeat(3 * 1024 * 1024) }));
    await expect(get()).rejects.toMatchObject({ code: 'RESPONSE_TOO_LARGE' });
  });

  it('reads the error code from the header if the body has none', async () => {
    aws.behave(
      respondWith(400, 'no JSON', { 'x-amzn-errortype': 'AccessDeniedException:http://x/' }),
    );
    await expect(get()).rejects.toMatchObject({ code: 'AccessDeniedException', status: 400 });
    aws.behave(respondWith(404, '[]'));
    await expect(get()).rejects.toMatchObject({ code: 'HTTP_404' });
    aws.behave(respondWith(400, { __type: 'not a name' }));
    await expect(get()).rejects.toMatchObject({ code: 'Unknown' });
  });

  it('logs nothing that AWS quotes from the request when a signature is wrong', async () => {
    const message = 'The signature does not match.\n\nx-amz-security-token:hunter2';
    aws.behave(refuseWith('InvalidSignatureException', { message }));
    await expect(get()).rejects.toMatchObject({
      message: 'InvalidSignatureException (400): The signature does not match.',
    });
    expect(aws.requests).toHaveLength(1);
  });

  it('fails when the TLS handshake fails', async () => {
    const endpoint = new URL(aws.endpoint.href.replace('http:', 'https:'));
    call = createJsonClient({ region: 'eu-west-1', endpoint, credentials, now: Date.now }, service);
    await expect(get()).rejects.toMatchObject({ name: 'ConnectionError' });
  });
});

describe('the endpoint of a region', () => {
  it.each([
    ['eu-west-1', 'https://dynamodb.eu-west-1.amazonaws.com/'],
    ['us-gov-west-1', 'https://dynamodb.us-gov-west-1.amazonaws.com/'],
    ['cn-north-1', 'https://dynamodb.cn-north-1.amazonaws.com.cn/'],
  ])('of %s is AWS’s own', (region, url) => {
    expect(regionalEndpoint('dynamodb', region).href).toBe(url);
  });

  it('is used unless another endpoint is set', async () => {
    call = createJsonClient(
      { region: 'region.invalid/', endpoint: undefined, credentials, now: Date.now },
      service,
    );
    await expect(get(500)).rejects.toThrow();
  });
});
