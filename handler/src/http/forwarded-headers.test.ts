import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyCharacter } from '../../testing/any-character.ts';
import { httpApiEvent } from '../../testing/events.ts';
import { gatewayRequest } from '../../testing/gateway-request.ts';
import { eventToRequest } from './event-to-request.ts';
import { type Caller, forwardedHeaders } from './forwarded-headers.ts';
import type { GatewayRequest } from './request.ts';

/** Each name with every value it was given, of a request with these headers in its event. */
const forwarded = (parts: Partial<GatewayRequest> = {}, caller?: Caller) => {
  const event = { ...httpApiEvent('GET', '/'), headers: parts.headers ?? {} };
  const { headers } = eventToRequest(event, { nowMs: 0 });
  const list = forwardedHeaders(gatewayRequest({ ...parts, headers }), caller, {
    upstreamHost: 'users.internal:8080',
    viaName: 'postern',
  });
  const values = Object.create(null) as Record<string, string[]>;
  for (let index = 0; index < list.length; index += 2) {
    (values[list[index] ?? ''] ??= []).push(list[index + 1] ?? '');
  }
  return values;
};

const alice: Caller = { userId: 'alice', roles: ['user', 'admin'] };

const ownHeaders = {
  host: ['users.internal:8080'],
  via: ['1.1 postern'],
  'x-forwarded-for': ['198.51.100.7'],
  'x-forwarded-host': ['api.example.com'],
  'x-forwarded-proto': ['https'],
  'x-request-id': ['request-1'],
  traceparent: ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  'x-amzn-trace-id': ['Root=1-0af76519-16cd43dd8448eb211c80319c'],
};

