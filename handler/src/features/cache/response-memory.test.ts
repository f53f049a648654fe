import { describe, expect, it } from '@jest/globals';
import { createResponseMemory, type StoredResponse } from './response-memory.ts';

const stored = (bytes: number, changes: Partial<StoredResponse> = {}): StoredResponse => ({
  response: { statusCode: 200, headers: {}, body: Buffer.alloc(bytes) },
  freshness: {
    ageSeconds: () => 0,
    secondsLeft: () => 1,
    usefulSeconds: () => 1,
    judge: () => 'fresh',
    survivesErrors: () => false,
  },
  path: '/',
  variant: { vary: '', values: '[]' },
  isForAll: false,
  sequence: 0,
  ...changes,
});

const mebibyte = 1_024 ** 2;

describe('the memory of responses', () => {
  const open = () =>
    createResponseMemory({ maxBytes: 10 * mebibyte, maxResponseBytes: 2 * mebibyte });

  it('has at most its bytes, and drops what was not used for the longest time', () => {
    const memory = open();
    for (const key of ['a', 'b', 'c', 'd']) memory.keep(key, stored(2 * mebibyte - 10_000));
    memory.find('a');
    for (const key of ['e', 'f', 'g']) memory.keep(key, stored(2 * mebibyte - 10_000));
    expect(memory.bytes).toBeLessThanOrEqual(10 * mebibyte);
    const kept = [...'abcdefg'].filter((key) => memory.find(key).length > 0);
    expect(kept).toEqual(['a', 'd', 'e', 'f', 'g']);
  });

  it('counts headers and keys of many small responses', () => {
    const memory = open();
    for (let index = 0; index < 20_000; index += 1) {
      const response = {
        statusCode: 200,
        headers: { etag: 'x'.repeat(500) },
        body: Buffer.alloc(0),
      };
      memory.keep(`${index}${'k'.repeat(500)}`, stored(0, { response }));
      expect(memory.bytes).toBeLessThanOrEqual(10 * mebibyte);
    }
    expect(memory.find('0' + 'k'.repeat(500))).toEqual([]);
  });

  it('keeps no response that is too large, and forgets the one that it replaces', () => {
    const memory = open();
    memory.keep('a', stored(10));
    memory.keep('a', stored(2 * mebibyte));
    expect(memory.find('a')).toEqual([]);
    expect(memory.bytes).toBe(0);
  });

  it('has the newest of each variant, and no more than 16 of a key', () => {
    const memory = open();
    const keep = (values: string) =>
      memory.keep('a', stored(1, { variant: { vary: 'x', values } }));
    keep('1');
    keep('1');
    expect(memory.find('a')).toHaveLength(1);
    for (let index = 2; index <= 20; index += 1) keep(String(index));
    const values = memory.find('a').map(({ variant }) => variant.values);
    expect(values).toHaveLength(16);
    expect([values[0], values.at(-1)]).toEqual(['20', '5']);
  });

  it('is empty once all is dropped', () => {
    const memory = open();
    const one = stored(1, { path: '/one' });
    memory.keep('a', one);
    memory.keep('b', stored(1, { path: '/two' }));
    memory.dropPath('/two');
    expect(memory.find('b')).toEqual([]);
    memory.drop('a', one);
    expect(memory.bytes).toBe(0);
  });
});
