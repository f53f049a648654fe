import type { IncomingHttpHeaders } from 'node:http';

/** The CORS configuration of an HTTP API, as the compiler's summary of the contract has it. */
export interface CorsPolicy {
  /** Origins, `*`, or patterns such as `https://*`. */
  readonly allow_origins: readonly string[];
  readonly allow_methods: readonly string[];
  readonly allow_headers: readonly string[];
  readonly expose_headers: readonly string[];
  readonly allow_credentials: boolean;
  readonly max_age_seconds: number;
}

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
  const allowed = allowedOrigin(policy, origin);
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
  const allowed = allowedOrigin(policy, origin);
  if (allowed === undefined) return {};
  return { ...allowed, ...listed('access-control-expose-headers', policy.expose_headers) };
};

const allowedOrigin = (
  { allow_origins, allow_credentials }: CorsPolicy,
  origin: string,
): Headers | undefined => {
  const pattern = allow_origins.find((each) => matches(each, origin));
  if (pattern === undefined) return undefined;
  return {
    'access-control-allow-origin': pattern === '*' ? '*' : origin,
    ...(allow_credentials && { 'access-control-allow-credentials': 'true' }),
  };
};

/** A `*` in a pattern stands for any host. */
const matches = (pattern: string, origin: string): boolean => {
  if (pattern === '*') return true;
  const [before = '', after] = pattern.toLowerCase().split('*', 2);
  const given = origin.toLowerCase();
  return after === undefined
    ? given === before
    : given.length > before.length + after.length &&
        given.startsWith(before) &&
        given.endsWith(after);
};

const listed = (name: string, values: readonly string[]): Headers =>
  values.length === 0 ? {} : { [name]: values.join(',') };
