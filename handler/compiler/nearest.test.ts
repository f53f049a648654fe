import { describe, expect, it } from '@jest/globals';
import { nearest, suggestion } from './nearest.ts';

describe('nearest', () => {
  it.each([
    ['pahts', 'paths'],
    ['operationid', 'operationId'],
    ['id', 'ID'],
    ['reserved_concurency', 'reserved_concurrency'],
    ['memeber', 'member'],
    ['rateLimits', 'rateLimit'],
  ])('finds what a typo was meant to be: %s', (given, meant) => {
    expect(nearest(given, ['other', meant])).toBe(meant);
  });

  it.each([
    ['auth', 'path'],
    ['cors', 'cost'],
    ['size', 'wire'],
    ['orders', 'users'],
    ['authentication', 'notification'],
  ])('suggests no other word: %s, %s', (given, other) => {
    expect(nearest(given, [other])).toBeUndefined();
  });

  it('lists no more names than a reader looks through', () => {
    const names = Array.from({ length: 100 }, (_, index) => `name-${index}`);
    expect(suggestion('unrelated', names)).toMatch(/ and 76 more$/);
  });
});
