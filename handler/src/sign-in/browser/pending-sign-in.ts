import { createHmac, type KeyObject, randomBytes } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';
import type { FindActiveKey } from './active-key.ts';
import { cookieOf, dropCookie, setCookie } from './cookie.ts';

/** A sign-in that a browser has begun. */
export interface PendingSignIn {
  readonly state: string;
  /** RFC 7636 §4.1. */
  readonly codeVerifier: string;
  readonly nonce: string;
  /** An absolute URL. */
  readonly returnTo: string;
}

export interface PendingSignIns {
  /** Its cookie, and those that drop the oldest if a browser has begun many. Throws SIGNING_KEY_UNAVAILABLE. */
  begin(
    returnTo: string,
    cookies: readonly string[],
    deadlineMs: number,
  ): Promise<{ readonly pending: PendingSignIn; readonly setCookies: readonly string[] }>;
  /** The sign-in that this browser began with the state; undefined if it began none, or too long ago. */
  find(
    state: string,
    cookies: readonly string[],
    deadlineMs: number,
  ): Promise<PendingSignIn | undefined>;
  /** The cookie that ends it. */
  end(state: string): string;
}

interface Dependencies {
  readonly keys: Pick<SigningKeys, 'find'>;
  readonly activeKey: FindActiveKey;
  readonly now: () => number;
}

/** For passwords that are looked up, and codes that are sent by mail. */
const lifetimeSeconds = 15 * 60;

/** Each has a cookie of some 500 bytes, and API Gateway takes 10 KB of headers. */
const mostPending = 5;

/** No session token is of this type, and no such token has the claims of a session. */
const typ = 'postern-sign-in+jwt';

const cookiePrefix = 'sign_in_';

/**
 * Each sign-in has a signed cookie of its own, so that two tabs can sign in at once, and a callback counts only in the
 * browser that began it. Code verifier and nonce are derived from the state by the signing key: none of them is in the
 * cookie.
 */
export const createPendingSignIns = ({ keys, activeKey, now }: Dependencies): PendingSignIns => ({
  begin: async (returnTo, cookies, deadlineMs) => {
    const { kid, key } = await activeKey(deadlineMs);
    const state = randomBytes(32).toString('base64url');
    const token = await new SignJWT({ state, return_to: returnTo })
      .setProtectedHeader({ alg: 'HS256', typ, kid })
      .setExpirationTime(Math.floor(now() / 1_000) + lifetimeSeconds)
      .sign(key);
    // Browsers send older cookies first (RFC 6265 §5.4).
    const superfluous = cookies.flatMap(pendingName).slice(0, 1 - mostPending);
    return {
      pending: pendingOf(state, returnTo, key),
      setCookies: [
        setCookie(cookieName(state), token, lifetimeSeconds),
        ...superfluous.map(dropCookie),
      ],
    };
  },
  find: async (state, cookies, deadlineMs) => {
    const token = cookieOf(cookies, cookieName(state));
    const kid = token === undefined ? undefined : kidOf(token);
    const key = kid === undefined ? undefined : await keys.find(kid, deadlineMs);
    if (token === undefined || key === undefined) return undefined;
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        typ,
        requiredClaims: ['exp'],
        currentDate: new Date(now()),
      });
      const { return_to: returnTo } = payload;
      return payload['state'] === state && typeof returnTo === 'string'
        ? pendingOf(state, returnTo, key)
        : undefined;
    } catch {
      return undefined;
    }
  },
  end: (state) => dropCookie(cookieName(state)),
});

const cookieName = (state: string): string => cookiePrefix + state.slice(0, 8);

const pendingName = (cookie: string): string[] => {
  const [, name] = /^__Host-(sign_in_[\w-]{8})=/.exec(cookie) ?? [];
  return name === undefined ? [] : [name];
};

const pendingOf = (state: string, returnTo: string, key: KeyObject): PendingSignIn => {
  const derived = (what: string): string =>
    createHmac('sha256', key).update(`postern sign-in ${what} ${state}`).digest('base64url');
  return { state, returnTo, codeVerifier: derived('verifier'), nonce: derived('nonce') };
};

const kidOf = (token: string): string | undefined => {
  try {
    return decodeProtectedHeader(token).kid;
  } catch {
    return undefined;
  }
};
