/**
 * Of the session's cookie. `__Host-` in front of it is a prefix that browsers enforce (RFC 6265bis §4.1.3.2).
 * The two expressions below repeat the name: the test that finds slow expressions reads literals only.
 */
export const sessionCookieName = 'session_token';
const hostCookieName = `__Host-${sessionCookieName}`;

/** A session's id: 32 random bytes, in base64url. */
export const sessionIdPattern = /^[A-Za-z0-9_-]{43}$/;

/**
 * The token of the session's cookie, or undefined where there is none. With the prefix `__Host-` only the gateway's own
 * host can have set it, so that this cookie counts where both are sent. Of two cookies of one name someone else may
 * have planted one (RFC 6265 §8.6): neither counts, and the token is empty.
 */
export const sessionCookieOf = (cookies: readonly string[]): string | undefined =>
  onlyValueOf(cookies, `${hostCookieName}=`) ?? onlyValueOf(cookies, `${sessionCookieName}=`);

const onlyValueOf = (cookies: readonly string[], prefix: string): string | undefined => {
  let value: string | undefined;
  for (const cookie of cookies) {
    if (!cookie.startsWith(prefix)) continue;
    if (value !== undefined) return '';
    value = cookie.slice(prefix.length);
  }
  return value;
};

/**
 * Whether some server's parser would find the session's cookie in it: with white space or quotes around the name, or
 * behind a comma or a space, which older parsers take for the end of a cookie (RFC 2965 §3.2, Python's `http.cookies`).
 */
export const isSessionCookie = (cookie: string): boolean => sessionCookie.test(cookie);

const sessionCookie = /(?:^=?|[\s,;"])(?:__Host-)?session_token"?\s*=/i;

/**
 * Whether a `Set-Cookie` value sets a session cookie, as browsers read it (RFC 6265bis §5.6): white space around a name does
 * not count, and a cookie with an empty name is sent as its value alone, so that `=session_token=x` comes back as
 * `session_token=x`.
 */
export const setsSessionCookie = (setCookie: string): boolean => settingCookie.test(setCookie);

const settingCookie = /^[\s=]*(?:__Host-)?session_token\s*(?:[=;]|$)/;

/**
 * Whether an `Authorization` value holds a session token, in any scheme, spelling or list. It is known by its shape
 * (claims with a session's id, and no header that says another algorithm or no key) and not by the keys: a public
 * route must not read them, and those at hand may lack the newest. Whatever the verifier accepts has that shape; an
 * issuer's tokens that have it as well are not told apart, and do not pass either.
 */
export const holdsSessionToken = (authorization: string): boolean => {
  const parts = authorization.split('.');
  for (let index = 0; index + 2 < parts.length; index += 1) {
    if (hasSessionId(parts[index + 1]) && !isOfAnotherIssuer(parts[index])) return true;
  }
  return false;
};

const hasSessionId = (claims: string | undefined): boolean => {
  const { sid } = parsed(claims);
  return typeof sid === 'string' && sessionIdPattern.test(sid);
};

/** What cannot be read, such as a header with white space in it, is taken for the gateway's own. */
const isOfAnotherIssuer = (header: string | undefined): boolean => {
  const { alg, kid } = parsed(header?.split(/[^\w+/-]/).at(-1)); // The scheme and the like stand before it.
  return alg !== undefined && (alg !== 'HS256' || typeof kid !== 'string');
};

const parsed = (base64url: string | undefined): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64url ?? '', 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};
