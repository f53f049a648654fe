import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { repeatsAKey } from './repeats-a-key.ts';

const judge = (text: string) => repeatsAKey(Buffer.from(text), JSON.parse(text));

describe('repeatsAKey', () => {
  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '[{"x":{"b":1,"c":2,"b":3}}]',
    '{"__proto__":1,"__proto__":2}',
    '{"":1,"":2}',
    '{"a:\\"b":1,"a:\\"b":2}',
  ])('finds the key that comes again in %s', (text) => {
    expect(judge(text)).toBe(true);
  });

  it.each([
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":"b:\\"c\\":","d\\\\":":::"}',
    '{"__proto__":1,"constructor":2}',
    '{"a":["a","a"],"b":null}',
    '":"',
    '0',
  ])('finds none in %s', (text) => {
    expect(judge(text)).toBe(false);
  });

  it('finds none in what was written from a value, and one where a member is written twice', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), fc.json(), (text, key, member) => {
        expect(judge(text)).toBe(false);
        expect(judge(`[${text},{${JSON.stringify(key)}:${member}}]`)).toBe(false);
        const twice = `${JSON.stringify(key)}:${member}`;
        expect(judge(`[${text},{${twice},${twice}}]`)).toBe(true);
      }),
    );
  });

  it('is not stopped by depth', () => {
    const depth = 5_000;
    expect(judge(`${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`)).toBe(false);
  });
});
