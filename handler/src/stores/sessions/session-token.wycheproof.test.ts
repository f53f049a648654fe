import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type WycheproofCase, wycheproofCases } from '../../../testing/vectors/wycheproof.ts';
import { parseKeySet } from '../keys/signing-keys.ts';
import { verifyToken } from './session-token.ts';

/** Every compact case whose key is for HS256, and those whose header says HS256 over another kind of key. */
const cases = wycheproofCases().filter(
  ({ jws, jwk }) => jwk['alg'] === 'HS256' || algOf(jws) === 'HS256',
);

function algOf(jws: string): unknown {
  try {
    const header = Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString();
    return (JSON.parse(header) as { alg?: unknown }).alg;
  } catch {
    return undefined;
  }
}

const judge = async ({
  jws,
  jwk,
}: Pick<WycheproofCase, 'jws' | 'jwk'>): Promise<'valid' | 'invalid'> => {
  const key =
    jwk['kty'] === 'oct' ? createSecretKey(Buffer.from(String(jwk['k']), 'base64url')) : undefined;
  const findKey = async (kid: string) => (kid === jwk['kid'] ? key : undefined);
  const verdict = await verifyToken(jws, findKey, 0);
  // These tokens do not contain a session: a genuine signature results in `unfit`.
  return verdict.valid || verdict.reason === 'unfit' ? 'valid' : 'invalid';
};

/** Cases that contradict other cases or RFC 7515. */
const respelled = [367, 370];
const notBase64url = [372, 373];

const caseOf = (id: number): WycheproofCase => {
  const found = cases.find((each) => each.id === id);
  if (found === undefined) throw new Error(`There is no case ${id}`);
  return found;
};
const contradictory = [...respelled, ...notBase64url];

describe('verifyToken by Wycheproof’s HS256 cases', () => {
  it('passes all 41', () => {
    expect(cases).toHaveLength(41);
    expect(new Set(cases.map(({ result }) => result))).toEqual(new Set(['valid', 'invalid']));
  });

  it.each(cases.filter(({ id }) => !contradictory.includes(id)))(
    'judges case $id as $result: $comment',
    async (each) => {
      expect(await judge(each)).toBe(each.result);
    },
  );

  it.each(respelled)(
    'has the same result for case %i as for 357, which has the same bytes',
    async (id) => {
      expect(caseOf(id).jws).toBe(caseOf(357).jws);
      expect(await judge(caseOf(id))).toBe(caseOf(357).result);
    },
  );

  it.each(notBase64url)(
    'refuses case %i, whose “?” RFC 7515 §5.2 allows in no token and its signature does not cover',
    async (id) => {
      expect(caseOf(id).jws.replace('?', '')).toBe(caseOf(357).jws);
      expect(await judge(caseOf(id))).toBe('invalid');
    },
  );

  it('refuses a key set with an asymmetric key, so that it is never used as a secret', () => {
    const jwk = cases.find((each) => each.jwk['kty'] === 'EC')?.jwk;
    const secret = JSON.stringify({ active_kid: jwk?.['kid'], keys: [jwk] });
    expect(() => parseKeySet(secret)).toThrow('RFC 7518 §6.4');
  });
});
