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
  ])('keeps %s from going on', (name) => {
    expect(endsHere(undefined)(name)).toBe(true);
    expect(endsHere('close')(name)).toBe(true);
  });

  it('keeps from going on what Connection names, however it is written', () => {
    const ends = endsHere(' close,X-One ,\tx-TWO,, ');
    expect(['x-one', 'x-two', 'x-three', ''].map(ends)).toEqual([true, true, false, true]);
  });

  it.each(['content-type', 'proxy-status', 'te-st', 'x-upgrade'])('lets %s go on', (name) => {
    expect(endsHere(undefined)(name)).toBe(false);
  });
});
