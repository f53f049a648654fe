import type { IncomingHttpHeaders } from 'node:http';
import { allowedOrigin, type CorsPolicy } from '../features/cors/cors-policy.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * The headers of API Gateway's own response to a preflight request; empty for an origin that is not allowed. Undefined
 * for every other request. It responds with 204 and does not call the function.
 */
export const preflightHeaders = (
  policy: CorsPolicy,
  { method, headers }: { method?: string | undefined; headers: IncomingHttpHeaders },
): Headers | undefined => {
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined)
    return undefined;
  const { origin } = headers;
  if (origin === undefined) return undefined;
  const allowed = originHeaders(policy, origin);
  if (allowed === undefined) return {};
  return {
    ...allowed,
    ...listed('access-control-allow-methods', policy.allow_methods),
    ...listed('access-control-allow-headers', policy.allow_headers),
    'access-control-max-age': String(policy.max_age_seconds),
  };
};

/** API Gateway ignores the CORS headers of an integration, and adds its own for an origin that is allowed. */
export const withCorsHeaders = (
  policy: CorsPolicy,
  origin: string | undefined,
  headers: Headers,
): Headers => {
  const others = Object.entries(headers).filter(([name]) => !/^access-control-/i.test(name));
  return {
    ...Object.fromEntries(others),
    ...(origin !== undefined && corsHeaders(policy, origin)),
  };
};

const corsHeaders = (policy: CorsPolicy, origin: string): Headers => {
  const allowed = originHeaders(policy, origin);
  if (allowed === undefined) return {};
  return { ...allowed, ...listed('access-control-expose-headers', policy.expose_headers) };
};

const originHeaders = (policy: CorsPolicy, origin: string): Headers | undefined => {
  const allowed = allowedOrigin(policy, origin);
  if (allowed === undefined) return undefined;
  return {
    'access-control-allow-origin': allowed,
    ...(policy.allow_credentials && { 'access-control-allow-credentials': 'true' }),
  };
};

const listed = (name: string, values: readonly string[]): Headers =>
  values.length === 0 ? {} : { [name]: values.join(',') };
