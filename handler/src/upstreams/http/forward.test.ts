import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { anyCharacter } from '../../../testing/any-character.ts';
import { gatewayRequest } from '../../../testing/gateway-request.ts';
import { responseOf, rawUpstream, type RawUpstream } from '../../../testing/raw-upstream.ts';
import { upstreamPolicy } from '../../../testing/upstream-policy.ts';
import type { Route, UpstreamPolicy } from '../../contract.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { resultLimits } from '../../http/response-to-result.ts';
import { assertForwardablePath } from '../../http/upstream-path.ts';
import type { ForwardInput } from '../../parts.ts';
import { createForward } from './forward.ts';

const running: RawUpstream[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((upstream) => upstream.close()));
});

const upstreamThat = async (...behavior: Parameters<typeof rawUpstream>): Promise<RawUpstream> => {
  const upstream = await rawUpstream(...behavior);
  running.push(upstream);
  return upstream;
};

interface Setup {
  readonly retries?: number;
  readonly timeoutMs?: number;
  readonly rewrite?: string;
  readonly params?: Record<string, string>;
  readonly failures?: number;
  readonly openSeconds?: number;
  readonly deadlineInMs?: number;
  readonly caller?: ForwardInput['caller'];
  readonly policy?: Partial<UpstreamPolicy<'http'>>;
}

/** A function that sends requests to the upstream at this URL by a forwarder of its own. */
const forwarderTo = (url: URL, setup: Setup = {}) => {
  const { retries = 0, timeoutMs = 2_000, rewrite, failures = 5, openSeconds = 1 } = setup;
  let nowMs: number | undefined;
  const now = () => nowMs ?? Date.now();
  const onBreakerOpen = jest.fn<(name: string) => void>();
  const policy = upstreamPolicy({ retries, breaker: { failures, openSeconds }, ...setup.policy });
  const forward = createForward({
    upstreams: { users: { policy, url } },
    limits: resultLimits,
    now,
    onBreakerOpen,
  });
  const send = async (method: string, path = '/', parts: Partial<GatewayRequest> = {}) => {
    const request = gatewayRequest({ method, path, ...parts });
    const target = { kind: 'http', upstream: 'users', rewrite, timeoutMs } as const;
    const { outcome, upstream } = await forward({
      request,
      route: { id: `${method} ${path}`, target } as unknown as Route,
      target,
      params: setup.params ?? {},
      deadlineMs: Date.now() + (setup.deadlineInMs ?? 5_000),
      caller: setup.caller,
      callerKey: () => request.clientIp,
    });
    return { response: outcome, upstream };
  };
  return { send, onBreakerOpen, setNow: (ms: number) => (nowMs = ms) };
};

const ok = responseOf('200 OK', 'fine');

const isForwardable = (segments: readonly string[]): boolean => {
  try {
    assertForwardablePath(segments);
    return true;
  } catch {
    return false;
  }
};

