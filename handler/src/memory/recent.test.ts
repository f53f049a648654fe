import { describe, expect, it } from '@jest/globals';
import { createRecent } from './recent.ts';

describe('recent entries', () => {
  it('stay while fewer than half as many others are used', () => {
    const recent = createRecent<string>(4);
    const ask = (key: string): string => recent.get(key, () => `new ${key}`);
    recent.get('a', () => 'a');
    recent.get('b', () => 'b');
    ask('c');
    expect(ask('a')).toBe('a');
    ask('d');
    expect(ask('a')).toBe('a');
    ask('e');
    ask('f');
    ask('g');
    expect(ask('b')).toBe('new b');
    expect(ask('a')).toBe('new a');
  });

  it('never exceed their maximum while a million keys pass through', () => {
    const recent = createRecent<number>(10_000);
    for (let key = 0; key < 1_000_000; key += 1) {
      recent.get('always', () => -1);
      recent.get(`key-${key}`, () => key);
    }
    expect(recent.size).toBeLessThanOrEqual(10_000);
    expect(recent.get('always', () => 0)).toBe(-1);
    expect(recent.get('key-995500', () => -1)).toBe(995_500);
    expect(recent.get('key-989999', () => -1)).toBe(-1);
  });
});
