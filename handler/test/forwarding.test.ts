import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { call, deployment, receivedDuring, signIn, someone, whileMisbehaving } from './stack.ts';

describe('a forwarded request', () => {
  it('reaches the service with its query untouched and its caller named, and without the token', async () => {
    const userId = someone();
    const token = await signIn(['user'], { userId });
    const query = 'category=book&category=film&limit=5&cursor=a-b';
    const [request] = await receivedDuring('products', () =>
      call('GET', `/api/v1/products?${query}&x=%2F+%20%C3%BC&&y`, {
        token,
        headers: { 'x-user-id': 'mallory', 'x-user-roles': 'admin', 'x-forwarded-for': '9.9.9.9' },
      }),
    );
    expect(request?.url).toBe(`/api/v1/products?${query}&x=%2F+%20%C3%BC&&y`);
    const headers = Object.fromEntries(pairs(request?.rawHeaders ?? []));
    expect(headers).toMatchObject({
      'x-user-id': userId,
      'x-user-roles': 'user',
      'x-forwarded-for': '127.0.0.1',
      via: expect.stringMatching(/^1\.1 postern-[\da-f]{8}$/),
    });
    expect(headers).not.toHaveProperty('authorization');
    expect(JSON.stringify(request)).not.toContain(token);
  });

  it('belongs to the client’s trace, and without one to a new one', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const requests = await receivedDuring('status', async () => {
      await call('GET', '/api/v1/status', { headers: { traceparent, tracestate: 'a=1' } });
      await call('GET', '/api/v1/status', { headers: { traceparent: 'none' } });
    });
    const [continued, begun] = requests.map(({ rawHeaders }) =>
      Object.fromEntries(pairs(rawHeaders)),
    );
    expect(continued).toMatchObject({ traceparent, tracestate: 'a=1' });
    const [, traceId = ''] =
      /^00-([\da-f]{32})-[\da-f]{16}-0[01]$/.exec(begun?.['traceparent'] ?? '') ?? [];
    expect(begun?.['x-amzn-trace-id']).toContain(
      `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)}`,
    );
  });

  it('is rewritten if the contract says so', async () => {
    const token = await signIn(['admin']);
    const [request] = await receivedDuring('settings', () =>
      call('GET', '/api/v1/admin/settings', { token }),
    );
    expect(request?.url).toBe('/settings');
  });

  it('brings the response’s bytes and status back as they are, and cookies with the public path', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const misbehaviour = {
      status: 203,
      headers: { 'content-type': 'image/png', 'set-cookie': 'a=1; Path=/' },
      bodyBase64: bytes.toString('base64'),
    };
    await whileMisbehaving('status', misbehaviour, async () => {
      const response = await call('GET', '/api/v1/status');
      expect(response.status).toBe(203);
      expect(response.bytes).toEqual(bytes);
      const { pathname } = new URL(deployment.baseUrl);
      expect(response.headers.getSetCookie()).toEqual([`a=1; Path=${pathname}`]);
    });
  });

  it('keeps every byte of a picture, there and back', async () => {
    const token = await signIn(['admin', 'user']);
    const path = '/api/v1/products/go/picture';
    const body = Buffer.from(Array.from({ length: 1_048_576 }, (_, index) => (index * 7) % 256));
    const headers = { 'content-type': 'image/png' };
    expect((await call('PUT', path, { token, headers, body })).status).toBe(201);
    const back = await call('GET', path, { token });
    expect(back.headers.get('content-type')).toBe('image/png');
    expect(back.bytes.equals(body)).toBe(true);
    const gif = { 'content-type': 'image/gif' };
    expect((await call('PUT', path, { token, headers: gif, body })).status).toBe(415);
    const tooMuch = Buffer.concat([body, Buffer.from([0])]);
    expect((await call('PUT', path, { token, headers, body: tooMuch })).status).toBe(413);
  });

  it('leaves an encoded body as it is', async () => {
    const misbehaviour = {
      headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' },
      bodyBase64: gzipSync('hello').toString('base64'),
    };
    await whileMisbehaving('status', misbehaviour, async () => {
      const { bytes } = await call('GET', '/api/v1/status');
      expect(bytes.toString()).toBe('hello'); // `fetch` has decoded it.
    });
  });

  it('responds to HEAD like to GET, without a body', async () => {
    const { status, bytes } = await call('HEAD', '/api/v1/status');
    expect(status).toBe(200);
    expect(bytes).toHaveLength(0);
  });
});

const pairs = (raw: readonly string[]): Array<[string, string]> =>
  raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ''] as [string, string]] : [],
  );
