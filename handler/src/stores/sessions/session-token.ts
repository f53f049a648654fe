import type { KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { sessionIdPattern } from '../../http/own-credentials.ts';
import { farthestEndMs, type TokenClaims } from './session.ts';

export type TokenVerdict =
  | {
      readonly valid: true;
      readonly claims: TokenClaims;
      /** The key that verified it. */
      readonly kid: string;
      readonly key: KeyObject;
    }
  | {
      readonly valid: false;
      /**
       * `unfit`: the signature is genuine, but the content is not a session token. `too-far-ahead`: its `exp` is later
       * than `farthestEndMs` from now.
       */
      readonly reason:
        'malformed' | 'unknown-key' | 'forged' | 'expired' | 'unfit' | 'too-far-ahead';
    };

/** How far the clocks of the login service and the gateway may be apart. */
export const leewaySeconds = 5;

const maxTokenChars = 2_048;
const maxUserIdChars = 256;

/**
 * Verifies a compact JWS (RFC 7515 §7.1) with HS256 only. Never throws because of client input.
 *
 * `jose` uses WebCrypto, which compares the signature in constant time. Earlier failures, such as an unknown `kid`, are
 * faster; the `kid` is readable in every token, so this time reveals nothing new.
 */
export const verifyToken = async (
  token: string,
  findKey: (kid: string) => Promise<KeyObject | undefined>,
  nowMs: number,
): Promise<TokenVerdict> => {
  const kid = token.length <= maxTokenChars && isCanonical(token) ? kidOf(token) : undefined;
  if (kid === undefined) return { valid: false, reason: 'malformed' };
  const key = await findKey(kid);
  if (key === undefined) return { valid: false, reason: 'unknown-key' };
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      clockTolerance: leewaySeconds,
      currentDate: new Date(nowMs),
    });
    const claims = claimsOf(payload);
    if (claims === undefined) return { valid: false, reason: 'unfit' };
    if (claims.expiresAtMs > nowMs + farthestEndMs) {
      return { valid: false, reason: 'too-far-ahead' };
    }
    return { valid: true, claims, kid, key };
  } catch (error) {
    return { valid: false, reason: reasonOf(error) };
  }
};

/** `jose` checks the claims only after the signature. */
const reasonOf = (error: unknown): 'expired' | 'unfit' | 'forged' => {
  if (error instanceof errors.JWTExpired) return 'expired';
  const isOfClaims =
    error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTInvalid;
  return isOfClaims ? 'unfit' : 'forged';
};

/** A compact token for a session in the table, in the form that `verifyToken` accepts. */
export const signToken = (
  { sessionId, userId, expiresAtMs }: TokenClaims,
  { kid, key, nowMs }: { readonly kid: string; readonly key: KeyObject; readonly nowMs: number },
): Promise<string> =>
  new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid })
    .setSubject(userId)
    .setIssuedAt(Math.floor(nowMs / 1000))
    .setExpirationTime(Math.floor(expiresAtMs / 1000))
    .sign(key);

/**
 * RFC 7515 §2 requires base64url without padding, and RFC 4648 §3.5 allows a decoder to refuse nonzero pad bits.
 * Otherwise one token has several spellings. `jose` accepts six of them in Wycheproof's cases.
 */
const isCanonical = (token: string): boolean => {
  const parts = token.split('.');
  return parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
};

const kidOf = (token: string): string | undefined => {
  try {
    const header = Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString();
    const { kid } = JSON.parse(header) as { kid?: unknown };
    return typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
};

const claimsOf = ({ sid, sub, exp }: Record<string, unknown>): TokenClaims | undefined => {
  const fits =
    typeof sid === 'string' &&
    sessionIdPattern.test(sid) &&
    typeof sub === 'string' &&
    sub !== '' &&
    sub.length <= maxUserIdChars &&
    typeof exp === 'number';
  return fits ? { sessionId: sid, userId: sub, expiresAtMs: exp * 1000 } : undefined;
};
