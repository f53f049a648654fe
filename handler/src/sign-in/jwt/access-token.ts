import { errors, jwtVerify } from 'jose';
import type { Session } from '../../stores/sessions/session.ts';
import { claimIn, namesIn, textOf, userIdIn } from '../../openid/claims.ts';
import {
  type Algorithm,
  algorithms,
  type ProviderKey,
  type TokenHeader,
} from '../../openid/key-set.ts';
import type { TokenPolicy } from './policy.ts';

export type TokenVerdict =
  | {
      readonly valid: true;
      readonly user: Session;
      /** Epoch milliseconds after which it is not accepted, the clock's tolerance included. */
      readonly endsAtMs: number;
      readonly header: TokenHeader;
      /** The key that verified it. */
      readonly key: ProviderKey;
    }
  | { readonly valid: false; readonly reason: keyof typeof reasons };

/** Why a token is refused, for the log. A client learns only that it is. */
export const reasons = {
  malformed: 'the token is not a signed JWT in the compact form',
  encrypted:
    'the token is encrypted (JWE), and only the provider or its client can read it: the provider must issue signed tokens for this audience',
  algorithm: "the token's alg is not one of the contract's algorithms",
  critical: "the token's header has crit, which names an extension that the gateway does not know",
  type: "the token's typ is not that of an access token, or not the one of the contract",
  issuer: "the token's iss is not the contract's issuer",
  'unknown-key':
    "the provider publishes no key for the token's kid and alg, or several keys that cannot be told apart",
  forged: "the token's signature does not fit the provider's key, or the key is not valid",
  claims: "the token's payload is not a JSON object",
  audience: "the token's aud has none of the contract's audiences",
  expired: "the token's exp has passed",
  'no-expiry': "the token's exp is missing or not a number",
  'not-yet-valid': "the token's nbf or iat is not a number, or its nbf is in the future",
  client: "the token's client_id is not one of the contract's clients",
  use: "the token's token_use is not the contract's: an ID token is not an access token",
  user: 'the claim with the user id is missing, or not a text of up to 256 characters',
} as const;

/** API Gateway accepts 10,240 bytes of request line and headers. */
const maxTokenChars = 10_240;

/**
 * Three parts in base64url (RFC 7515 §7.1) without padding and without nonzero pad bits (RFC 4648 §3.5): otherwise one
 * token has several spellings. `jose` accepts six of them in Wycheproof's cases.
 */
