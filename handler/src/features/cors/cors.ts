import httpCors from '@middy/http-cors';
import type { Exchange } from '../../exchange.ts';
import { addVary } from '../../http/vary.ts';
import type { Feature } from '../../parts.ts';
import { allowedOrigin, type CorsPolicy } from './cors-policy.ts';
import { type CorsValues, withValues } from './cors-values.ts';

/** What API Gateway itself has no configuration for. */
export interface FunctionPolicy extends CorsPolicy {
  readonly allow_private_network?: boolean;
}

declare module '../../contract.ts' {
  interface Route {
    /** Absent: the gateway adds nothing, and an upstream's own headers pass. */
    readonly cors?: FunctionPolicy;
  }
}

/** In place of an error, so that no step behind runs, but the whole way out. */
class Preflight extends Error {
  override readonly name = 'Preflight';
}

/** Responds to preflights: before matching, and so before authentication and limits. */
export const corsPreflight: Feature = ({ match }) => ({
  before: ({ context: { exchange } }) => {
    const { method, headers, segments } = exchange.request;
    const wanted = headers['access-control-request-method'];
    if (method !== 'OPTIONS' || wanted === undefined || headers['origin'] === undefined) return;
    const result = match(wanted, segments);
    if (result.kind !== 'match' || result.match.route.cors === undefined) return;
    const { route, params } = result.match;
    const id = `OPTIONS ${route.path}`;
    exchange.match = { route: { ...route, id, access: { kind: 'public' } }, params };
    throw new Preflight();
  },
});

/**
 * The CORS headers of every response, errors of the gateway included: those of the route's policy or, without a route, of
 * the document's. As at API Gateway, they replace an upstream's own.
 */
export const cors =
  (fallback: FunctionPolicy | undefined): Feature =>
  ({ corsValues = {} }) => {
    const headersOf = createHeaders(corsValues);
    const add = (
      headers: Record<string, string>,
      exchange: Exchange,
      isPreflight: boolean,
    ): void => {
      const policy = exchange.match === undefined ? fallback : exchange.match.route.cors;
      if (policy === undefined) return;
      for (const name in headers) if (name.startsWith('access-control-')) delete headers[name];
      Object.assign(headers, headersOf(policy, exchange, isPreflight));
      if (policy.allow_credentials || !policy.allow_origins.includes('*'))
        addVary(headers, 'origin');
    };
    return {
      after: ({ response, context: { exchange } }) => {
        if (response) add(response.headers, exchange, false);
      },
      onError: (call) => {
        const { exchange } = call.context;
        const isPreflight = call.error instanceof Preflight;
        if (isPreflight) {
          delete exchange.error;
          call.response = { statusCode: 204, headers: {} };
        }
        if (call.response) add(call.response.headers, exchange, isPreflight);
      },
    };
  };

type Cors = ReturnType<typeof httpCors>;
type CorsRequest = Parameters<NonNullable<Cors['after']>>[0];

/** The headers for a request. None if its origin is not allowed. */
const createHeaders = (values: CorsValues) => {
  const byPolicy = new Map<FunctionPolicy, ReturnType<typeof middlewares>>();
  return (
    policy: FunctionPolicy,
    { request: { method, headers } }: Exchange,
    isPreflight: boolean,
  ): Record<string, string> => {
    let known = byPolicy.get(policy);
    if (known === undefined) byPolicy.set(policy, (known = middlewares(policy, values)));
    const request = {
      event: { version: '2.0', headers, requestContext: { http: { method } } },
      response: { statusCode: 200, headers: {} },
    } as unknown as CorsRequest;
    void (isPreflight ? known.preflight.after : known.response.after)?.(request);
    const added = lowerCase((request.response as { headers: Record<string, string> }).headers);
    if (added['access-control-allow-origin'] === undefined) return {};
    if (isPreflight && policy.allow_private_network && asksForPrivateNetwork(headers))
      added['access-control-allow-private-network'] = 'true';
    return added;
  };
};

/** WICG Private Network Access. */
const asksForPrivateNetwork = (headers: Readonly<Record<string, string>>): boolean =>
  headers['access-control-request-private-network'] === 'true';

const middlewares = (policy: FunctionPolicy, values: CorsValues) => {
  const allow_origins = withValues(policy.allow_origins, values);
  const { allow_credentials } = policy;
  const shared = {
    credentials: allow_credentials,
    // Middy's own patterns stand for one label of a host; API Gateway's for all of it.
    getOrigin: (origin: string | undefined) =>
      (origin && allowedOrigin({ allow_origins, allow_credentials }, origin)) ?? null,
  };
  const listed = (names: readonly string[]) => names.join(',');
  return {
    response: httpCors({ ...shared, exposeHeaders: listed(policy.expose_headers) }),
    preflight: httpCors({
      ...shared,
      methods: listed(policy.allow_methods),
      headers: listed(policy.allow_headers),
      maxAge: policy.max_age_seconds,
    }),
  };
};

/** `Vary` is added to the response's own. */
const lowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => name !== 'vary'),
  );
