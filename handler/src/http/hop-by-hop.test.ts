import { describe, expect, it } from '@jest/globals';
import { endsHere } from './hop-by-hop.ts';

describe('endsHere', () => {
  it.each([
    'connection',
    'expect',
    'http2-settings',
    'keep-alive',
    'proxy-authenticate',
    'proxy-authentication-info',
    'proxy-authorization',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'transfer_encoding',
    'proxy.authorization',
  ])('is true for %s', (name) => {
    expect(endsHere(undefined)(name)).toBe(true);
    expect(endsHere('close')(name)).toBe(true);
  });

  it('is true for headers that Connection names, in any spelling', () => {
    const ends = endsHere(' close,X-One ,\tx-TWO,, ');
    expect(['x-one', 'x-two', 'x-three', ''].map(ends)).toEqual([true, true, false, true]);
  });

  it.each(['content-type', 'proxy-status', 'te-st', 'x-upgrade'])('is false for %s', (name) => {
    expect(endsHere(undefined)(name)).toBe(false);
  });
});