describe('the request to the upstream', () => {
  it('is the request, with the gateway’s own headers', async () => {
    const upstream = await upstreamThat(ok);
    const caller = { userId: 'älice,1', roles: ['user', 'admin'] };
    const { send } = forwarderTo(upstream.url, { caller });
    await send('POST', '/a b/ü%/c', {
      query: 'q=%2F&q=a+b&empty=',
      headers: {
        'content-length': '999',
        authorization: 'Bearer secret',
        'x-user-id': 'mallory',
        x_user_roles: 'admin',
        'x-forwarded-for': '203.0.113.9',
        forwarded: 'for=203.0.113.9',
        via: '1.1 cdn',
        'x-custom': 'kept',
      },
      cookies: ['session_token=secret', 'theme=dark'],
      body: Buffer.from([0, 255, 10]),
    });
    expect(upstream.requests).toEqual([
      [
        'POST /a%20b/%C3%BC%25/c?q=%2F&q=a+b&empty= HTTP/1.1',
        `host: ${upstream.url.host}`,
        'x-custom: kept',
        'cookie: theme=dark',
        'via: 1.1 cdn, 1.1 postern',
        'x-forwarded-for: 198.51.100.7',
        'x-forwarded-host: api.example.com',
        'x-forwarded-proto: https',
        'x-request-id: request-1',
        'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        'x-amzn-trace-id: Root=1-0af76519-16cd43dd8448eb211c80319c',
        'content-length: 3',
        'x-user-id: %C3%A4lice%2C1',
        'x-user-roles: user,admin',
        '',
        '\u0000\u00ff\n',
      ].join('\r\n'),
    ]);
  });

  it('keeps the client’s Authorization where the route needs no session', async () => {
    const upstream = await upstreamThat(ok);
    const headers = { authorization: 'Bearer for-the-service' };
    await forwarderTo(upstream.url).send('GET', '/', { headers });
    expect(upstream.requests[0]).toContain('authorization: Bearer for-the-service');
  });

  it('has a path below the upstream’s own path, by the rewrite if there is one', async () => {
    const upstream = await upstreamThat(ok);
    const params = { id: 'a/../b', rest: 'x/y z' };
    const url = new URL('/base/', upstream.url);
    await forwarderTo(url, { rewrite: '/v2/{id}/all/{rest+}', params }).send('GET', '/ignored');
    expect(upstream.requests[0]).toMatch(
      /^GET \/base\/v2\/a%2F\.\.%2Fb\/all\/x\/y%20z HTTP\/1\.1\r\n/,
    );
  });

  it('never goes to another origin, with any path', async () => {
    const upstream = await upstreamThat(ok);
    const { send } = forwarderTo(upstream.url);
    for (const path of ['//evil.example/x', '/http://evil.example/', '/@evil.example', '/:80/x']) {
      await send('GET', path);
    }
    expect(upstream.requests.map((request) => request.split(' ')[1])).toEqual([
      '//evil.example/x',
      '/http://evil.example/',
      '/@evil.example',
      '/:80/x',
    ]);
  });

  it('never leaves the upstream’s own path, and keeps the meaning of the client’s path', async () => {
    const upstream = await upstreamThat(ok);
    const { send } = forwarderTo(new URL('/base', upstream.url));
    const anyPath = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1 });
    const anyQuery = fc.string({ unit: anyCharacter });
    await fc.assert(
      fc.asyncProperty(anyPath.filter(isForwardable), anyQuery, async (segments, query) => {
        upstream.requests.length = 0;
        await send('GET', '/', { segments, query });
        const [line = '', ...others] = upstream.requests.map((request) => request.split('\r\n')[0]);
        expect(others).toEqual([]);
        expect(line).toMatch(/^GET \/base\/[!-~]* HTTP\/1\.1$/);
        const path = line.slice('GET '.length).split(/[? ]/)[0] ?? '';
        expect(path.split('/').slice(2).map(decodeURIComponent)).toEqual(segments);
        expect(new URL(path, upstream.url).pathname).toMatch(/^\/base\//);
      }),
    );
  });

  it('goes over one connection, kept alive', async () => {
    const upstream = await upstreamThat(ok);
    const { send } = forwarderTo(upstream.url);
    for (let request = 0; request < 5; request += 1) await send('GET');
    expect(upstream.connections()).toBe(1);
  });

  it('does not use a connection that was idle for longer than servers keep one', async () => {
    const upstream = await upstreamThat(ok);
    const { send, setNow } = forwarderTo(upstream.url);
    setNow(Date.now());
    await send('GET');
    setNow(Date.now() + 4_500);
    await send('GET');
    expect(upstream.connections()).toBe(2);
  });

  it('is refused with an invalid header value', async () => {
    const upstream = await upstreamThat(ok);
    const { response } = await forwarderTo(upstream.url).send('GET', '/', {
      headers: { x: 'a\r\nb: c' },
    });
    expect(response).toMatchObject({ code: 'BAD_REQUEST', status: 400 });
    expect(upstream.requests).toEqual([]);
  });
});

