import { describe, expect, it } from '@jest/globals';
import { readRevocation } from './session-arguments.ts';

const token = `e30.${Buffer.from('{"sid":"abc"}').toString('base64url')}.x`;

describe('readRevocation', () => {
  it('is of one session by its token, or of a user', () => {
    expect(readRevocation({ TOKEN: token })).toMatchObject({
      kind: 'session',
      key: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    });
    expect(readRevocation({ USER: 'alice' })).toEqual({ kind: 'user', userId: 'alice' });
    expect(readRevocation({ USER: 'Ana María' })).toMatchObject({ userId: 'Ana María' });
  });

  it.each([
    [{}, 'TOKEN or USER is missing'],
    [{ TOKEN: token, USER: 'alice' }, 'TOKEN and USER are both set'],
    [{ TOKEN: 'alice' }, 'not a session token'],
    [{ USER: 'é'.repeat(1_025) }, 'more than 2048 bytes'],
  ])('refuses %j', (variables, message) => {
    expect(() => readRevocation(variables)).toThrow(message);
  });
});
