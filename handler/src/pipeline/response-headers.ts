import { type Middleware, onEveryResponse } from '../middleware.ts';

/** The OWASP Secure Headers Project's set for an API. An upstream that sends one of them keeps its own value. */
const securityHeaders: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

const revealing = ['server', 'x-powered-by'];

/**
 * Puts the security headers, the request's id and what the steps left in `responseHeaders` on every response, and keeps
 * responses of routes with a session out of caches unless the upstream sends a `Cache-Control`.
 */
export const responseHeaders = (): Middleware =>
  onEveryResponse(({ response: { headers }, context: { exchange } }) => {
    for (const name of revealing) delete headers[name];
    // A shared cache could send one caller's response to another, or keep it after sign-out.
    if (exchange.match?.route.access.kind === 'session')
      headers['cache-control'] ??= 'private, no-store';
    for (const name in securityHeaders) headers[name] ??= securityHeaders[name] ?? '';
    for (const name in exchange.responseHeaders)
      headers[name] = exchange.responseHeaders[name] ?? '';
    headers['x-request-id'] = exchange.request.id;
  });