describe('the upstream response', () => {
  it('is returned without hop-by-hop headers, with each Set-Cookie separate', async () => {
    const upstream = await upstreamThat(
      responseOf('207 Multi', 'body', [
        'Connection: keep-alive, X-Hop',
        'X-Hop: ends here',
        'Keep-Alive: timeout=5',
        'Set-Cookie: a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT',
        'Set-Cookie: b=2',
        'Vary: A',
        'Vary: B',
      ]),
    );
    const { response, upstream: call } = await forwarderTo(upstream.url).send('GET');
    expect(response).toEqual({
      statusCode: 207,
      headers: { 'content-type': 'application/octet-stream', vary: 'A, B' },
      cookies: ['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'b=2'],
      body: Buffer.from('body'),
    });
    expect(call).toMatchObject({ name: 'users', attempts: 1 });
  });

  it.each([
    ['204 without a body', 'HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
    [
      '304 that speaks of a length',
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
      304,
      '',
    ],
    [
      'a chunked one with trailers',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n',
      200,
      'hi',
    ],
    ['one after 1xx', `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${ok}`, 200, 'fine'],
    ['a redirect', responseOf('302 Found', '', ['Location: https://elsewhere.example/']), 302, ''],
  ])('is forwarded: %s', async (_, bytes, statusCode, body) => {
    const { response } = await forwarderTo((await upstreamThat(bytes)).url).send('GET');
    expect(response).toMatchObject({ statusCode, body: Buffer.from(body) });
  });

  it('to HEAD has no body, and none is waited for', async () => {
    const upstream = await upstreamThat('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n');
    const { response } = await forwarderTo(upstream.url).send('HEAD');
    expect(response).toMatchObject({ headers: { 'content-length': '5' }, body: Buffer.alloc(0) });
  });

  it.each([
    ['nonsense', 'I am no HTTP\r\n\r\n'],
    ['a body shorter than it says', 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort'],
    ['a chunk that ends early', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nshort'],
    [
      'another protocol that was not requested',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    ],
    ['two content-lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ])('is a 502 for %s', async (_, bytes) => {
    const upstream = await upstreamThat((__, socket) => socket.end(bytes));
    const { response } = await forwarderTo(upstream.url).send('POST');
    expect(response).toMatchObject({ status: 502, code: 'UPSTREAM_BAD_RESPONSE' });
  });

  it('is a 502 if it is larger than a function’s response may be, and the rest is not read', async () => {
    const upstream = await upstreamThat((_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n');
      socket.write(Buffer.alloc(8 * 1024 * 1024));
    });
    const { response } = await forwarderTo(upstream.url, { retries: 2 }).send('GET');
    expect(response).toMatchObject({ status: 502, code: 'UPSTREAM_RESPONSE_TOO_LARGE' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('is a 502 if it is binary and too large in base64, even if its bytes are not', async () => {
    const body = 'x'.repeat(5 * 1024 * 1024);
    const upstream = await upstreamThat(responseOf('200 OK', body, ['Content-Type: image/png']));
    const { response } = await forwarderTo(upstream.url).send('GET');
    expect(response).toMatchObject({ code: 'UPSTREAM_RESPONSE_TOO_LARGE' });
  });

  it('is a 504 after the route’s timeout and at the deadline', async () => {
    const upstream = await upstreamThat(() => undefined);
    for (const setup of [{ timeoutMs: 50 }, { deadlineInMs: 50 }]) {
      const startedAtMs = Date.now();
      const { response } = await forwarderTo(upstream.url, { ...setup, retries: 2 }).send('GET');
      expect(response).toMatchObject({ status: 504, code: 'UPSTREAM_TIMEOUT' });
      expect(Date.now() - startedAtMs).toBeLessThan(1_000);
    }
    expect(upstream.requests).toHaveLength(2);
  });

  it('is a 504 if it arrives slowly past the timeout', async () => {
    const upstream = await upstreamThat((_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n');
      const drip = setInterval(() => socket.write('x'), 10);
      socket.on('close', () => clearInterval(drip));
    });
    const { response } = await forwarderTo(upstream.url, { timeoutMs: 100 }).send('GET');
    expect(response).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  });

  it('is a 502 if no server listens or the name is unknown', async () => {
    const upstream = await upstreamThat(ok);
    await upstream.close();
    for (const url of [upstream.url, new URL('http://nowhere.invalid/')]) {
      const { response } = await forwarderTo(url).send('GET');
      expect(response).toMatchObject({ status: 502, code: 'UPSTREAM_UNREACHABLE' });
    }
  });
});

describe('retries', () => {
  const breaksFirst = (times: number) =>
    upstreamThat((_, socket, index) => {
      if (index < times) socket.destroy();
      else socket.write(responseOf('200 OK'));
    });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('resend a failed %s', async (method) => {
    const upstream = await breaksFirst(2);
    const { response, upstream: call } = await forwarderTo(upstream.url, { retries: 2 }).send(
      method,
    );
    expect(response).toMatchObject({ statusCode: 200 });
    expect(call.attempts).toBe(3);
  });

  it.each(['POST', 'PATCH'])('never resend a %s', async (method) => {
    const upstream = await breaksFirst(1);
    const { response } = await forwarderTo(upstream.url, { retries: 2 }).send(method);
    expect(response).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('resend a POST with an Idempotency-Key', async () => {
    const upstream = await breaksFirst(1);
    const headers = { 'idempotency-key': 'k' };
    const { response } = await forwarderTo(upstream.url, { retries: 1 }).send('POST', '/', {
      headers,
    });
    expect(response).toMatchObject({ statusCode: 200 });
  });

  it('are no more than the policy’s number while everything fails', async () => {
    const upstream = await upstreamThat((_, socket) => socket.destroy());
    const { send } = forwarderTo(upstream.url, { retries: 3, failures: 1_000 });
    for (let request = 0; request < 50; request += 1) await send('GET');
    expect(upstream.requests).toHaveLength(50 + 3);
  });
});

describe('the circuit breaker', () => {
  it('counts a request once, including its retries', async () => {
    const upstream = await upstreamThat((_, socket) => socket.destroy());
    const { send } = forwarderTo(upstream.url, { retries: 2, failures: 3 });
    for (let request = 0; request < 10; request += 1) await send('GET');
    expect(upstream.requests).toHaveLength(3 + 2);
  });

  it('opens for no other client when one client’s requests make the service close the connection', async () => {
    const upstream = await upstreamThat((request, socket) => {
      if (request.includes('x-poison')) socket.destroy();
      else socket.write(ok);
    });
    const { send, onBreakerOpen } = forwarderTo(upstream.url, { failures: 3, retries: 2 });
    const attacker = { clientIp: '203.0.113.6', headers: { 'x-poison': 'x'.repeat(5_000) } };
    const codes = [];
    for (let request = 0; request < 10; request += 1) {
      codes.push(((await send('GET', '/', attacker)).response as { code: string }).code);
    }
    expect(codes).toEqual([
      ...Array<string>(3).fill('UPSTREAM_BAD_RESPONSE'),
      ...Array<string>(7).fill('UPSTREAM_BREAKER_OPEN'),
    ]);
    expect((await send('GET')).response).toMatchObject({ statusCode: 200 });
    expect(onBreakerOpen).not.toHaveBeenCalled();
  });

  it('opens for everyone when a service refuses the connections of its only client', async () => {
    const upstream = await upstreamThat(ok);
    await upstream.close();
    const { send, onBreakerOpen } = forwarderTo(upstream.url, { failures: 3 });
    for (let request = 0; request < 3; request += 1) await send('GET');
    expect(onBreakerOpen).toHaveBeenCalledTimes(1);
    const other = await send('GET', '/', { clientIp: '203.0.113.6' });
    expect(other.response).toMatchObject({ code: 'UPSTREAM_BREAKER_OPEN' });
  });

  it('opens after consecutive failures with Retry-After, accepts one probe, and closes', async () => {
    let isDown = true;
    const upstream = await upstreamThat((_, socket) =>
      socket.write(isDown ? responseOf('503 Service Unavailable') : ok),
    );
    const { send, onBreakerOpen } = forwarderTo(upstream.url, { failures: 3, openSeconds: 0.2 });
    for (let request = 0; request < 10; request += 1) await send('GET');
    expect(upstream.requests).toHaveLength(3);
    expect(onBreakerOpen.mock.calls).toEqual([['users']]);
    expect((await send('GET')).response).toMatchObject({
      status: 503,
      code: 'UPSTREAM_BREAKER_OPEN',
      headers: { 'retry-after': '1' },
    });
    await new Promise((resolve) => setTimeout(resolve, 250));
    await send('GET'); // The probe fails, and it stays open.
    await send('GET');
    expect(upstream.requests).toHaveLength(4);
    isDown = false;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect((await send('GET')).response).toMatchObject({ statusCode: 200 });
    expect((await send('GET')).response).toMatchObject({ statusCode: 200 });
  });

  it('is not opened by a service’s 500s, nor by refused requests', async () => {
    const upstream = await upstreamThat(responseOf('500 Internal Server Error'));
    const { send, onBreakerOpen } = forwarderTo(upstream.url, { failures: 2 });
    for (let request = 0; request < 5; request += 1) await send('GET');
    for (const headers of [{ x: '\n' }, { 'a b': '' }, { '': '' }]) {
      expect((await send('GET', '/', { headers })).response).toMatchObject({ code: 'BAD_REQUEST' });
    }
    expect(onBreakerOpen).not.toHaveBeenCalled();
  });
});

describe('headers that are too large for the upstream', () => {
  it.each([
    ['a header', { headers: { 'x-long': 'x'.repeat(8_192) } }],
    [
      'many headers',
      {
        headers: Object.fromEntries(
          Array.from({ length: 400 }, (_, index) => [`x-name-of-header-${index}`, '']),
        ),
      },
    ],
    ['cookies', { cookies: ['a=' + 'x'.repeat(8_192)] }],
    ['text whose UTF-8 is larger than itself', { headers: { 'x-long': 'ü'.repeat(4_100) } }],
  ])('are refused with 431 before any connection: %s', async (_, parts) => {
    const upstream = await upstreamThat(ok);
    const { send, onBreakerOpen } = forwarderTo(upstream.url, { failures: 1 });
    for (let request = 0; request < 3; request += 1) {
      const { response, upstream: call } = await send('GET', '/', parts);
      expect(response).toMatchObject({ code: 'HEADERS_TOO_LARGE', status: 431 });
      expect(call.attempts).toBeUndefined();
    }
    expect(upstream.connections()).toBe(0);
    expect(onBreakerOpen).not.toHaveBeenCalled();
  });

  it('are counted to the byte, including line ends', async () => {
    const upstream = await upstreamThat(ok);
    const sized = async (maxHeaderBytes: number) => {
      const { send } = forwarderTo(upstream.url, { policy: { maxHeaderBytes } });
      return (await send('GET', '/', { headers: { 'x-a': 'b' } })).response;
    };
    await sized(8_192);
    const [head = ''] = upstream.requests;
    const bytes = head.indexOf('\r\n\r\n') + 2 - (head.indexOf('\r\n') + 2);
    expect(await sized(bytes)).toMatchObject({ statusCode: 200 });
    expect(await sized(bytes - 1)).toMatchObject({
      code: 'HEADERS_TOO_LARGE',
      detail: expect.stringContaining(`${bytes} bytes, and ${bytes - 1} are allowed`),
    });
  });
});
