import { describe, expect, it } from '@jest/globals';
import { httpApiEvent } from '../../testing/events.ts';
import { eventToRequest, isHttpApiEvent } from './event-to-request.ts';

const request = (...parameters: Parameters<typeof httpApiEvent>) =>
  eventToRequest(httpApiEvent(...parameters), { nowMs: 1_000 });

describe('eventToRequest', () => {
  it.each([
    ['under the API’s own name', '/users', {}, '/users'],
    ['for the stage alone', '', {}, '/'],
    ['never of the default stage', '/v1/users', { stage: '$default' }, '/v1/users'],
  ])('strips the stage %s', (_, path, parts, expected) => {
    expect(request('GET', path, parts).path).toBe(expected);
  });

  it.each(['api.example.com', 'abc123.execute-api.localhost', 'abc123.execute-api.localhost:4566'])(
    'leaves a first segment equal to the stage under %s, where the stage is not in the path',
    (domainName) => {
      const event = { ...httpApiEvent('GET', '/users', { domainName }), rawPath: '/v1/users' };
      expect(eventToRequest(event, { nowMs: 0 }).path).toBe('/v1/users');
    },
  );

  it('leaves a path that only begins like the stage', () => {
    const event = { ...httpApiEvent('GET', '/'), rawPath: '/v1beta/users' };
    expect(eventToRequest(event, { nowMs: 0 }).path).toBe('/v1beta/users');
  });

  it('splits the path into segments, empty ones included', () => {
    expect(request('GET', '/a/b c/').segments).toEqual(['a', 'b c', '']);
    expect(request('GET', '/').segments).toEqual(['']);
  });

  it('decodes the one escape that API Gateway leaves in the path', () => {
    expect(request('GET', '/100%25/%252e').path).toBe('/100%/%2e');
  });

  it('takes cookies from the event, as AWS sends them', () => {
    expect(request('GET', '/', { cookies: ['a=1', 'b=2'] }).cookies).toEqual(['a=1', 'b=2']);
  });

  it('takes cookies from the header, as emulators send them, and keeps no cookie header', () => {
    const { cookies, headers } = request('GET', '/', { headers: { Cookie: 'a=1; b="x y";; c=3' } });
    expect(cookies).toEqual(['a=1', 'b="x y"', 'c=3']);
    expect(headers).not.toHaveProperty('cookie');
  });

  it('lowers header names and lets none reach a prototype', () => {
    const headers = JSON.parse('{"X-Mixed":"1","__proto__":"evil"}') as Record<string, string>;
    const result = request('GET', '/', { headers });
    expect(result.headers['x-mixed']).toBe('1');
    expect(Object.getPrototypeOf(result.headers)).toBeNull();
    expect(Object.keys(result.headers)).toContain('__proto__');
  });

  it('decodes a base64 body to its bytes', () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    expect(request('POST', '/', { body: bytes }).body).toEqual(bytes);
    expect(request('POST', '/', { body: 'grüß' }).body).toEqual(Buffer.from('grüß'));
    expect(request('POST', '/').body).toBeUndefined();
  });

  it('believes API Gateway about the client’s address, and nobody else', () => {
    const headers = { 'X-Forwarded-For': '203.0.113.9', Forwarded: 'for=203.0.113.9' };
    expect(request('GET', '/', { headers, clientIp: '198.51.100.7' }).clientIp).toBe(
      '198.51.100.7',
    );
  });
});

describe('isHttpApiEvent', () => {
  it('knows an HTTP API event', () => {
    expect(isHttpApiEvent(httpApiEvent('GET', '/'))).toBe(true);
  });

  it.each([
    undefined,
    null,
    'text',
    {},
    { rawPath: 'no-slash', rawQueryString: '' },
    { httpMethod: 'GET', path: '/', requestContext: { requestId: 'a' } },
    {
      rawPath: '/',
      rawQueryString: '',
      requestContext: { requestId: 'a', http: { method: 'GET' } },
    },
  ])('refuses %j', (event) => {
    expect(isHttpApiEvent(event)).toBe(false);
  });
});
