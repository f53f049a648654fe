import type { JWK } from 'jose';

/** Of signatures: those of providers that the gateway verifies (RFC 7518 §3.1, RFC 8037 §3.1). */
export const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'] as const;

export type Algorithm = (typeof algorithms)[number];

/** A public key that verifies signatures. */
export interface ProviderKey {
  readonly kid: string | undefined;
  /** Undefined: any algorithm of its type. */
  readonly alg: string | undefined;
  /** What the key is, and nothing of what it is for. `jose` imports it when it is first used. */
  readonly jwk: JWK;
}

/** More would only cost: providers publish fewer than ten. */
const maxKeys = 500;

const maxKidChars = 512;

/** RFC 7518 §3.3 and §3.5. */
const leastRsaBits = 2_048;

/** The key types of RFC 7518 §3.1 and RFC 8037 §3.1: the curve, or RSA. */
const typeOf: Readonly<Record<Algorithm, string>> = {
  RS256: 'RSA',
  PS256: 'RSA',
  ES256: 'P-256',
  ES384: 'P-384',
  EdDSA: 'Ed25519',
};

/** What a provider published cannot be used. The message says why, without its content. */
export class UnusableKeys extends Error {
  override readonly name = 'UnusableKeys';
}

/**
 * The keys of a JWK set (RFC 7517 §5) that can verify signatures. Those of other kinds are left out, as RFC 7517 §5
 * requires, and so are RSA keys below 2048 bits. Throws `UnusableKeys` if none is left.
 */
export const parseKeySet = (json: string): readonly ProviderKey[] => {
  const { keys } = parseObject(json);
  if (!Array.isArray(keys)) throw new UnusableKeys('The JWK set has no list of keys');
  if (keys.length > maxKeys) throw new UnusableKeys(`The JWK set has more than ${maxKeys} keys`);
  const usable = keys.flatMap(usableKey);
  if (usable.length === 0)
    throw new UnusableKeys('The JWK set has no key that verifies signatures');
  return usable;
};

/** Throws `UnusableKeys` for what is not a JSON object. */
export const parseObject = (json: string): Readonly<Record<string, unknown>> => {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new UnusableKeys('The response is not JSON'); // The message of JSON.parse quotes its input.
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UnusableKeys('The response is not a JSON object');
  return value as Record<string, unknown>;
};

/** The key set as it is kept: only what the gateway uses. Certificates would make it four times as long. */
export const writeKeySet = (keys: readonly ProviderKey[]): string =>
  JSON.stringify({ keys: keys.map(({ kid, alg, jwk }) => ({ kid, alg, ...jwk })) });

/** As a list of one, or none. */
const usableKey = (value: unknown): ProviderKey[] => {
  if (typeof value !== 'object' || value === null) return [];
  const { kty, crv, n, e, x, y, use, key_ops: operations, kid, alg } = value as JWK;
  if (use !== undefined && use !== 'sig') return [];
  if (Array.isArray(operations) && !operations.includes('verify')) return [];
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > maxKidChars)) return [];
  if (alg !== undefined && typeof alg !== 'string') return [];
  const isText = (text: unknown): text is string => typeof text === 'string';
  if (kty === 'RSA' && isText(n) && isText(e))
    return bitsOf(n) < leastRsaBits ? [] : [{ kid, alg, jwk: { kty, n, e } }];
  if (kty === 'EC' && isText(crv) && isText(x) && isText(y))
    return [{ kid, alg, jwk: { kty, crv, x, y } }];
  if (kty === 'OKP' && isText(crv) && isText(x)) return [{ kid, alg, jwk: { kty, crv, x } }];
  return [];
};

const bitsOf = (base64url: string): number => {
  const bytes = Buffer.from(base64url, 'base64url');
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (bytes.length - first) * 8 - (Math.clz32(bytes[first] ?? 0) - 24);
};

/**
 * The only key that a token of this header can be verified with. A token without `kid` needs no name if only one key
 * fits its algorithm. Undefined if none or several do: no signature is tried with a key that was not meant.
 */
export const chooseKey = (
  keys: readonly ProviderKey[],
  { kid, alg }: TokenHeader,
): ProviderKey | undefined => {
  const fitting = keys.filter((key) => (kid === undefined || key.kid === kid) && fits(key, alg));
  return fitting.length === 1 ? fitting[0] : undefined;
};

export interface TokenHeader {
  readonly kid: string | undefined;
  readonly alg: Algorithm;
}

const fits = ({ alg, jwk: { kty, crv } }: ProviderKey, algorithm: Algorithm): boolean => {
  if (typeOf[algorithm] !== (kty === 'RSA' ? kty : crv)) return false;
  // RFC 9864 names EdDSA over this curve Ed25519.
  return alg === undefined || alg === algorithm || alg === crv;
};
