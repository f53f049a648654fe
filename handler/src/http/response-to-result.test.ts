import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocateLargeBody } from './large-body.ts';
import { responseToResult, resultLimits } from './response-to-result.ts';

const withType = (contentType: string, body: Buffer, more: Record<string, string> = {}) =>
  responseToResult({ statusCode: 200, headers: { 'content-type': contentType, ...more }, body });

describe('responseToResult', () => {
  it.each([
    'text/html',
    'application/json',
    'application/json; charset=utf-8',
    'application/problem+json',
    'application/javascript',
    'application/x-www-form-urlencoded',
    'image/svg+xml',
    'Application/XML ; charset=utf-8',
  ])('returns %s as text', (contentType) => {
    expect(withType(contentType, Buffer.from('{"é":1}'))).toMatchObject({ body: '{"é":1}' });
    expect(withType(contentType, Buffer.from('x')).isBase64Encoded).toBeUndefined();
  });

  it.each([
    ['application/octet-stream', Buffer.from('plain'), {}],
    ['image/png', Buffer.from([137, 80, 78, 71]), {}],
    ['text/plain', Buffer.from([0xff, 0xfe, 0x00]), {}],
    ['application/json', Buffer.from('{}'), { 'content-encoding': 'gzip' }],
    ['application/json+x', Buffer.from('{}'), {}],
    ['application/x+jsonp', Buffer.from('f({})'), {}],
    ['x-text/plain', Buffer.from('plain'), {}],
    ['', Buffer.from('no type'), {}],
  ])('returns %s in base64 if a string would change it', (contentType, body, more) => {
    const result = withType(contentType, body, more);
    expect(result).toMatchObject({ isBase64Encoded: true, body: body.toString('base64') });
  });

  it('returns text unencoded, with isBase64Encoded false', () => {
    const result = withType('text/plain', Buffer.from('x'), { 'content-encoding': 'identity' });
    expect(result).toMatchObject({ body: 'x' });
  });

  it.each([undefined, '', Buffer.alloc(0)])('has no body and no cookies for %j', (body) => {
    const response = { statusCode: 204, headers: { a: 'b' }, cookies: [] };
    expect(responseToResult({ ...response, ...(body !== undefined && { body }) })).toEqual({
      statusCode: 204,
      headers: { a: 'b' },
    });
  });

  it('returns the gateway’s own text unchanged', () => {
    const headers = { 'content-type': 'image/png' };
    expect(responseToResult({ statusCode: 200, headers, body: 'é' })).toEqual({
      statusCode: 200,
      headers,
      body: 'é',
    });
  });

  it('keeps every byte of every body', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('text/plain', 'application/json', 'image/png'),
        (bytes, contentType) => {
          const { body = '', isBase64Encoded } = withType(contentType, Buffer.from(bytes));
          const back = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
          expect(back).toEqual(Buffer.from(bytes));
        },
      ),
    );
  });

  it.each(['text/plain', 'image/png'])('releases the memory of a large %s', (contentType) => {
    const body = allocateLargeBody(100_000).fill('é');
    const expected = Buffer.from(body);
    const { body: encoded = '', isBase64Encoded } = withType(contentType, body);
    expect(Buffer.from(encoded, isBase64Encoded ? 'base64' : 'utf8').equals(expected)).toBe(true);
    expect(body).toHaveLength(0);
  });

  it('puts each Set-Cookie into the cookies array', () => {
    const cookies = ['a=1; Path=/', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT'];
    expect(responseToResult({ statusCode: 204, headers: {}, cookies })).toEqual({
      statusCode: 204,
      headers: {},
      cookies,
    });
  });
});

describe('resultLimits.accepts', () => {
  const text = { 'content-type': 'text/plain' };
  const room = resultLimits.maxBodyBytes - 32 * 1024;
  const fits = (headers: Record<string, string>, body: Buffer, cookies: string[] = []): boolean =>
    resultLimits.accepts({ statusCode: 200, headers, cookies, body });

  it('counts text by its size in JSON', () => {
    const most = Math.floor(room / 6);
    expect(fits(text, Buffer.alloc(most, 1))).toBe(true);
    expect(fits(text, Buffer.alloc(most + 1, 1))).toBe(false);
  });

  it('counts a third more for base64', () => {
    expect(fits({}, Buffer.alloc((room / 4) * 3))).toBe(true);
    expect(fits({}, Buffer.alloc((room / 4) * 3 + 1))).toBe(false);
    const zipped = { ...text, 'content-encoding': 'gzip' };
    expect(fits(zipped, Buffer.alloc((room / 4) * 3, 'x'))).toBe(true);
  });

  it.each([
    ['one header', { 'x-a': 'x'.repeat(9_209) }, []],
    ['text of two bytes a character', { 'x-a': `x${'ü'.repeat(4_604)}` }, []],
    ['headers and cookies', { 'x-a': 'x'.repeat(4_000) }, ['a'.repeat(5_195)]],
  ])('allows 9 KB of headers, including line ends: %s', (_, headers, cookies) => {
    const nothing = Buffer.alloc(0);
    expect(fits(headers, nothing, cookies)).toBe(true);
    expect(fits({ ...headers, 'x-a': `${headers['x-a']}x` }, nothing, cookies)).toBe(false);
  });
});
