import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseMediaType } from './media-type.ts';

describe('a media type', () => {
  it.each<[header: string, type: string, parameters: ReadonlyArray<readonly [string, string]>]>([
    ['application/json', 'application/json', []],
    [' Text/HTML ', 'text/html', []],
    ['a/b;', 'a/b', []],
    ['a/b ; ; ;c=d ', 'a/b', [['c', 'd']]],
    [
      'a/b;C=D;e="f g"',
      'a/b',
      [
        ['c', 'D'],
        ['e', 'f g'],
      ],
    ],
    ['a/b;c="d\\"\\e;f=g"', 'a/b', [['c', 'd"e;f=g']]],
    ['a/b;c=""', 'a/b', [['c', '']]],
    ["a/b+c;x*=utf-8''y", 'a/b+c', [['x*', "utf-8''y"]]],
    ['a/b;c="\u00fc"', 'a/b', [['c', '\u00fc']]],
  ])('is read: %s', (header, type, parameters) => {
    expect(parseMediaType(header)).toEqual({ type, parameters });
  });

  it.each([
    '',
    'a',
    'a/',
    '/b',
    'a/b/c',
    'a/b c',
    'a/b, a/b',
    'a/b,a/b;c=d',
    'a/b;c=d, a/b;c=e',
    'a/b;c',
    'a/b;c=',
    'a/b;c =d',
    'a/b;c= d',
    'a/b;c="d',
    'a/b;c="d"e',
    'a/b;c=d e',
    'a/b;c="d\u0000"',
    'a/b;=d',
    'a/b\u000b;c=d',
  ])('is none: %j', (header) => {
    expect(parseMediaType(header)).toBeUndefined();
  });

  it('is parsed or undefined for any text', () => {
    const piece = fc.oneof(fc.constantFrom(...' ;="\\/,\tacharset*'), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const header = `a/b${pieces.join('')}`;
        const parsed = parseMediaType(header);
        if (parsed !== undefined) expect(header.toLowerCase()).toContain(parsed.type);
      }),
      { numRuns: 2_000 },
    );
  });
});
