import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isIn, type Period, spanOf } from './period.ts';

describe('the period of a quota', () => {
  it.each<[period: Period, at: string, name: string, start: string, end: string]>([
    ['day', '2026-11-29T23:59:59.999Z', '2026-11-29', '2026-11-29', '2026-11-30'],
    ['day', '2026-11-30T00:00:00.000Z', '2026-11-30', '2026-11-30', '2026-12-01'],
    ['day', '2028-02-28T12:00:00.000Z', '2028-02-28', '2028-02-28', '2028-02-29'],
    ['day', '2026-12-31T23:59:59.999Z', '2026-12-31', '2026-12-31', '2027-01-01'],
    ['month', '2026-11-30T23:59:59.999Z', '2026-11', '2026-11-01', '2026-12-01'],
    ['month', '2026-12-01T00:00:00.000Z', '2026-12', '2026-12-01', '2027-01-01'],
    ['month', '2028-02-29T23:59:59.999Z', '2028-02', '2028-02-01', '2028-03-01'],
  ])('%s of %s is %s, in UTC', (period, at, name, start, end) => {
    const [startMs, endMs] = [Date.parse(start), Date.parse(end)];
    expect(spanOf(period, Date.parse(at))).toEqual({ name, startMs, endMs });
  });

  it('has every moment in exactly one span', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Date.UTC(2100, 0) }),
        fc.constantFrom<Period>('day', 'month'),
        (atMs, period) => {
          const span = spanOf(period, atMs);
          expect(isIn(span, atMs)).toBe(true);
          expect(spanOf(period, span.startMs)).toEqual(span);
          expect(spanOf(period, span.endMs - 1)).toEqual(span);
          expect(isIn(span, span.endMs)).toBe(false);
          expect(spanOf(period, span.endMs).startMs).toBe(span.endMs);
        },
      ),
      { numRuns: 200 },
    );
  });
});
