import { describe, expect, it } from '@jest/globals';
import { httpApiEvent } from '../../testing/events.ts';
import { eventToRequest, isHttpApiEvent } from './event-to-request.ts';

const request = (...parameters: Parameters<typeof httpApiEvent>) =>
  eventToRequest(httpApiEvent(...parameters), { nowMs: 1_000 });

describe('eventToRequest', () => {
  it.each([
    ['the API’s own host', 'abc123.execute-api.us-east-1.amazonaws.com'],
    ['a custom domain', 'api.example.com'],
    ['no host', undefined],
  ])('removes the stage from the path once under %s', (_, domainName) => {
    const event = httpApiEvent('GET', '/users');
    const requestContext = { ...event.requestContext, domainName: domainName as string };
    const pathOf = (rawPath: string) =>
      eventToRequest({ ...event, rawPath, requestContext }, { nowMs: 0 }).path;
    expect(pathOf('/v1/users')).toBe('/users');
    expect(pathOf('/v1/v1/users')).toBe('/v1/users');
    expect(pathOf('/v1')).toBe('/');
    expect(pathOf('/v1/')).toBe('/');
  });

  it.each(['/users', '/v1beta/users', '/V1/users', '/users/v1', '/', '/v', '//v1/users'])(
    'keeps the path %s of an emulator that omits the stage',
    (rawPath) => {
      const event = httpApiEvent('GET', '/', { domainName: 'abc123.execute-api.localhost' });
      expect(eventToRequest({ ...event, rawPath }, { nowMs: 0 }).path).toBe(rawPath);
    },
  );

  it('keeps a first segment that equals another stage under $default', () => {
    expect(request('GET', '/v1/users', { stage: '$default' }).path).toBe('/v1/users');
  });

  it.each([
    ['/v1', 'the API’s own host', 'abc123.execute-api.us-east-1.amazonaws.com', 'v1'],
    ['/v1', 'the API’s own host in China', 'abc123.execute-api.cn-north-1.amazonaws.com.cn', 'v1'],
    [
      '',
      'the API’s own host with $default',
      'abc123.execute-api.us-east-1.amazonaws.com',
      '$default',
    ],
    ['', 'a custom domain that maps its root', 'api.example.com', 'v1'],
  ])('finds the prefix %j of public paths under %s', (basePath, _, domainName, stage) => {
    expect(request('GET', '/users', { domainName, stage }).basePath).toBe(basePath);
  });

  it.each([
    ['/_aws/execute-api/abc123/v1', '127.0.0.1:4566', 'v1'],
    ['/_aws/execute-api/abc123/v1', 'localhost:4566', 'v1'],
    ['/_aws/execute-api/abc123', 'localhost:4566', '$default'],
    ['/v1', 'abc123.execute-api.localhost:4566', 'v1'],
    ['', 'abc123.execute-api.localhost:4566', '$default'],
  ])(
    'finds the prefix %j of public paths on the emulator at %s with the stage %s',
    (basePath, host, stage) => {
      const domainName = 'abc123.execute-api.localhost';
      const found = request('GET', '/', { domainName, stage, headers: { host } });
      expect(found).toMatchObject({ basePath, host });
    },
  );

  it('takes the host from API Gateway, and not from a header of the client', () => {
    const headers = { host: 'localhost:4566' };
    expect(request('GET', '/', { domainName: 'api.example.com', headers })).toMatchObject({
      host: 'api.example.com',
    });
  });

  it.each([
    ['the default stage', '$default', '/$default/users'],
    ['no stage', undefined, '/undefined/users'],
    ['an empty stage', '', '//users'],
  ])('keeps a path that has %s', (_, stage, rawPath) => {
    const event = httpApiEvent('GET', '/');
    const requestContext = { ...event.requestContext, stage: stage as string };
    const given = { ...event, rawPath, requestContext };
    expect(eventToRequest(given, { nowMs: 0 }).path).toBe(rawPath);
  });

  it('has no host and no base path if the event has no host', () => {
    const event = httpApiEvent('GET', '/users');
    const requestContext = { ...event.requestContext, domainName: undefined as unknown as string };
    const result = eventToRequest({ ...event, requestContext }, { nowMs: 0 });
    expect(result).toMatchObject({ path: '/users', basePath: '', host: undefined });
  });

  it('passes on API Gateway’s data about the request', () => {
    const event = httpApiEvent('get', '/', { query: 'a=%2f&b' });
    const { trace, ...result } = eventToRequest(event, { nowMs: 1_000 });
    expect(result).toEqual({
      id: 'request-1',
      method: 'GET',
      path: '/',
      segments: [''],
      basePath: '/v1',
      query: 'a=%2f&b',
      headers: { host: event.requestContext.domainName },
      cookies: [],
      body: undefined,
      clientIp: '198.51.100.7',
      host: event.requestContext.domainName,
      receivedAtMs: 1_000,
    });
    expect(trace.isRecorded).toBe(false);
  });

  it('belongs to the trace that Lambda reports', () => {
    const lambdaTrace = 'Root=1-0af76519-16cd43dd8448eb211c80319c;Sampled=1';
    const { trace } = eventToRequest(httpApiEvent('GET', '/'), { nowMs: 0, lambdaTrace });
    expect(trace.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  it('splits the path into segments, empty ones included', () => {
    expect(request('GET', '/a/b c/').segments).toEqual(['a', 'b c', '']);
    expect(request('GET', '/').segments).toEqual(['']);
  });

  it('decodes the one escape that API Gateway leaves in the path', () => {
    expect(request('GET', '/100%25/%252e').path).toBe('/100%/%2e');
  });

  it('reads cookies from the event, as AWS sends them', () => {
    expect(request('GET', '/', { cookies: ['a=1', 'b=2'] }).cookies).toEqual(['a=1', 'b=2']);
  });

  it('reads cookies from the header, as emulators send them, and keeps no cookie header', () => {
    const { cookies, headers } = request('GET', '/', { headers: { Cookie: 'a=1; b="x y";; c=3' } });
    expect(cookies).toEqual(['a=1', 'b="x y"', 'c=3']);
    expect(headers).not.toHaveProperty('cookie');
  });

  it('converts header names to lower case, and none modifies a prototype', () => {
    const headers = JSON.parse('{"X-Mixed":"1","__proto__":"evil"}') as Record<string, string>;
    const result = request('GET', '/', { headers });
    expect(result.headers['x-mixed']).toBe('1');
    expect(Object.getPrototypeOf(result.headers)).toBeNull();
    expect(Object.keys(result.headers)).toContain('__proto__');
    const unset = request('GET', '/', { headers: { 'x-unset': undefined as unknown as string } });
    expect(unset.headers).not.toHaveProperty('x-unset');
  });

  it('has no hop-by-hop header and none that Connection names, in any spelling', () => {
    const { headers, cookies } = request('GET', '/', {
      headers: {
        Connection: 'close,X-Level, COOKIE',
        'X-Level': '9',
        transfer_encoding: 'chunked',
        TE: 'trailers',
        cookie: 'a=1',
        'x-other': 'kept',
      },
      cookies: ['a=1'],
    });
    expect(headers).toEqual({ host: expect.any(String), 'x-other': 'kept' });
    expect(cookies).toEqual([]);
  });

  it('decodes a base64 body to its bytes', () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    expect(request('POST', '/', { body: bytes }).body).toEqual(bytes);
    expect(request('POST', '/', { body: 'grüß' }).body).toEqual(Buffer.from('grüß'));
  });

  it.each([65_535, 65_536, 1_048_576])('keeps every byte of a body of %d characters', (length) => {
    const text = 'é'.repeat(length);
    expect(request('POST', '/', { body: text }).body?.equals(Buffer.from(text))).toBe(true);
    const bytes = Buffer.from(Array.from({ length: (length / 4) * 3 }, (_, index) => index % 256));
    expect(request('POST', '/', { body: bytes }).body?.equals(bytes)).toBe(true);
  });

  it.each([undefined, null, ''])('reads a body of %j as no body', (body) => {
    const event = { ...httpApiEvent('POST', '/'), body: body as string };
    expect(eventToRequest(event, { nowMs: 0 }).body).toBeUndefined();
  });

  it('uses only API Gateway’s value for the client’s address', () => {
    const headers = { 'X-Forwarded-For': '203.0.113.9', Forwarded: 'for=203.0.113.9' };
    expect(request('GET', '/', { headers, clientIp: '198.51.100.7' }).clientIp).toBe(
      '198.51.100.7',
    );
  });
});

describe('isHttpApiEvent', () => {
  it('recognizes an HTTP API event', () => {
    expect(isHttpApiEvent(httpApiEvent('GET', '/users'))).toBe(true);
  });

  const event = httpApiEvent('GET', '/');
  const context = event.requestContext;
  const inContext = (changes: object) => ({ ...event, requestContext: { ...context, ...changes } });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'text'],
    ['an empty object', {}],
    ['a REST API’s', { httpMethod: 'GET', path: '/', requestContext: { requestId: 'a' } }],
    ['one without path', { ...event, rawPath: undefined }],
    ['one whose path has no slash', { ...event, rawPath: 'users' }],
    ['one without query', { ...event, rawQueryString: undefined }],
    ['one without context', { ...event, requestContext: undefined }],
    ['one without id', inContext({ requestId: undefined })],
    ['one without request line', inContext({ http: undefined })],
    ['one without method', inContext({ http: { ...context.http, method: undefined } })],
    ['one without address', inContext({ http: { ...context.http, sourceIp: undefined } })],
  ])('rejects %s', (_, given) => {
    expect(isHttpApiEvent(given)).toBe(false);
  });
});
