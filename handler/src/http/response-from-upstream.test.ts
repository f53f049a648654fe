import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { responseFromUpstream } from './response-from-upstream.ts';

const response = (
  rawHeaders: readonly string[],
  method = 'GET',
  statusCode = 200,
  startsSessions = false,
) => {
  const body = Buffer.alloc(0);
  return responseFromUpstream(
    { kind: 'responded', statusCode, rawHeaders, body },
    method,
    startsSessions,
  );
};

describe('responseFromUpstream', () => {
  it('converts names to lower case, joins repeated headers, and keeps cookies separate', () => {
    const { headers, cookies } = response([
      'Vary',
      'a',
      'VARY',
      'b',
      'X-Empty',
      '',
      'Set-Cookie',
      'a=1',
      'set-cookie',
      'b=2, 3',
    ]);
    expect(headers).toEqual({ vary: 'a, b', 'x-empty': '' });
    expect(cookies).toEqual(['a=1', 'b=2, 3']);
  });

  it('reads header text as UTF-8 if valid, else as Latin-1', () => {
    const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
    const { headers, cookies } = response([
      'X-City',
      bytes('Zürich 🌍'),
      'Set-Cookie',
      bytes('a=ü'),
    ]);
    expect(headers).toEqual({ 'x-city': 'Zürich 🌍' });
    expect(cookies).toEqual(['a=ü']);
    expect(response(['X-City', 'Z\u00fcrich']).headers).toEqual({ 'x-city': 'Zürich' });
  });

  it('never modifies a prototype', () => {
    const { headers } = response(['__proto__', 'x', 'constructor', 'y']);
    expect(Object.getPrototypeOf(headers)).toBeNull();
    expect(Object.keys(headers)).toEqual(['__proto__', 'constructor']);
  });

  it.each([
    ['GET', 200, undefined],
    ['POST', 201, undefined],
    ['HEAD', 200, '7'],
    ['GET', 304, '7'],
  ])('forwards a length only without a body: %s %i', (method, status, length) => {
    expect(response(['Content-Length', '7'], method, status).headers['content-length']).toBe(
      length,
    );
  });

  it.each([
    'session_token=x',
    'session_token=x; Path=/; HttpOnly',
    'session_token=; Max-Age=0',
    ' \tsession_token \t= x',
    '=session_token=x',
    ' = session_token=x',
    'session_token',
    'session_token; Path=/',
    '__Host-session_token=x; Secure; Path=/',
    '=__Host-session_token=x',
    '\u00a0session_token=x',
  ])('lets only an upstream that starts sessions set the cookie %j', (cookie) => {
    const headers = ['Set-Cookie', 'a=1', 'set-cookie', cookie, 'SET-COOKIE', 'b=2'];
    expect(response(headers).cookies).toEqual(['a=1', 'b=2']);
    expect(response(headers, 'POST', 200, true).cookies).toEqual(['a=1', cookie, 'b=2']);
  });

  it.each([
    'my_session_token=x',
    'session_token2=x',
    'session=session_token=x',
    'Session_Token=x',
    'a=1; session_token=x',
    '__Secure-session_token=x',
  ])('forwards the cookie %j, which has another name', (cookie) => {
    expect(response(['Set-Cookie', cookie]).cookies).toEqual([cookie]);
  });

  it.each(['Strict-Transport-Security', 'ALT-SVC', 'NEL'])(
    'drops %s, which would affect the other services of the origin',
    (name) => {
      expect(response([name, 'max-age=0']).headers).toEqual({});
      expect(response([name, 'max-age=0'], 'GET', 200, true).headers).toEqual({});
    },
  );

  it('passes Clear-Site-Data only from an upstream that starts sessions', () => {
    const headers = ['Clear-Site-Data', '"cookies"'];
    expect(response(headers).headers).toEqual({});
    expect(response(headers, 'GET', 200, true).headers).toEqual({ 'clear-site-data': '"cookies"' });
  });

  it('never passes a hop-by-hop header', () => {
    const name = fc.constantFrom(
      'Connection',
      'Keep-Alive',
      'Transfer-Encoding',
      'Trailer',
      'Upgrade',
      'X-A',
      'x-b',
      'Proxy-Authenticate',
    );
    const value = fc.constantFrom('x-a', 'X-B, close', 'keep-alive', 'chunked', 'timeout=5');
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
        const { headers } = response(pairs.flat());
        const named = pairs.flatMap(([key, text]) =>
          key === 'Connection' ? text.toLowerCase().split(', ') : [],
        );
        for (const key of Object.keys(headers)) {
          expect(['x-a', 'x-b']).toContain(key);
          expect(named).not.toContain(key);
        }
      }),
    );
  });
});
