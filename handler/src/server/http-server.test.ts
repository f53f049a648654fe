import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { CorsPolicy } from '../features/cors/cors-policy.ts';
import { createHttpServer, type HttpServer, type Service } from './http-server.ts';

type Result = APIGatewayProxyStructuredResultV2;

const policy: CorsPolicy = {
  allow_origins: ['https://app.example.com'],
  allow_methods: ['GET'],
  allow_headers: [],
  expose_headers: [],
  allow_credentials: false,
  max_age_seconds: 60,
};

const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close({ graceMs: 0 })));
});

const serve = async (
  handler: Service['handler'],
  { cors = null, ...given }: Partial<Service & { onError: (error: unknown) => void }> = {},
) => {
  const server = createHttpServer({
    service: () => ({ handler, cors }),
    now: Date.now,
    onError: (error) => {
      throw error;
    },
    ...given,
  });
  servers.push(server);
  return { server, url: await server.listen({ host: '127.0.0.1', port: 0 }) };
};

const always =
  (result: Result): Service['handler'] =>
  async () =>
    result;

describe('a response', () => {
  it('has the status, the headers, every cookie and the decoded body of the result', async () => {
    const { url } = await serve(
      always({
        statusCode: 201,
        headers: { 'Content-Type': 'image/png', 'x-number': 7, connection: 'upgrade' },
        cookies: ['a=1; Path=/', 'b=2'],
        body: Buffer.from([0, 255]).toString('base64'),
        isBase64Encoded: true,
      }),
    );
    const response = await fetch(url);
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('x-number')).toBe('7');
    expect(response.headers.get('connection')).toBe('keep-alive');
    expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
    expect(response.headers.get('apigw-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0, 255]));
  });

  it.each<[string, Result, string | null]>([
    ['a body without a type is text', { statusCode: 200, body: 'x' }, 'text/plain; charset=utf-8'],
    ['no body has no type', { statusCode: 204 }, null],
  ])('%s', async (_, result, type) => {
    const { url } = await serve(always(result));
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toBe(type);
    expect(await response.text()).toBe(result.body ?? '');
  });

  it('to HEAD has the length that the function gives, and no body', async () => {
    const { url } = await serve(
      always({ statusCode: 200, headers: { 'content-length': '1234', 'content-type': 'a/b' } }),
    );
    const response = await fetch(url, { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe('1234');
  });

  it('is 500 without details for a handler that throws, which is reported', async () => {
    const errors: unknown[] = [];
    const { url } = await serve(async () => Promise.reject(new Error('secret')), {
      onError: (error) => void errors.push(error),
    });
    const response = await fetch(url);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal Server Error' });
    expect(errors).toEqual([new Error('secret')]);
  });

  it.each([
    ['x', 200],
    ['\u0001', 500],
  ])('of 1.2 million characters %j has the status %i', async (character, status) => {
    const { url } = await serve(always({ statusCode: 200, body: character.repeat(1_200_000) }));
    expect((await fetch(url)).status).toBe(status);
  });
});

describe('a request', () => {
  it('reaches the handler as an event, with its body and the time that is left', async () => {
    const seen: Array<APIGatewayProxyEventV2 & { remainingMs: number }> = [];
    const { url } = await serve(async (event, context) => {
      expect(context.awsRequestId).toBe(event.requestContext.requestId);
      seen.push({ ...event, remainingMs: context.getRemainingTimeInMillis() });
      return { statusCode: 204 };
    });
    await fetch(new URL('/a?b=c', url), { method: 'PUT', body: Buffer.from([1]) });
    expect(seen).toMatchObject([{ rawPath: '/a', rawQueryString: 'b=c', body: 'AQ==' }]);
    expect(seen[0]?.remainingMs).toBeGreaterThan(28_000);
    expect(seen[0]?.remainingMs).toBeLessThanOrEqual(29_000);
  });

  it.each([
    [10 * 1024 * 1024 + 1, 'application/octet-stream', 413],
    [5 * 1024 * 1024, 'application/octet-stream', 413], // 6.7 MiB as base64.
    [5 * 1024 * 1024, 'text/plain', 204],
    [4 * 1024 * 1024, 'application/octet-stream', 204],
  ])('of %i bytes, %s, has the status %i', async (bytes, type, status) => {
    const { url } = await serve(always({ statusCode: 204 }));
    const init = {
      method: 'POST',
      headers: { 'content-type': type },
      body: Buffer.alloc(bytes, 65),
    };
    expect((await fetch(url, init)).status).toBe(status);
  });

  it('in chunks is refused as soon as it is too large, and the client reads the response', async () => {
    const { url } = await serve(always({ statusCode: 204 }));
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpRequest(url, { method: 'POST' }, resolve).on('error', reject);
      for (let chunk = 0; chunk < 11; chunk += 1) request.write(Buffer.alloc(1024 * 1024));
      request.end();
    });
    expect(response.statusCode).toBe(413);
    expect(JSON.parse(await text(response))).toEqual({ message: 'Request Entity Too Large' });
  });

  it('with more than 10,240 bytes of headers is refused with 431', async () => {
    const { url } = await serve(always({ statusCode: 204 }));
    const responses = [9_500, 10_500].map((length) =>
      fetch(url, { headers: { 'x-long': 'a'.repeat(length) } }),
    );
    expect((await Promise.all(responses)).map(({ status }) => status)).toEqual([204, 431]);
  });

  it('with an invalid escape is refused with 400', async () => {
    const { url } = await serve(always({ statusCode: 204 }));
    expect((await fetch(new URL('/%zz', url))).status).toBe(400);
  });
});

describe('CORS', () => {
  const init = {
    method: 'OPTIONS',
    headers: { origin: 'https://app.example.com', 'access-control-request-method': 'GET' },
  };

  it('preflights are responded to without calling the handler', async () => {
    const { url } = await serve(async () => Promise.reject(new Error('called')), { cors: policy });
    const response = await fetch(url, init);
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  });

  it('without a policy, OPTIONS is a request like any other', async () => {
    const { url } = await serve(always({ statusCode: 405 }));
    expect((await fetch(url, init)).status).toBe(405);
  });

  it('a response has the headers of the policy', async () => {
    const { url } = await serve(always({ statusCode: 200 }), { cors: policy });
    const { headers } = await fetch(url, { headers: { origin: 'https://app.example.com' } });
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  });
});

describe('the server', () => {
  it('keeps a connection for further requests', async () => {
    const { url } = await serve(always({ statusCode: 204 }));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let request = 0; request < 3; request += 1) {
      await new Promise<void>((resolve, reject) => {
        httpRequest(url, { agent }, (response) => {
          ports.add(response.socket.localPort);
          response.resume().on('end', resolve);
        })
          .on('error', reject)
          .end();
      });
    }
    agent.destroy();
    expect(ports.size).toBe(1);
  });

  it('that is closed sends the responses under way, and accepts no new connection', async () => {
    let finish = (_result: Result): void => undefined;
    let start = (): void => undefined;
    const started = new Promise<void>((resolve) => (start = resolve));
    const { server, url } = await serve(() => {
      start();
      return new Promise((resolve) => (finish = resolve));
    });
    const idle = connect(Number(url.port), url.hostname);
    const response = fetch(url);
    await started;
    const closed = server.close({ graceMs: 10_000 });
    await expect(fetch(url)).rejects.toThrow();
    finish({ statusCode: 200, body: 'done' });
    expect(await (await response).text()).toBe('done');
    expect((await response).headers.get('connection')).toBe('close');
    await closed;
    idle.destroy();
  });

  it('that is closed ends after its grace, whatever is under way', async () => {
    let start = (): void => undefined;
    const started = new Promise<void>((resolve) => (start = resolve));
    const { server, url } = await serve(() => {
      start();
      return new Promise(() => undefined);
    });
    const response = fetch(url);
    await started;
    await server.close({ graceMs: 50 });
    await expect(response).rejects.toThrow();
  });

  it('rejects a port that is taken', async () => {
    const { url } = await serve(always({ statusCode: 204 }));
    const server = createHttpServer({
      service: () => ({ handler: always({}), cors: null }),
      now: Date.now,
      onError: () => undefined,
    });
    await expect(
      server.listen({ host: '127.0.0.1', port: Number(url.port) }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
