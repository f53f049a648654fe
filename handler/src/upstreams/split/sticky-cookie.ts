import { randomBytes } from 'node:crypto';
import { cookieValues } from '../../http/cookie-values.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';

/** Only the gateway's own host can set it, for all its paths (RFC 6265bis §4.1.3.2). */
const cookieName = '__Host-postern_traffic';

const lifetimeSeconds = 7 * 24 * 3_600;

/** The key of a browser. It is random, and says nothing about the caller or about the upstreams. */
export interface StickyKey {
  readonly key: string;
  readonly isNew: boolean;
}

export const stickyKeyOf = ({ cookies }: Pick<GatewayRequest, 'cookies'>): StickyKey => {
  const [value = '', ...more] = cookieValues(cookies, cookieName);
  return more.length === 0 && /^[\w-]{16}$/.test(value)
    ? { key: value, isNew: false }
    : { key: randomBytes(12).toString('base64url'), isNew: true };
};

/** The cookie is the gateway's own: no upstream gets it. */
export const withoutStickyCookie = (request: GatewayRequest): GatewayRequest =>
  request.cookies.some(isSticky)
    ? { ...request, cookies: request.cookies.filter((cookie) => !isSticky(cookie)) }
    : request;

const isSticky = (cookie: string): boolean => cookie.startsWith(`${cookieName}=`);

/** Not on a response that a cache may show to others: they would have the same key. */
export const withStickyCookie = (response: GatewayResponse, key: string): GatewayResponse =>
  /\b(?:public|s-maxage)\b/i.test(response.headers['cache-control'] ?? '')
    ? response
    : {
        ...response,
        cookies: [
          ...(response.cookies ?? []),
          `${cookieName}=${key}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${lifetimeSeconds}`,
        ],
      };
