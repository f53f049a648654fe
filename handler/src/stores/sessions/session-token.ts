import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { SignJWT } from 'jose';
import { objectIn, sessionIdPattern } from '../../http/own-credentials.ts';
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
 * Verifies a compact JWS (RFC 7515 §7.1) with HS256 only. Never throws because of client input. A library verifies with
 * WebCrypto: six times the time of a signature, and a fifteenth of a cold start to load it.
 *
 * The signature is compared in constant time. Earlier failures, such as an unknown `kid`, are faster; the `kid` is
 * readable in every token, so this time reveals nothing new.
 */
export const verifyToken = async (
  token: string,
  findKey: (kid: string) => Promise<KeyObject | undefined>,
  nowMs: number,
): Promise<TokenVerdict> => {
  const parts = token.length <= maxTokenChars ? token.split('.') : [];
  const [head = '', payload = '', signature = ''] = parts;
  const isOneSpelling = parts.length === 3 && parts.every(isCanonical);
  const { kid, alg, crit } = isOneSpelling ? objectIn(head) : {};
  if (typeof kid !== 'string') return { valid: false, reason: 'malformed' };
  const key = await findKey(kid);
  if (key === undefined) return { valid: false, reason: 'unknown-key' };
  // RFC 7515 §4.1.11: a critical extension that is not understood makes a token invalid, and none is.
  if (alg !== 'HS256' || crit !== undefined || !isSignature(signature, `${head}.${payload}`, key)) {
    return { valid: false, reason: 'forged' };
  }
  const verdict = judgeClaims(objectIn(payload), nowMs);
  return typeof verdict === 'string'
    ? { valid: false, reason: verdict }
    : { valid: true, claims: verdict, kid, key };
};

const isSignature = (encoded: string, input: string, key: KeyObject): boolean => {
  const given = Buffer.from(encoded, 'base64url');
  const genuine = createHmac('sha256', key).update(input).digest();
  return given.length === genuine.length && timingSafeEqual(given, genuine);
};

/** The claims, or the reason why they are not accepted: RFC 7519 §4.1.4 to §4.1.6, and what a session needs. */
const judgeClaims = (
  { sid, sub, exp, nbf = 0, iat = 0 }: Readonly<Record<string, unknown>>,
  nowMs: number,
): TokenClaims | 'expired' | 'unfit' | 'too-far-ahead' => {
  const nowSeconds = Math.floor(nowMs / 1000);
  if (typeof exp !== 'number' || typeof nbf !== 'number' || typeof iat !== 'number') return 'unfit';
  if (nbf > nowSeconds + leewaySeconds) return 'unfit';
  if (exp <= nowSeconds - leewaySeconds) return 'expired';
  if (typeof sid !== 'string' || !sessionIdPattern.test(sid)) return 'unfit';
  if (typeof sub !== 'string' || sub === '' || sub.length > maxUserIdChars) return 'unfit';
  const expiresAtMs = exp * 1000;
  if (expiresAtMs > nowMs + farthestEndMs) return 'too-far-ahead';
  return { sessionId: sid, userId: sub, expiresAtMs };
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
 * Otherwise one token has several spellings.
 */
const isCanonical = (part: string): boolean =>
  Buffer.from(part, 'base64url').toString('base64url') === part;
