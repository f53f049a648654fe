import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { Algorithm } from '../src/openid/key-set.ts';
import type { TokenPolicy } from '../src/sign-in/jwt/policy.ts';

export const issuer = 'https://login.example.com';

/** The policy of a scheme with scopes, unless `changes` say otherwise. */
export const policyWith = (changes: Partial<TokenPolicy> = {}): TokenPolicy => ({
  scheme: 'oauth',
  issuer,
  audiences: ['shop'],
  clients: [],
  algorithms: ['RS256'],
  tokenUse: 'access',
  toleranceSeconds: 5,
  userId: 'sub',
  scopes: ['scope', 'scp'],
  lists: 'scopes',
  claims: {},
  ...changes,
});

export interface IssuerKey {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** The public key, as providers publish it. */
  readonly jwk: JWK;
}

export const createIssuerKey = async (alg: Algorithm, kid: string): Promise<IssuerKey> => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  return { kid, alg, privateKey, publicKey, jwk };
};

export const keySetOf = (...keys: readonly { readonly jwk: JWK }[]): string =>
  JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });

interface Changes {
  /** A claim or a parameter that is undefined is left out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** A token that `policyWith()` accepts for an hour, unless `changes` say otherwise. */
export const accessToken = async (
  { privateKey, alg, kid }: Pick<IssuerKey, 'privateKey' | 'alg' | 'kid'>,
  nowMs: number,
  { claims = {}, header = {} }: Changes = {},
): Promise<string> => {
  const nowSeconds = Math.floor(nowMs / 1_000);
  const all = {
    ...{ iss: issuer, aud: 'shop', sub: 'alice', scope: 'openid orders:read' },
    ...{ iat: nowSeconds, exp: nowSeconds + 3_600 },
    ...claims,
  };
  return new SignJWT(JSON.parse(JSON.stringify(all)) as Record<string, unknown>)
    .setProtectedHeader(
      JSON.parse(JSON.stringify({ alg, typ: 'at+jwt', kid, ...header })) as { alg: string },
    )
    .sign(privateKey);
};

/** A token in the compact form with any header, signature and payload. */
export const compactToken = (header: unknown, payload: unknown, signature: string): string =>
  [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat(signature)
    .join('.');
