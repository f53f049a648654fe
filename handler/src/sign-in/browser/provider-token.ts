import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { ProviderKeys } from '../../openid/provider-keys.ts';
import type { BrowserPolicy } from './policy.ts';

/** The message says what is wrong with a token of the provider, without its content. */
export class UnusableToken extends Error {
  override readonly name = 'UnusableToken';
}

interface Options {
  readonly policy: Pick<BrowserPolicy, 'issuer' | 'clientId' | 'algorithms'>;
  readonly keys: Pick<ProviderKeys, 'find'>;
  /** In lower case, without `application/`; a token without `typ` fits as well. */
  readonly types: readonly string[];
  readonly requiredClaims: readonly string[];
  /** Since it was issued. */
  readonly maxAgeSeconds?: number;
  readonly nowMs: number;
  readonly deadlineMs: number;
}

/** How far the provider's clock may differ. */
const toleranceSeconds = 30;

/** More than a provider ever issues. */
const maxChars = 65_536;

/**
 * The claims of a token that the provider issued for this client (OpenID Connect Core 1.0 §3.1.3.7): signed by one of its
 * published keys, and with an algorithm of the contract. Throws `UnusableToken`, or SIGNING_KEY_UNAVAILABLE.
 */
export const verifyProviderToken = async (
  token: string,
  { policy, keys, types, requiredClaims, maxAgeSeconds, nowMs, deadlineMs }: Options,
): Promise<JWTPayload> => {
  const { alg, kid, typ } = headerOf(token);
  const algorithm = policy.algorithms.find((each) => each === alg);
  if (algorithm === undefined)
    throw new UnusableToken("the token's alg is not one of the contract's algorithms");
  if (typ !== undefined && !types.includes(typ.toLowerCase().replace(/^application\//, '')))
    throw new UnusableToken("the token's typ is another one");
  const key = await keys.find({ kid, alg: algorithm }, deadlineMs);
  if (key === undefined)
    throw new UnusableToken("the provider publishes no key for the token's kid");
  try {
    const { payload } = await jwtVerify(token, key.jwk, {
      algorithms: [algorithm],
      issuer: policy.issuer,
      audience: policy.clientId,
      requiredClaims: [...requiredClaims],
      clockTolerance: toleranceSeconds,
      currentDate: new Date(nowMs),
      ...(maxAgeSeconds !== undefined && { maxTokenAge: maxAgeSeconds }),
    });
    return payload;
  } catch (error) {
    throw new UnusableToken(reasonOf(error));
  }
};

const headerOf = (
  token: string,
): {
  readonly alg?: string;
  readonly kid: string | undefined;
  readonly typ: string | undefined;
} => {
  if (token.length > maxChars) throw new UnusableToken('the token is too long');
  try {
    const { alg, kid, typ } = decodeProtectedHeader(token);
    return { ...(alg !== undefined && { alg }), kid, typ };
  } catch {
    throw new UnusableToken('the token is not a JWT');
  }
};

const reasonOf = (error: unknown): string => {
  if (error instanceof errors.JWTExpired) return "the token's exp has passed";
  if (error instanceof errors.JWTClaimValidationFailed)
    return `the token's ${error.claim} is missing or another one`;
  return "the token's signature does not fit the provider's key";
};
