import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { resultLimits } from './response-to-result.ts';

const fits = (body: Buffer): boolean =>
  resultLimits.accepts({ statusCode: 200, headers: { 'content-type': 'text/plain' }, body });
const room = resultLimits.maxBodyBytes - 32 * 1024;

describe('resultLimits.accepts, at the limit', () => {
  it.each([
    ['plain text', 'x', 1],
    ['text of quotation marks', '"', 2],
    ['text of control characters', '\u0001', 6],
  ])('allows %s as much as its JSON takes', (_, character, growth) => {
    const most = Math.floor(room / growth);
    expect(fits(Buffer.from(character.repeat(most)))).toBe(true);
    expect(fits(Buffer.from(character.repeat(most + 1)))).toBe(false);
  });

  it('agrees with JSON on every text', () => {
    const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1_000_000, max: 6_300_000 }), (part, bytes) => {
        const body = part.repeat(Math.ceil(bytes / Buffer.byteLength(part)));
        const isRoom = Buffer.byteLength(JSON.stringify(body)) - 2 <= room;
        expect(fits(Buffer.from(body))).toBe(isRoom);
      }),
      { numRuns: 20 },
    );
  });
});
