import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assertForwardablePath,
  encodePath,
  encodeQuery,
  encodeSegment,
  fillTemplate,
} from './upstream-path.ts';

describe('assertForwardablePath', () => {
  it.each([['a', 'b'], [''], ['a', ''], ['...'], ['.well-known'], ['a.b'], ['%2e%2e'], ['ü', ' ']])(
    'takes %j',
    (...segments) => {
      expect(() => assertForwardablePath(segments)).not.toThrow();
    },
  );

  it.each([
    ['..'],
    ['.'],
    ['a', '..', 'b'],
    ['..;x=1'],
    ['.;'],
    ['.. '],
    ['.  ;x'],
    [';'],
    ['a', ';x=1', 'b'],
    ['a', '', 'b'],
    ['a\\b'],
    ['a\u0000'],
    ['a\nb'],
    ['\u007f'],
    ['\ud800'],
  ])('refuses %j', (...segments) => {
    expect(() => assertForwardablePath(segments)).toThrow(
      expect.objectContaining({
        code: 'BAD_PATH',
        detail: expect.stringContaining('dot segments'),
      }),
    );
  });
});

describe('encodeSegment', () => {
  it('keeps the characters that RFC 3986 allows in a segment, except `;`, and encodes all others', () => {
    const pchar = "AZaz09-._~!$&'()*+,=:@";
    expect(encodeSegment(pchar)).toBe(pchar);
    expect(encodeSegment('a;b=c')).toBe('a%3Bb=c');
    expect(encodeSegment('/?#[]%" <>\\^`{|}')).toBe(
      '%2F%3F%23%5B%5D%25%22%20%3C%3E%5C%5E%60%7B%7C%7D',
    );
  });

  it('is reversed by decoding, for every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(encodeSegment(text)).toMatch(/^[A-Za-z0-9\-._~!$&'()*+,=:@%]*$/);
        expect(decodeURIComponent(encodeSegment(text))).toBe(text);
      }),
    );
  });
});

describe('a path', () => {
  it('keeps its number of segments with any content', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (segments) => {
        expect(encodePath(segments).split('/')).toHaveLength(segments.length + 1);
      }),
    );
  });

  it('from a template has one segment for {id} and one or more for {rest+}', () => {
    expect(fillTemplate('/v2/{id}/x/{rest+}', { id: 'a/b', rest: 'c/d e' })).toBe(
      '/v2/a%2Fb/x/c/d%20e',
    );
    expect(fillTemplate('/v2/{id}', {})).toBe('/v2/');
  });
});

describe('encodeQuery', () => {
  it('encodes a character above U+FFFF as one', () => {
    expect(encodeQuery('a=🌍')).toBe('a=%F0%9F%8C%8D');
    expect(encodeQuery('a=\ud83c')).toBe('a=%EF%BF%BD');
  });

  it('keeps the client’s spelling, except characters that are invalid in a request line', () => {
    const kept = 'a=%2f&b=%zz&c=+&d[]={}|\\^`\'"<>';
    expect(encodeQuery(kept)).toBe(kept);
    expect(encodeQuery('a=b c&d=ü\r\nX: y#z')).toBe('a=b%20c&d=%C3%BC%0D%0AX:%20y%23z');
  });
});
