import { describe, expect, it } from '@jest/globals';
import { unicodePattern } from './unicode-pattern.ts';

describe('a pattern in the syntax without the flag u', () => {
  it.each<[pattern: string, translated: string, matches: string, other: string]>([
    [String.raw`^a\@b\-c\ d$`, '^a@b-c d$', 'a@b-c d', 'a@bc d'],
    [String.raw`^[a\_\-z\:]+$`, String.raw`^[a_\-z:]+$`, 'a_-z:', 'b'],
    [String.raw`^[\w-.]+$`, String.raw`^[\w\-.]+$`, 'a-.', 'a b'],
    [String.raw`^[+-\d]$`, String.raw`^[+\-\d]$`, '-', ','],
    ['^{[0-9]{2}}$', String.raw`^\{[0-9]{2}\}$`, '{12}', '12'],
    ['^a]$', String.raw`^a\]$`, 'a]', 'a'],
    ['^a{,2}$', String.raw`^a\{,2\}$`, 'a{,2}', 'aa'],
  ])('%s becomes %s', (pattern, translated, matches, other) => {
    expect(unicodePattern(pattern)).toBe(translated);
    for (const flags of ['', 'u']) {
      const expression = new RegExp(flags === '' ? pattern : translated, flags);
      expect([expression.test(matches), expression.test(other)]).toEqual([true, false]);
    }
  });

  it.each([
    String.raw`^\p{L}\d{2,}[\w.-]$`,
    '[',
    '(?<name',
    String.raw`\A[a-z]+\Z`,
    '[[:alpha:]]+',
  ])('%s stays as it is', (pattern) => {
    expect(unicodePattern(pattern)).toBe(pattern);
  });
});