const compact =
  /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?\.(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?\.(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/**
 * Verifies an access token by RFC 8725: with the contract's algorithms only, and with a key of the contract's provider
 * only, found by `kid`. Keys and addresses in the token's header (`jwk`, `x5c`, `jku`, `x5u`) are never read. Issuer,
 * algorithm and type are checked first, so that a token of another issuer costs no call to the provider. Never throws
 * because of client input.
 */
export const verifyAccessToken = async (
  token: string,
  policy: TokenPolicy,
  findKey: (header: TokenHeader) => Promise<ProviderKey | undefined>,
  nowMs: number,
): Promise<TokenVerdict> => {
  const { audiences, toleranceSeconds } = policy;
  const seen = readUnverified(token, policy);
  if ('reason' in seen) return { valid: false, ...seen };
  const { header } = seen;
  const key = await findKey(header);
  if (key === undefined) return { valid: false, reason: 'unknown-key' };
  try {
    const { payload } = await jwtVerify(token, key.jwk, {
      algorithms: [header.alg],
      issuer: policy.issuer,
      ...(audiences.length > 0 && { audience: [...audiences] }),
      requiredClaims: ['exp'],
      clockTolerance: toleranceSeconds,
      currentDate: new Date(nowMs),
    });
    const user = userOf(payload, policy);
    if ('reason' in user) return { valid: false, ...user };
    const endsAtMs = ((payload.exp ?? 0) + toleranceSeconds) * 1_000;
    return { valid: true, user, endsAtMs, header, key };
  } catch (error) {
    return { valid: false, reason: reasonOf(error) };
  }
};

interface Refused {
  readonly reason: keyof typeof reasons;
}

/** The header of a token that may be the contract's. */
const readUnverified = (
  token: string,
  policy: TokenPolicy,
): { readonly header: TokenHeader } | Refused => {
  if (token.length > maxTokenChars) return { reason: 'malformed' };
  const parts = token.split('.');
  if (parts.length === 5) return { reason: 'encrypted' }; // RFC 7516 §9.
  if (!compact.test(token)) return { reason: 'malformed' };
  const header = objectIn(parts[0]);
  const payload = objectIn(parts[1]);
  if (header === undefined) return { reason: 'malformed' };
  const { alg, kid, typ, crit } = header;
  if (!isAlgorithm(alg) || !policy.algorithms.includes(alg)) return { reason: 'algorithm' };
  if (crit !== undefined) return { reason: 'critical' };
  if (!isOfType(typ, policy.type)) return { reason: 'type' };
  if (payload !== undefined && payload['iss'] !== policy.issuer) return { reason: 'issuer' };
  if (kid !== undefined && typeof kid !== 'string') return { reason: 'unknown-key' };
  return { header: { alg, kid } };
};

const isAlgorithm = (alg: unknown): alg is Algorithm => algorithms.some((each) => each === alg);

/** RFC 7515 §4.1.9: without `application/`, and in any case. Types of other tokens, such as `logout+jwt`, do not fit. */
const isOfType = (typ: unknown, wanted: TokenPolicy['type']): boolean => {
  if (typ === undefined) return wanted === undefined;
  if (typeof typ !== 'string') return false;
  const type = typ.toLowerCase().replace(/^application\//, '');
  return type === 'at+jwt' || (wanted === undefined && type === 'jwt');
};

const objectIn = (part: string | undefined): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

/** `jose` checks the claims only after the signature. */
const reasonOf = (error: unknown): keyof typeof reasons => {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return ofClaims[error.claim] ?? 'claims';
  return error instanceof errors.JWTInvalid ? 'claims' : 'forged';
};

const ofClaims: Readonly<Record<string, keyof typeof reasons>> = {
  iss: 'issuer',
  aud: 'audience',
  exp: 'no-expiry',
  nbf: 'not-yet-valid',
  iat: 'not-yet-valid',
};

type Claims = Readonly<Record<string, unknown>>;

const userOf = (claims: Claims, policy: TokenPolicy): Session | Refused => {
  const { client_id: client, token_use: use } = claims;
  const { clients } = policy;
  if (clients.length > 0 && !clients.some((each) => each === client)) return { reason: 'client' };
  if (use !== undefined && use !== policy.tokenUse) return { reason: 'use' };
  const userId = userIdIn(claims, policy.userId);
  if (userId === undefined) return { reason: 'user' };
  const roles = policy.roles === undefined ? [] : namesIn(claimIn(claims, policy.roles));
  const scopes = policy.lists === 'roles' ? [] : namesIn(scopeClaimIn(claims, policy));
  return {
    userId,
    roles: roles ?? [],
    ...(policy.lists === 'scopes' && { scopes: scopes ?? [] }),
    ...((roles === undefined || scopes === undefined) && { rolesProblem: notNames }),
    ...(policy.plan !== undefined && { plan: planIn(claims, policy.plan) }),
    claims,
    headers: headersOf(claims, policy),
  };
};

/** Undefined: the token has none. No plan has an empty name: a claim that is no text is refused by the plans. */
const planIn = (claims: Claims, name: string): string | undefined => {
  const plan = claimIn(claims, name);
  return plan === undefined || typeof plan === 'string' ? plan : '';
};

const notNames = 'the claim with the roles or scopes is not a text or a list of texts';

const scopeClaimIn = (claims: Claims, { scopes }: TokenPolicy): unknown =>
  scopes.map((name) => claimIn(claims, name)).find((value) => value !== undefined);

const headersOf = (claims: Claims, policy: TokenPolicy): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {};
  for (const [header, name] of Object.entries(policy.claims)) {
    const text = textOf(claimIn(claims, name));
    if (text !== undefined) headers[header] = text;
  }
  return headers;
};
