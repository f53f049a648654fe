import { origins, type SettingsReader } from '../environment.ts';
import { GatewayError } from './gateway-error.ts';
import type { GatewayRequest } from './request.ts';
import { safeMethods } from './safe-methods.ts';

/**
 * Throws CROSS_SITE_REQUEST for a state-changing request that a browser sent for a page of a foreign origin. Only
 * requests with a cookie or a password (RFC 7617) as credential need this check: browsers add no other credential by
 * themselves. A request with neither `Origin` nor `Sec-Fetch-Site` does not come from a current browser, and is accepted.
 */
export const assertNotCrossSite = (
  { method, headers, host }: Pick<GatewayRequest, 'method' | 'headers' | 'host'>,
  allowedOrigins: ReadonlySet<string>,
): void => {
  if (safeMethods.has(method)) return;
  const { origin, 'sec-fetch-site': site } = headers;
  // The origin of a form is `null` if its page sends no referrer (Fetch, `Origin` header), even on the same site. Only
  // the browser can set `Sec-Fetch-Site`, so its `same-origin` decides.
  const isNamed = origin !== undefined && origin !== 'null';
  const isOwn = isNamed
    ? origin === `https://${host}` || allowedOrigins.has(origin)
    : site === 'same-origin' || (origin === undefined && (site === undefined || site === 'none'));
  if (isOwn) return;
  throw new GatewayError('CROSS_SITE_REQUEST', {
    detail: 'Send the request from a page of the API’s own origin or of an allowed origin.',
  });
};

/** The origins whose pages can send state-changing requests with the session cookie, beside the gateway's own. */
export const readAllowedOrigins = ({ read }: SettingsReader): ReadonlySet<string> =>
  read(
    'GATEWAY_ALLOWED_ORIGINS',
    'a list of origins with commas between them, such as https://app.example.com',
    origins,
    new Set(),
  );
