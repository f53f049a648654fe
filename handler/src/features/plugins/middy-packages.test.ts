import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import httpContentEncoding from '@middy/http-content-encoding';
import httpContentNegotiation from '@middy/http-content-negotiation';
import httpCors from '@middy/http-cors';
import httpPartialResponse from '@middy/http-partial-response';
import inputOutputLogger from '@middy/input-output-logger';
import ssm from '@middy/ssm';
import { gatewayWith, route, send, signedIn } from '../../../testing/gateway-with.ts';
import { testPlugin } from '../../../plugin-testing.ts';
import { loadPlugin } from './load-plugin.ts';
import { pluginsBeforeAuth, pluginsBeforeUpstream, pluginsOnResponse } from './plugins.ts';

const json = (value: unknown) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** A gateway with two plugins for every response, the outermost first, on a route that needs a session. */
const gatewayOf = (...plugins: ReadonlyArray<readonly [exported: unknown, options: unknown]>) => {
  const all = plugins.map(([exported, options], index) =>
    loadPlugin({ name: `plugin-${index}`, at: 'on-response' }, exported, options),
  );
  const lists = { 'on-response': all, 'before-auth': [], 'before-upstream': [] };
  return gatewayWith({
    routes: [
      route('GET /open', { plugins: lists }),
      route('GET /private', { plugins: lists, ...signedIn('user') }),
    ],
    features: { pluginsOnResponse, pluginsBeforeAuth, pluginsBeforeUpstream },
    respond: async () => json(Array.from({ length: 100 }, (_, id) => ({ id, name: 'Ada' }))),
  });
};

describe('as a plugin, @middy/http-content-encoding', () => {
  it('compresses the response, after @middy/http-content-negotiation', async () => {
    const it = gatewayOf(
      [httpContentNegotiation, { availableEncodings: ['gzip'] }],
      [httpContentEncoding, {}],
    );
    const response = await send(it, 'GET', '/open', { headers: { 'accept-encoding': 'gzip' } });
    expect(response).toMatchObject({
      isBase64Encoded: true,
      headers: { 'content-encoding': 'gzip', vary: 'Accept-Encoding', 'x-frame-options': 'DENY' },
    });
    expect(
      JSON.parse(gunzipSync(Buffer.from(response.body ?? '', 'base64')).toString()),
    ).toHaveLength(100);
  });
});

describe('as a plugin, @middy/http-cors', () => {
  const origin = 'https://app.example.com';

  it.each([
    ['a response', '/open', 200],
    ['an error of the gateway', '/private', 401],
  ])('adds its headers to %s', async (_, path, statusCode) => {
    const it = gatewayOf([httpCors, { origins: [origin] }]);
    expect(await send(it, 'GET', path, { headers: { origin } })).toMatchObject({
      statusCode,
      headers: { 'access-control-allow-origin': origin, vary: 'Origin' },
    });
  });
});

describe('as a plugin, @middy/http-partial-response', () => {
  it('leaves the fields that the query names', async () => {
    const { response } = await testPlugin(httpPartialResponse, {
      at: 'on-response',
      request: { query: 'fields=a,b(c)' },
      upstream: () => json({ a: 1, b: { c: 2, d: 3 }, e: 4 }),
    });
    expect(JSON.parse(response.body ?? '')).toEqual({ a: 1, b: { c: 2 } });
  });
});

describe('as a plugin, @middy/input-output-logger', () => {
  it('logs the event and the response in payload format 2.0, without what it omits', async () => {
    const logged: unknown[] = [];
    await testPlugin(
      () =>
        inputOutputLogger({
          logger: (message) => void logged.push(structuredClone(message)),
          omitPaths: ['event.headers.authorization'],
        }),
      {
        at: 'on-response',
        request: { method: 'POST', body: '{}', headers: { authorization: 'secret' } },
        upstream: () => json({ a: 1 }),
      },
    );
    expect(logged).toMatchObject([
      { event: { version: '2.0', rawPath: '/', body: '{}' } },
      { response: { statusCode: 200, body: '{"a":1}' } },
    ]);
    expect(JSON.stringify(logged)).not.toContain('secret');
  });

  it('logs the problem details of a refused request', async () => {
    const logged: unknown[] = [];
    const it = gatewayOf([
      inputOutputLogger,
      { logger: (message: unknown) => void logged.push(message) },
    ]);
    await send(it, 'GET', '/private');
    expect(logged).toMatchObject([{ event: {} }, { response: { statusCode: 401 } }]);
  });
});

describe('as a plugin, @middy/ssm', () => {
  let close = (): void => undefined;
  afterEach(() => close());

  it('reads parameters for the plugins after it', async () => {
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(
        JSON.stringify({ Parameters: [{ Name: '/shop/key', Type: 'String', Value: 's3cret' }] }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    close = () => void server.close();
    const { port } = server.address() as AddressInfo;
    const parameters = ssm({
      fetchData: { key: '/shop/key' },
      disablePrefetch: true,
      awsClientOptions: {
        endpoint: `http://127.0.0.1:${port}`,
        region: 'us-east-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      },
    });
    const { forwarded } = await testPlugin({
      before: async (request: Parameters<NonNullable<typeof parameters.before>>[0]) => {
        await parameters.before?.(request);
        const { event, internal } = request as unknown as {
          event: { headers: Record<string, unknown> };
          internal: Record<string, unknown>;
        };
        event.headers['x-key'] = await internal['key'];
      },
    });
    expect(forwarded?.headers).toMatchObject({ 'x-key': 's3cret' });
  });
});
