import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { multiplesOf } from './multiples-of.ts';

describe('multiplesOf', () => {
  it('accepts every amount from 0.00 to 99.99 as a multiple of 0.01', () => {
    const isAmount = multiplesOf(0.01);
    const texts = Array.from({ length: 10_000 }, (_, cents) => (cents / 100).toFixed(2));
    expect(texts.filter((text) => !isAmount(Number(text)))).toEqual([]);
  });

  it.each([
    [0.01, 19.99],
    [0.01, -19.99],
    [0.01, 0],
    [0.01, -0],
    [0.01, 1e22],
    [0.01, 1e300],
    [0.01, 90071992547409.91],
    [0.1, 0.3],
    [1e-7, 3e-7],
    [1e-7, 123456789.0000001],
    [5e-324, 1e-323],
    [5e-324, 1e308],
    [0.25, 1.75],
    [1.5, 4.5],
    [0.003, 1e30 + 0 * 2, false],
    [0.01, 1.005, false],
    [0.01, 1e-7, false],
    [0.01, 5e-324, false],
    [0.1, 0.30000000000000004, false],
    [1e-7, 1.5e-7, false],
    [1.5, 4, false],
    [0.25, 1.7500000000000002, false],
    [0.01, 0.010000000000000002, false],
  ])('uses decimal arithmetic: of %d, %d', (divisor, value, expected = true) => {
    expect(multiplesOf(divisor)(value)).toBe(expected);
  });

  it('agrees with integer arithmetic on the digits', () => {
    const digits = fc.integer({ min: -1e9, max: 1e9 });
    const places = fc.integer({ min: 0, max: 6 });
    fc.assert(
      fc.property(digits, places, fc.integer({ min: 1, max: 500 }), (value, decimals, step) => {
        const [number, divisor] = [`${value}e-${decimals}`, `${step}e-${decimals}`].map(Number);
        expect(multiplesOf(divisor ?? 1)(number ?? 0)).toBe(Math.abs(value % step) === 0);
      }),
    );
  });
});
