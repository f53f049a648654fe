import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayRequest } from '../../http/request.ts';

/**
 * Throws CROSS_SITE_REQUEST for a request that changes something and that a browser sent for a page of a foreign
 * origin. Only a request whose credential is a cookie needs it: browsers add no other credential by themselves.
 * One with neither `Origin` nor `Sec-Fetch-Site` comes from no browser of the last years, and passes.
 */
export const assertNotCrossSite = (
  { method, headers, host }: Pick<GatewayRequest, 'method' | 'headers' | 'host'>,
  allowedOrigins: ReadonlySet<string>,
): void => {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return; // RFC 9110 §9.2.1.
  const { origin, 'sec-fetch-site': site } = headers;
  // A form's origin is `null` where its page sends no referrer (Fetch, `Origin` header), on its own site too. Only the browser can
  // say `Sec-Fetch-Site`, so that its `same-origin` settles it.
  const isNamed = origin !== undefined && origin !== 'null';
  const isOwn = isNamed
    ? origin === `https://${host}` || allowedOrigins.has(origin)
    : site === 'same-origin' || (origin === undefined && (site === undefined || site === 'none'));
  if (isOwn) return;
  throw new GatewayError('CROSS_SITE_REQUEST', {
    detail: 'Send the request from a page of the API’s own origin or of an allowed origin.',
  });
};
