import { randomBytes } from 'node:crypto';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { compileContract } from '../../../compiler/compile-contract.ts';
import { gatewayWith, route, send, signedIn } from '../../../testing/gateway-with.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { compress } from './compress.ts';
import { preferredEncoding } from './preferred-encoding.ts';

const text = JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id, name: 'Grüezi' })));

const gatewayOf = (response: Partial<GatewayResponse> = {}) =>
  gatewayWith({
    routes: [
      route('GET /users', { compress: true }),
      route('GET /plain'),
      route('GET /private', { compress: true, ...signedIn('user') }),
    ],
    features: { compress },
    respond: async () => ({
      statusCode: 200,
      body: Buffer.from(text),
      ...response,
      headers: { 'content-type': 'application/json', ...response.headers },
    }),
  });

const get = (
  response: Partial<GatewayResponse> = {},
  encodings = 'gzip, deflate, br',
  method = 'GET',
) => send(gatewayOf(response), method, '/users', { headers: { 'accept-encoding': encodings } });

const bytesOf = ({ body = '' }: { body?: string | undefined }) => Buffer.from(body, 'base64');

describe('a response of a route with compress', () => {
  it('is compressed by Brotli, with a weak ETag, and varies', async () => {
    const response = await get({ headers: { etag: '"a"', vary: 'Origin' } });
    expect(response).toMatchObject({
      isBase64Encoded: true,
      headers: {
        'content-encoding': 'br',
        vary: 'Origin, accept-encoding',
        etag: 'W/"a"',
        'x-frame-options': 'DENY',
      },
    });
    expect(brotliDecompressSync(bytesOf(response)).toString()).toBe(text);
    expect(bytesOf(response).length).toBeLessThan(text.length / 4);
  });

  it('is compressed by gzip for a client that has no Brotli', async () => {
    const response = await get({ headers: { etag: 'W/"a"' } }, 'gzip');
    expect(response.headers).toMatchObject({ 'content-encoding': 'gzip', etag: 'W/"a"' });
    expect(gunzipSync(bytesOf(response)).toString()).toBe(text);
  });

  it('that is text, as a plugin leaves it, is compressed as well', async () => {
    const response = await get({ body: text });
    expect(brotliDecompressSync(bytesOf(response)).toString()).toBe(text);
  });

  it.each<[string, Partial<GatewayResponse>]>([
    ['is small', { body: Buffer.from('{}') }],
    ['is compressed already', { headers: { 'content-encoding': 'gzip' } }],
    ['must not be transformed', { headers: { 'cache-control': 'public, no-transform' } }],
    ['is an image', { headers: { 'content-type': 'image/png' } }],
    ['is a part of a whole', { statusCode: 206 }],
  ])('that %s stays as it is, and does not vary', async (_, given) => {
    const before = given.headers?.['content-encoding'];
    const { headers } = await get(given);
    expect(headers?.['content-encoding']).toBe(before);
    expect(headers).not.toHaveProperty('vary');
  });

  it('that would get larger stays as it is', async () => {
    const random = randomBytes(2_000);
    const response = await get({ body: random });
    expect(response.headers).not.toHaveProperty('content-encoding');
    expect(bytesOf(response)).toEqual(random);
  });

  it.each([
    ['none', ''],
    ['only another', 'zstd'],
    ['none by weight', 'br;q=0, gzip;q=0'],
  ])('to a client that accepts %s stays as it is, but varies', async (_, encodings) => {
    const { headers } = await get({}, encodings);
    expect(headers).not.toHaveProperty('content-encoding');
    expect(headers).toMatchObject({ vary: 'accept-encoding' });
  });

  it('to HEAD has no content', async () => {
    const response = await get({ body: undefined } as never, 'br', 'HEAD');
    expect(response).toMatchObject({ statusCode: 200 });
    expect(response.headers).not.toHaveProperty('content-encoding');
  });

  it('that is an error of the gateway is small, and stays as it is', async () => {
    const response = await send(gatewayOf(), 'GET', '/private', {
      headers: { 'accept-encoding': 'br' },
    });
    expect(response).toMatchObject({ statusCode: 401, problem: { code: 'CREDENTIALS_MISSING' } });
  });

  it('is compressed on no other route', async () => {
    const response = await send(gatewayOf(), 'GET', '/plain', {
      headers: { 'accept-encoding': 'br' },
    });
    expect(response).toMatchObject({ statusCode: 200, body: text });
  });
});

describe('the encoding of a client', () => {
  it.each([
    [undefined, undefined],
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['gzip, br', 'br'],
    ['br;q=0.5, gzip', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['*', 'br'],
    ['identity, br;q=0.5', undefined],
    ['GZIP ; q=0.3', 'gzip'],
    ['br;q=x', undefined],
  ])('%s is %s', (header, encoding) => {
    expect(preferredEncoding(header)).toBe(encoding);
  });
});

describe('compress in the contract', () => {
  const compile = (defaults: string, users: string) => {
    const compilation = compileContract(
      `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} } }
  defaults: { rateLimits: [], upstream: users${defaults} }
security: []
paths:
  /users: { get: { responses: { '200': { description: OK } }${users} } }
  /orders: { get: { responses: { '200': { description: OK } } } }
`,
      { file: 'gateway.yaml', runtime: '../src' },
    );
    if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
    return compilation;
  };

  it('is that of the nearest section, and adds nothing if no route has it', () => {
    const one = compile(', compress: true', ', x-postern: { compress: false }');
    expect(one.modules['contract.js']?.match(/compress: true/g)).toHaveLength(1);
    const none = compile('', ', x-postern: { compress: false }');
    expect(none.modules['contract.js']).not.toContain('compress');
  });
});
