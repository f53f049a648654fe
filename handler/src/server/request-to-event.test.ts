import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { eventToRequest, isHttpApiEvent } from '../http/event-to-request.ts';
import { requestToEvent } from './request-to-event.ts';

const nowMs = Date.UTC(2026, 10, 28, 9, 5);

interface Parts {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Buffer;
  readonly remoteAddress?: string;
}

const eventOf = ({ method = 'GET', url = '/', headers = [], body = '', ...peer }: Parts = {}) =>
  requestToEvent(
    {
      method,
      url,
      rawHeaders: headers.flat(),
      httpVersion: '1.1',
      socket: { remoteAddress: '192.0.2.7', localPort: 8787, ...peer },
    } as unknown as IncomingMessage,
    { body: Buffer.from(body), nowMs },
  );

describe('the event of a request', () => {
  it('has the fields of payload format 2.0, without a stage in the path', () => {
    const event = eventOf({
      method: 'POST',
      url: '/a%20b?x=1&x=2&y=%20',
      headers: [
        ['Host', 'api.example.com:8787'],
        ['User-Agent', 'curl/8'],
        ['Content-Type', 'application/json'],
        ['Transfer-Encoding', 'chunked'],
      ],
      body: '{}',
    });
    expect(event).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a b',
      rawQueryString: 'x=1&x=2&y=%20',
      headers: {
        host: 'api.example.com:8787',
        'user-agent': 'curl/8',
        'content-type': 'application/json',
        'content-length': '2',
        'x-forwarded-for': '192.0.2.7',
        'x-forwarded-port': '8787',
        'x-forwarded-proto': 'http',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      },
      queryStringParameters: { x: '1,2', y: ' ' },
      requestContext: {
        accountId: 'anonymous',
        apiId: 'server',
        domainName: 'api.example.com:8787',
        domainPrefix: 'api',
        http: {
          method: 'POST',
          path: '/a b',
          protocol: 'HTTP/1.1',
          sourceIp: '192.0.2.7',
          userAgent: 'curl/8',
        },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        routeKey: '$default',
        stage: '$default',
        time: '28/Nov/2026:09:05:00 +0000',
        timeEpoch: nowMs,
      },
      body: '{}',
      isBase64Encoded: false,
    });
    expect(isHttpApiEvent(event)).toBe(true);
  });

  it('joins repeated headers with commas, and has the cookies apart', () => {
    const event = eventOf({
      headers: [
        ['X-A', '1'],
        ['Cookie', 'a=1; b=2'],
        ['x-a', '2, 3'],
        ['Cookie', 'c=3'],
        ['X-Forwarded-For', '198.51.100.1'],
        ['__proto__', 'x'],
      ],
    });
    expect(event?.headers['x-a']).toBe('1,2, 3');
    expect(event?.cookies).toEqual(['a=1', 'b=2', 'c=3']);
    expect(event?.headers['cookie']).toBeUndefined();
    expect(event?.headers['x-forwarded-for']).toBe('198.51.100.1, 192.0.2.7');
    expect(Object.entries(event?.headers ?? {})).toContainEqual(['__proto__', 'x']);
  });

  it('reads the bytes of a header as UTF-8', () => {
    const bytes = Buffer.from('Zürich').toString('latin1');
    expect(eventOf({ headers: [['x-city', bytes]] })?.headers['x-city']).toBe('Zürich');
  });

  it.each([
    ['/a%2Fb', '/a/b'],
    ['/a%252Fb', '/a/b'],
    ['/100%2525', '/100%'],
    ['/100%25', '/100%'],
    ['/a%3Fb=1', '/a'],
    ['/%C3%BC', '/ü'],
    ['http://example.com/a?b', '/a'],
    ['HTTP://example.com?b', '/'],
  ])('decodes the path as API Gateway does: %s is %s', (url, path) => {
    expect(eventOf({ url })?.rawPath).toBe(path);
  });

  it.each(['/%zz', '/%', '/%ff', '*', 'example.com:443'])(
    'does not exist for the target %s, which API Gateway refuses',
    (url) => {
      expect(eventOf({ url })).toBeUndefined();
    },
  );

  it.each([
    ['::ffff:192.0.2.9', '192.0.2.9'],
    ['2001:db8::1', '2001:db8::1'],
    ['::1', '::1'],
  ])('has the address %s of a peer as %s', (remoteAddress, sourceIp) => {
    expect(eventOf({ remoteAddress })?.requestContext.http.sourceIp).toBe(sourceIp);
  });

  it.each([
    ['application/json; charset=utf-8', 'text', false],
    ['text/csv', 'text', false],
    ['application/xml', 'text', false],
    ['application/javascript', 'text', false],
    ['application/x-www-form-urlencoded', 'a=1', true],
    ['application/merge-patch+json', '{}', true],
    ['image/png', 'text', true],
    ['', 'text', true],
    ['text/plain', Buffer.from([0xff]), true],
  ])('has a body of the type %j (%j) as base64: %j', (type, body, isBase64Encoded) => {
    const event = eventOf({ headers: type === '' ? [] : [['content-type', type]], body });
    expect(event?.isBase64Encoded).toBe(isBase64Encoded);
    expect(event && eventToRequest(event, { nowMs }).body).toEqual(Buffer.from(body));
  });

  it('has a compressed body as base64, whatever its type', () => {
    const headers = [
      ['content-type', 'application/json'],
      ['content-encoding', 'gzip'],
    ] as const;
    expect(eventOf({ headers, body: '{}' })?.isBase64Encoded).toBe(true);
  });

  it('keeps the trace of a client', () => {
    const headers = [['X-Amzn-Trace-Id', 'Root=1-67891233-abcdef012345678912345678']] as const;
    expect(eventOf({ headers })?.headers['x-amzn-trace-id']).toBe(headers[0][1]);
  });
});
