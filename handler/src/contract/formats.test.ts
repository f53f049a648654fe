import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { date, 'date-time' as dateTime, int32, int64, regex, time } from './formats.ts';

describe('date', () => {
  it.each(['2024-02-29', '2000-02-29', '0000-02-29', '1999-12-31'])('is %s', (text) => {
    expect(date(text)).toBe(true);
  });
  it.each([
    '2023-02-29',
    '1900-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-04-31',
    '2024-1-1',
    '',
    '2024-01-01Z',
  ])('is not %j', (text) => {
    expect(date(text)).toBe(false);
  });
});

describe('time', () => {
  it.each([
    '00:00:00Z',
    '23:59:59.999z',
    '12:30:00+05:30',
    '23:59:60Z',
    '15:59:60-08:00',
    '00:29:60+00:30',
    '05:29:60+05:30',
  ])('is %s', (text) => {
    expect(time(text)).toBe(true);
  });
  it.each([
    '24:00:00Z',
    '00:60:00Z',
    '00:00:61Z',
    '12:00:60Z',
    '12:00:00',
    '12:00:00+24:00',
    '12:00:00.Z',
    '12:00Z',
  ])('is not %j', (text) => {
    expect(time(text)).toBe(false);
  });
});

describe('date-time', () => {
  it('is every instant that JavaScript writes', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (instant) => dateTime(instant.toISOString()),
      ),
    );
  });
  it.each([
    '2024-01-01',
    '2024-01-01 00:00:00Z',
    '2024-01-01T00:00:00Z ',
    '2024-01-01T00:00:00ZT',
    '2024-01-01T',
  ])('is not %j', (text) => {
    expect(dateTime(text)).toBe(false);
  });
});

describe('regex', () => {
  it('is what JavaScript compiles', () => {
    expect([regex('^a+$'), regex('['), regex('(')]).toEqual([true, false, false]);
  });
});

describe('int32 and int64', () => {
  it('are whole numbers within their bits', () => {
    expect([2 ** 31 - 1, -(2 ** 31), 2 ** 31, 0.5].map(int32.validate)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([2 ** 53, -(2 ** 63), 2 ** 64, 0.5].map(int64.validate)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
