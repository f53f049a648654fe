import type { Middleware } from '../middleware.ts';

/** The OWASP Secure Headers Project's set for an API. An upstream that sends one of them has its reasons and keeps it. */
const defaults: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

const namesThatTell = ['server', 'x-powered-by'];

/**
 * Puts the security headers and the request's id on every answer, the gateway's own and the upstream's alike, and
 * keeps answers of routes with a session out of caches where the upstream does not say otherwise.
 */
export const securityHeaders = (): Middleware => {
  const add: Middleware['after'] = ({ response, context: { exchange } }) => {
    if (response === undefined || response === null) return;
    for (const name of namesThatTell) delete response.headers[name];
    // A cache in front could hand one caller's answer to another, or keep it after sign-out.
    if (exchange.match?.route.access.kind === 'session')
      response.headers['cache-control'] ??= 'private, no-store';
    for (const name in defaults) response.headers[name] ??= defaults[name] ?? '';
    response.headers['x-request-id'] = exchange.request.id;
  };
  return { after: add, onError: add };
};
