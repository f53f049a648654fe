import { describe, expect, it } from '@jest/globals';
import { type WycheproofCase, wycheproofCases } from '../../../testing/vectors/wycheproof.ts';
import { policyWith } from '../../../testing/token-issuer.ts';
import { verifyAccessToken } from './access-token.ts';
import {
  type Algorithm,
  algorithms,
  chooseKey,
  parseKeySet,
  type ProviderKey,
  UnusableKeys,
} from '../../openid/key-set.ts';

/** Without `alg`, the usual one for the type of key. */
const algOf = ({ alg, kty }: WycheproofCase['jwk']): unknown =>
  alg ?? (kty === 'EC' ? 'ES256' : 'RS256');

/** None if the key is meant for something else. */
const keysOf = (jwk: WycheproofCase['jwk']): readonly ProviderKey[] => {
  try {
    return parseKeySet(JSON.stringify({ keys: [jwk] }));
  } catch (error) {
    expect(error).toBeInstanceOf(UnusableKeys);
    return [];
  }
};

/** By a policy with the algorithm of the key only. */
const judge = async ({ jws, jwk }: WycheproofCase): Promise<'valid' | 'invalid'> => {
  const verdict = await verifyAccessToken(
    jws,
    policyWith({ algorithms: [algOf(jwk) as Algorithm] }),
    async (header) => chooseKey(keysOf(jwk), header),
    0,
  );
  // The payloads are not claims: that is what a genuine signature leads to.
  return verdict.valid || verdict.reason === 'claims' ? 'valid' : 'invalid';
};

/** Their tokens have another algorithm than their key is for, which RFC 7517 §4.4 lets the gateway refuse. */
const ofAnotherAlgorithm = [346, 350];

const cases = wycheproofCases().filter(({ jwk }) => algorithms.some((alg) => alg === algOf(jwk)));

describe('the signature of an access token by Wycheproof', () => {
  it('has cases for RS256, PS256 and ES256', () => {
    const judged = new Set(cases.map(({ jwk }) => algOf(jwk)));
    expect(judged).toEqual(new Set(['RS256', 'PS256', 'ES256']));
    expect(cases.length).toBeGreaterThan(300);
  });

  it.each(cases.filter(({ id }) => !ofAnotherAlgorithm.includes(id)))(
    'is judged $result in case $id: $comment',
    async (each) => {
      expect(await judge(each)).toBe(each.result);
    },
  );

  it.each(cases.filter(({ id }) => ofAnotherAlgorithm.includes(id)))(
    'is refused in case $id, whose key is for PS256 and whose token has PS384',
    async (each) => {
      expect(await judge(each)).toBe('invalid');
    },
  );
});
