import type { Context } from 'aws-lambda';
import type { Match } from './contract.ts';
import type { GatewayError } from './http/gateway-error.ts';
import type { GatewayRequest } from './http/request.ts';
import type { Limit } from './features/rate-limit/rate-limit.ts';
import type { UpstreamCall } from './upstreams/http/forward.ts';
import type { TokenClaims, Session } from './stores/sessions/session.ts';

/** What is known of one request so far. Each step of the pipeline adds what it found. */
export interface Exchange {
  /** As received; behind a trusted proxy, `trustedProxy` sets the client's address. */
  request: GatewayRequest;
  /** Epoch milliseconds by which the response must have left. */
  readonly deadlineMs: number;
  readonly coldStart: boolean;
  /** By `matchRoute`. */
  match?: Match;
  /** By `authenticate`, on a route that needs a session: what the signed token says … */
  claims?: TokenClaims;
  /** … and the session's read, begun and not yet awaited, so that it runs beside the rate limit's write. */
  session?: Promise<Session>;
  /** Headers for the response of this request, whether it is the upstream's or the gateway's own. */
  readonly responseHeaders: Record<string, string>;
  /** By `rateLimit`: what the route's limits say, but for those whose token was given back. */
  limits?: readonly Limit[];
  /** By `rateLimit`: why a limit could not be checked, and the request went on all the same. */
  limiterFailure?: unknown;
  /** By `authorize`: the caller, whose session holds and whose role fits. */
  caller?: Session;
  /** The call to the upstream: begun, and when it has ended with what became of it. */
  upstream?: UpstreamCall;
  /** By `failureLimit`: what the request failed with before that became 429, and whether its log line is written. */
  overFailureLimit?: {
    readonly error: GatewayError;
    readonly line: 'left out' | { readonly leftOut: number };
  };
  /** By `accessLog`: the request has its line. A step may end after the request got its response. */
  isLogged?: true;
  /** By `problemResponse`: what went wrong, for the access log. */
  error?: GatewayError;
}

/** The Lambda context, with the exchange that the pipeline's first step puts there. */
export interface GatewayContext extends Context {
  exchange: Exchange;
}

/** The matched route. The pipeline's order guarantees it to every step after `matchRoute`. */
export const matchOf = ({ match }: Exchange): Match => {
  if (match === undefined)
    throw new TypeError('The route is not matched yet: check the order of the pipeline');
  return match;
};
