import { cookieValues } from './cookie-values.ts';

/**
 * Name of the session cookie. Browsers enforce the prefix `__Host-` (RFC 6265bis §4.1.3.2). The two regular expressions
 * below repeat the name, because the test that finds slow expressions reads only literals.
 */
export const sessionCookieName = 'session_token';
const hostCookieName = `__Host-${sessionCookieName}`;

/** A session's id: 32 random bytes, in base64url. */
export const sessionIdPattern = /^[A-Za-z0-9_-]{43}$/;

/**
 * The token of the session cookie, or undefined if there is none. Only the gateway's own host can set a cookie with the
 * prefix `__Host-`, so it has precedence if both are sent. If two cookies have the same name, an attacker may have set
 * one of them (RFC 6265 §8.6): both are ignored, and the token is empty.
 */
export const sessionCookieOf = (cookies: readonly string[]): string | undefined =>
  onlyValueOf(cookies, hostCookieName) ?? onlyValueOf(cookies, sessionCookieName);

const onlyValueOf = (cookies: readonly string[], name: string): string | undefined => {
  const [value, ...others] = cookieValues(cookies, name);
  return others.length > 0 ? '' : value;
};

/**
 * Whether the parser of some server would find the session cookie in it: with white space or quotes around the name, or
 * after a comma or a space, which older parsers read as the end of a cookie (RFC 2965 §3.2, Python's `http.cookies`).
 */
export const isSessionCookie = (cookie: string): boolean => sessionCookie.test(cookie);

const sessionCookie = /(?:^=?|[\s,;"])(?:__Host-)?session_token"?\s*=/i;

/**
 * Whether a `Set-Cookie` value sets a session cookie, as browsers read it (RFC 6265bis §5.6): white space around a name
 * is ignored, and a cookie with an empty name is sent as its value only, so `=session_token=x` is sent back as
 * `session_token=x`.
 */
export const setsSessionCookie = (setCookie: string): boolean => settingCookie.test(setCookie);

const settingCookie = /^[\s=]*(?:__Host-)?session_token\s*(?:[=;]|$)/;

/**
 * Whether an `Authorization` value holds a session token, in any scheme, spelling or list. It is recognized by its
 * shape: claims with a session id, and a header without another algorithm and with a key id. The keys are not used: a
 * public route must not read them, and the ones in memory may lack the newest. Every token that the verifier accepts
 * has this shape. Tokens of another issuer with the same shape are withheld as well.
 */
export const holdsSessionToken = (authorization: string): boolean => {
  const parts = authorization.split('.');
  for (let index = 0; index + 2 < parts.length; index += 1) {
    if (hasSessionId(parts[index + 1]) && !isOfAnotherIssuer(parts[index])) return true;
  }
  return false;
};

const hasSessionId = (claims: string | undefined): boolean => {
  const { sid } = objectIn(claims);
  return typeof sid === 'string' && sessionIdPattern.test(sid);
};

/** A header that cannot be parsed, for example because of white space, counts as the gateway's own. */
const isOfAnotherIssuer = (header: string | undefined): boolean => {
  const { alg, kid } = objectIn(header?.split(/[^\w+/-]/).at(-1)); // The scheme comes before it.
  return alg !== undefined && (alg !== 'HS256' || typeof kid !== 'string');
};

/** The JSON object in a part of a token; an empty one if the part holds no object. */
export const objectIn = (base64url: string | undefined): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64url ?? '', 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};
