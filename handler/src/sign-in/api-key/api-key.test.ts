import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checksumOf, credentialId, hashOf, holdsKey, isKeyOf, readKey } from './api-key.ts';

const body = `shop_${'a'.repeat(12)}_${'B'.repeat(43)}`;
const key = `${body}${checksumOf(body)}`;

const digit = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');

describe('an API key', () => {
  it('ends with the checksum of the rest, six digits in base 62', () => {
    expect(checksumOf('')).toBe('000000');
    // CRC-32 of "123456789" is 0xcbf43926 (its check value in every catalog): 3,421,780,262.
    expect(checksumOf('123456789')).toBe('3jZRME');
    expect(readKey(key, 'shop')).toEqual({ publicId: 'a'.repeat(12) });
    expect(credentialId('abc')).toBe('api-key/abc');
  });

  it('of another prefix, another form, or with a wrong checksum is none', () => {
    expect(readKey(key, 'shop2')).toEqual({ problem: 'the key has another prefix' });
    expect(readKey(key.slice(1), 'shop')).toEqual({ problem: 'the key has another prefix' });
    for (const wrong of [
      `${key}0`,
      key.slice(0, -1),
      ` ${key}`.slice(1) + '\n',
      'shop_',
      `${key},${key}`,
    ])
      expect(readKey(wrong, 'shop')).toEqual({ problem: 'the key has another form' });
    const typo = key.replace('BBB', 'BbB');
    expect(readKey(typo, 'shop')).toEqual({ problem: 'the checksum of the key is wrong' });
  });

  it('with one wrong character always has a wrong checksum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: key.length - 1 }), digit, (at, other) => {
        fc.pre(key[at] !== other && key[at] !== '_');
        const wrong = `${key.slice(0, at)}${other}${key.slice(at + 1)}`;
        expect(readKey(wrong, 'shop')).toHaveProperty('problem');
      }),
    );
  });

  it('is compared by the hash of the whole of it, its prefix included', () => {
    expect(isKeyOf(key, hashOf(key))).toBe(true);
    const other = body.replace('shop', 'shed');
    for (const wrong of [`${other}${checksumOf(other)}`, key.replace('B', 'b')])
      expect(isKeyOf(wrong, hashOf(key))).toBe(false);
    for (const wrong of [undefined, '', 'zz', hashOf(key).slice(2), `${hashOf(key)}00`])
      expect(isKeyOf(key, wrong)).toBe(false);
  });

  it('is found wherever it is in a text, and nothing else is taken for it', () => {
    for (const text of [key, `Bearer ${key}`, `a,${key};b`, `shop_shop_${key}`, `x${key}x`])
      expect(holdsKey(text, ['other', 'shop'])).toBe(true);
    for (const text of [
      '',
      'shop_',
      'theme=shop_dark',
      key.replace('shop', 'shed'),
      key.slice(0, -1),
    ])
      expect(holdsKey(text, ['other', 'shop'])).toBe(false);
  });
});
