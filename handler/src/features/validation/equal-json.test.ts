import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { equalJson } from './equal-json.ts';

const read = (text: string): unknown => JSON.parse(text);

describe('equalJson', () => {
  it.each([
    ['{"a":1,"b":[2]}', '{"b":[2],"a":1.0}'],
    ['{"toString":0}', '{"toString":0}'],
    ['{"__proto__":{"a":1}}', '{"__proto__":{"a":1}}'],
    ['0', '-0'],
  ])('finds %s and %s equal', (a, b) => {
    expect(equalJson(read(a), read(b))).toBe(true);
  });

  it.each([
    ['{"toString":0}', '{}'],
    ['{"valueOf":0}', '{"a":0}'],
    ['{"constructor":1}', '{"constructor":2}'],
    ['{"__proto__":{"a":1}}', '{"a":1}'],
    ['{"hasOwnProperty":1}', '{"toString":1}'],
    ['[1]', '{"0":1}'],
    ['{"0":1}', '[1]'],
    ['[1,2]', '[1]'],
    ['null', '{}'],
    ['1', '"1"'],
  ])('finds %s and %s different', (a, b) => {
    expect(equalJson(read(a), read(b))).toBe(false);
  });

  it('agrees with Node’s own comparison on any two values', () => {
    const value = fc.json({ maxDepth: 2 }).map((text) => read(text.replaceAll('-0', '0')));
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(equalJson(a, b)).toBe(isDeepStrictEqual(a, b));
        expect(equalJson(a, structuredClone(a))).toBe(true);
      }),
    );
  });
});