describe('forwardedHeaders', () => {
  it('forwards the client’s headers unchanged, including empty and unusual ones', () => {
    const headers = {
      accept: '*/*',
      'x-empty': '',
      'x-list': 'a, b,c',
      'x-spaces': ' \tpadded ',
      ['__proto__']: 'kept',
      constructor: 'kept',
      range: 'bytes=0-1',
      'if-none-match': '"x"',
    };
    const expected = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    );
    expect(forwarded({ headers })).toEqual({ ...expected, ...ownHeaders });
  });

  it.each([
    'x-user-id',
    'x_user_id',
    'x-user_roles',
    'x.user.id',
    'x-forwarded-for',
    'x_forwarded_for',
    'x-forwarded-prefix',
    'x-forwarded-port',
    'forwarded',
    'x-real-ip',
    'true-client-ip',
    'x-original-url',
    'x-rewrite-url',
    'x-http-method-override',
    'x_http_method_override',
    'x-method-override',
    'x-request-id',
    'traceparent',
    'tracestate',
    'x-amzn-trace-id',
    'x-host',
    'proxy',
    'host',
    'content-length',
    'content_length',
    'cookie',
    'x-forwarded',
    'forwarded-for',
    'fastly-client-ip',
    'remote_addr',
    'x-middleware-subrequest',
    'x_scheme',
    'content_type',
    'idempotency_key',
    'transfer_encoding',
  ])('never believes a client’s %s', (name) => {
    expect(forwarded({ headers: { [name]: 'evil' } })).toEqual(ownHeaders);
  });

  it('sends the caller in an encoding that decodes to the session’s data', () => {
    const caller = { userId: 'älice 🌍, 100%\r\nx: y', roles: ['a,b', 'ö', 'plain'] };
    const { 'x-user-id': [id] = [], 'x-user-roles': [roles] = [] } = forwarded({}, caller);
    expect(id).toMatch(/^[\x21-\x7e]+$/);
    expect(decodeURIComponent(id ?? '')).toBe(caller.userId);
    expect(roles?.split(',').map(decodeURIComponent)).toEqual(caller.roles);
  });

  it('sends the claims of a caller in place of headers that a client claims', () => {
    const caller = { ...alice, headers: { 'x-authenticated-tenant': 'Zürich, 1' } };
    const headers = { 'x-authenticated-tenant': 'evil', 'x-authenticated-level': '9' };
    const received = forwarded({ headers }, caller);
    expect(received['x-authenticated-tenant']?.map(decodeURIComponent)).toEqual(['Zürich, 1']);
    expect(received['x-authenticated-tenant']?.[0]).toMatch(/^[\x21-\x7e]+$/);
    expect(received).not.toHaveProperty('x-authenticated-level');
    expect(forwarded({ headers })).not.toHaveProperty('x-authenticated-tenant');
  });

  it('removes the session token, and forwards all other credentials', () => {
    const cookies = ['a=1', 'session_token=t', ' session_token =t', 'xsession_token=2'];
    const bearer = { authorization: 'bearer t' };
    expect(forwarded({ headers: bearer, cookies }, alice)).not.toHaveProperty('authorization');
    expect(forwarded({ headers: bearer, cookies }, alice)['cookie']).toEqual([
      'a=1; xsession_token=2',
    ]);
    const basic = { authorization: 'Basic eDp5' };
    expect(forwarded({ headers: basic }, alice)['authorization']).toEqual(['Basic eDp5']);
    const other = { authorization: 'Other bearer t' };
    expect(forwarded({ headers: other }, alice)['authorization']).toEqual(['Other bearer t']);
    const note = { 'x-note': 'Bearer t' };
    expect(forwarded({ headers: note }, alice)['x-note']).toEqual(['Bearer t']);
    // A public route's token may be the service's own; the cookie never is.
    expect(forwarded({ headers: bearer, cookies })).toMatchObject({
      authorization: ['bearer t'],
      cookie: ['a=1; xsession_token=2'],
    });
  });

  it('omits X-Forwarded-Host if the event has no host', () => {
    const nameless = { host: undefined as unknown as string };
    expect(forwarded(nameless)).not.toHaveProperty('x-forwarded-host');
  });

  it('forwards the tracestate of the trace that it continues', () => {
    const { trace } = gatewayRequest();
    expect(forwarded({ trace: { ...trace, tracestate: 'a=1' } })['tracestate']).toEqual(['a=1']);
  });

  it('adds itself to Via', () => {
    expect(forwarded({ headers: { via: '1.1 cdn' } })['via']).toEqual(['1.1 cdn, 1.1 postern']);
  });

  it.each([
    ['GET', undefined, undefined],
    ['DELETE', undefined, undefined],
    ['POST', undefined, ['0']],
    ['PUT', undefined, ['0']],
    ['PATCH', undefined, ['0']],
    ['GET', 'body', ['4']],
    ['POST', 'ü', ['2']],
  ])('sends the length of the body: %s %j', (method, text, expected) => {
    const body = text === undefined ? undefined : Buffer.from(text);
    const headers = { 'content-length': '999', 'transfer-encoding': 'chunked' };
    expect(forwarded({ method, body, headers })['content-length']).toEqual(expected);
  });

  it('sends text in the UTF-8 that it received', () => {
    const { 'x-city': [city] = [] } = forwarded({ headers: { 'x-city': 'Srīperumbūdūr 🌍' } });
    expect(Buffer.from(city ?? '', 'latin1').toString('utf8')).toBe('Srīperumbūdūr 🌍');
  });

  it.each([
    ['a line break in a value', { headers: { x: 'a\r\nb: c' } }],
    ['NUL in a value', { headers: { x: '\u0000' } }],
    ['DEL in a value', { headers: { x: '\u007f' } }],
    ['a line break in a cookie', { cookies: ['a=\nb'] }],
    ['a line break in Via', { headers: { via: 'a\nb' } }],
    ['a space in a name', { headers: { 'a b': '' } }],
    ['a line break in a name', { headers: { 'a\nb': '' } }],
    ['a colon in a name', { headers: { 'a:b': '' } }],
    ['an empty name', { headers: { '': '' } }],
    ['a name that is not ASCII', { headers: { ü: '' } }],
  ])('refuses %s', (_, parts) => {
    expect(() => forwarded(parts)).toThrow(
      expect.objectContaining({
        code: 'BAD_REQUEST',
        detail: expect.stringContaining('without control characters'),
      }),
    );
  });

  const name = fc.oneof(
    fc.constantFrom(
      'connection',
      'te',
      'transfer-encoding',
      'x-user-id',
      'x_user_id',
      'host',
      'via',
    ),
    fc.stringMatching(/^[a-z_.-]{1,12}$/),
    fc.string({ unit: anyCharacter }),
  );
  const anyRequest = fc.record({
    headers: fc.dictionary(name, fc.string({ unit: anyCharacter }), { noNullPrototype: false }),
    cookies: fc.array(fc.string({ unit: anyCharacter })),
  });

  it('refuses any request, or creates valid headers without hop-by-hop ones and with one of each of its own', () => {
    fc.assert(
      fc.property(
        anyRequest,
        fc.option(fc.constant(alice), { nil: undefined }),
        (parts, caller) => {
          let result: Record<string, string[]>;
          try {
            result = forwarded(parts, caller);
          } catch (error) {
            expect(error).toMatchObject({ code: 'BAD_REQUEST' });
            return;
          }
          for (const [key, values] of Object.entries(result)) {
            expect(key).toMatch(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/);
            for (const value of values) expect(value).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/);
            expect(values).toHaveLength(1);
          }
          expect(result).not.toHaveProperty('connection');
          expect(result).not.toHaveProperty('transfer-encoding');
          expect(result['host']).toEqual(ownHeaders.host);
          expect(result['x-user-id']).toEqual(caller && ['alice']);
          expect(result).not.toHaveProperty('x_user_id');
        },
      ),
    );
  });

  it('never forwards headers that Connection names, but always sends its own', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(names, fc.nat(), (all, count) => {
        const named = all.slice(0, 1 + (count % all.length));
        const headers = Object.fromEntries(all.map((each) => [each, 'x']));
        const connection = ['close', ...named, ...Object.keys(ownHeaders)].join(', ');
        const result = forwarded({ headers: { ...headers, connection } });
        for (const each of named)
          if (!(each in ownHeaders)) expect(result).not.toHaveProperty(each);
        expect(result).toMatchObject(ownHeaders);
      }),
    );
  });
});
