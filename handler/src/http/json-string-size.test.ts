import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitsInJsonString, worstJsonGrowth } from './json-string-size.ts';

const sizeInJson = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

describe('fitsInJsonString', () => {
  it.each(Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)))(
    'counts %j as JSON writes it',
    (character) => {
      const size = sizeInJson(character);
      expect(size).toBeLessThanOrEqual(worstJsonGrowth);
      expect(fitsInJsonString(Buffer.from(character), size)).toBe(true);
      expect(fitsInJsonString(Buffer.from(character), size - 1)).toBe(false);
    },
  );

  it('agrees with JSON on every text, to the byte', () => {
    const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(anyText, (text) => {
        expect(fitsInJsonString(Buffer.from(text), sizeInJson(text))).toBe(true);
        expect(fitsInJsonString(Buffer.from(text), sizeInJson(text) - 1)).toBe(false);
      }),
    );
  });

  it.each([16_383, 16_384, 16_385, 40_000])('counts %d bytes to the last', (bytes) => {
    const text = Buffer.alloc(bytes, 'x');
    expect(fitsInJsonString(text, bytes)).toBe(true);
    expect(fitsInJsonString(text, bytes - 1)).toBe(false);
    text[bytes - 1] = 1;
    expect(fitsInJsonString(text, bytes + 5)).toBe(true);
    expect(fitsInJsonString(text, bytes + 4)).toBe(false);
  });

  it('stops reading as soon as the result is known', () => {
    let read = 0;
    const text = new Proxy(Buffer.alloc(1_000_000, 'x'), {
      get: (target, name) => {
        if (name !== 'length') read += 1;
        return Reflect.get(target, name) as unknown;
      },
    });
    expect(fitsInJsonString(text, 6_000_000)).toBe(true);
    expect(read).toBe(0);
    expect(fitsInJsonString(text, 5_900_000)).toBe(true);
    expect(read).toBeLessThan(40_000);
  });
});
