import { type Middleware, onEveryResponse } from '../middleware.ts';

/** The OWASP Secure Headers Project's set for an API. A value that the upstream sends has precedence. */
const securityHeaders: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

const revealing = ['server', 'x-powered-by'];

/**
 * Adds the security headers, the request id and the `responseHeaders` of the steps to every response. Responses of
 * routes that need a sign-in are not cached unless the upstream sends a `Cache-Control`.
 */
export const responseHeaders = (): Middleware =>
  onEveryResponse(({ response: { headers }, context: { exchange } }) => {
    for (const name of revealing) delete headers[name];
    // A shared cache could send one caller's response to another, or keep it after sign-out.
    if (exchange.match && exchange.match.route.access.kind !== 'public')
      headers['cache-control'] ??= 'private, no-store';
    for (const name in securityHeaders) headers[name] ??= securityHeaders[name] ?? '';
    for (const name in exchange.responseHeaders)
      headers[name] = exchange.responseHeaders[name] ?? '';
    headers['x-request-id'] = exchange.request.id;
  });
