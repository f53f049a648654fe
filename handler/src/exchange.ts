import type { Context } from 'aws-lambda';
import type { Match } from './contract.ts';
import type { GatewayError } from './http/gateway-error.ts';
import type { GatewayRequest } from './http/request.ts';
import type { Limit } from './stores/buckets/token-bucket.ts';
import type { TokenClaims, Session } from './stores/sessions/session.ts';
import type { ThinnedLine } from './telemetry/thin-lines.ts';

/** The state of one request. Each step of the pipeline adds its result. */
export interface Exchange {
  /** As received; behind a trusted proxy, `trustedProxy` sets the client's address. */
  request: GatewayRequest;
  /** Epoch milliseconds by which the response must be sent. */
  readonly deadlineMs: number;
  readonly coldStart: boolean;
  /** By `matchRoute`. */
  match?: Match;
  /** By `platformIdentity`, if a sign-in method needs it: what API Gateway says of the request. */
  platform?: PlatformContext;
  /** By `authenticate`, on a route that is not public: the user whom the credentials name … */
  claims?: Pick<TokenClaims, 'userId'>;
  /**
   * … and the read of the session, started but not awaited, so that it runs in parallel with the rate limit's write.
   */
  session?: Promise<Session>;
  /** Headers for the response of this request, whether it is the upstream's or the gateway's own. */
  readonly responseHeaders: Record<string, string>;
  /** By `rateLimit`: the decisions of the route's limits, except those whose token was returned. */
  limits?: readonly Limit[];
  /** By `rateLimit`: why a limit could not be checked although the request continued. */
  limiterFailure?: unknown;
  /** By `authorize`, or by `authenticate` if the route has several sign-in methods: the caller, with a valid session and a sufficient role. */
  caller?: Session;
  /** The call to the upstream: set when it starts, completed with its outcome when it ends. */
  upstream?: UpstreamCall;
  /** By `failureLimit` and `ipRules`: the error before any 429 replaced it, and whether the request is logged. */
  thinned?: { readonly error: GatewayError; readonly line: ThinnedLine };
  /** By any step: further fields of the access log. */
  logFields?: Readonly<Record<string, unknown>>;
  /** By `accessLog`: the request is logged. A step may end after the response was sent. */
  isLogged?: true;
  /** By `problemResponse`: what went wrong, for the access log. */
  error?: GatewayError;
}

/** What API Gateway says of a request in `requestContext`: facts that it has checked itself. */
export interface PlatformContext {
  /** The route of API Gateway that the request came by: `$default`, or a method and a path. */
  readonly routeKey: string;
  readonly authentication?: { readonly clientCert?: { readonly clientCertPem?: string } } | null;
  /** Whose signature it verified, on a route with AWS_IAM. */
  readonly authorizer?: { readonly iam?: IamIdentity | null } | null;
}

export interface IamIdentity {
  readonly accountId?: string | null;
  readonly userArn?: string | null;
  /** Of an identity pool of Cognito. */
  readonly cognitoIdentity?: { readonly identityId?: string | null } | null;
}

/** The call to an upstream, for the access log. */
export interface UpstreamCall {
  readonly name: string;
  /** Over all attempts and the pauses between them. Undefined while the call is in progress, and if nothing was sent. */
  readonly durationMs?: number;
  readonly attempts?: number;
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
