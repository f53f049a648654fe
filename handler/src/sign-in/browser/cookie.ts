import { cookieValues } from '../../http/cookie-values.ts';

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/**
 * A cookie that only the gateway's own host can set and only it gets, and that no script reads (RFC 6265bis §4.1.3.2).
 * `Lax`: it is also sent when the provider, another site, leads the browser back.
 */
export const setCookie = (name: string, value: string, maxAgeSeconds: number): string =>
  `__Host-${name}=${value}; ${attributes}; Max-Age=${maxAgeSeconds}`;

export const dropCookie = (name: string): string => setCookie(name, '', 0);

/** One without the prefix, as a login service may have set it. */
export const dropPlainCookie = (name: string): string => `${name}=; ${attributes}; Max-Age=0`;

/** Undefined if it is not sent, or twice: an attacker may have set one of them. */
export const cookieOf = (cookies: readonly string[], name: string): string | undefined => {
  const [value, ...more] = cookieValues(cookies, `__Host-${name}`);
  return more.length > 0 ? undefined : value;
};
