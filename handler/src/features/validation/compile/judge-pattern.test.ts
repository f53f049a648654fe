import { describe, expect, it } from '@jest/globals';
import { judgePattern } from './judge-pattern.ts';

describe('judgePattern', () => {
  it.each([
    '^[a-z0-9-]{1,64}$',
    '^[^\\r\\n]{0,5000}$',
    '^[0-9a-f]{8}-[0-9a-f]{4}$',
    '^\\d{5}(-\\d{4})?$',
    '^[A-Z][a-z]+(?: [A-Z][a-z]+)*$',
    '^.{1,200}$',
  ])('accepts an expression with linear time: %s', (pattern) => {
    expect(judgePattern(pattern)).toEqual({ kind: 'linear' });
  });

  it.each([
    ['^(a+)+$', 'exponential'],
    ['^(\\w|\\d)*$', 'exponential'],
    ['^\\d+\\d+$', 'polynomial'],
    ['^[a-z]+[a-z0-9]+$', 'polynomial'],
    ['^.*a.*$', 'polynomial'],
    ['a+$', 'polynomial'],
    ['^\\s*\\s*$', 'polynomial'],
  ])('finds an expression that takes longer: %s', (pattern, kind) => {
    expect(judgePattern(pattern)).toMatchObject({ kind });
  });
});
