import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { BuiltInRoutes } from './built-in/built-in-routes.ts';
import type { MatchResult } from './pipeline/match.ts';
import { type Exchange, type GatewayContext, matchOf } from './exchange.ts';
import { isHttpApiEvent } from './http/event-to-request.ts';
import { GatewayError } from './http/gateway-error.ts';
import { problemDetails } from './http/problem-details.ts';
import type { GatewayResponse } from './http/response.ts';
import { responseToResult } from './http/response-to-result.ts';
import { accessLog } from './pipeline/access-log.ts';
import { authenticate } from './sign-in/session/authenticate.ts';
import { authorize } from './pipeline/authorize.ts';
import { matchRoute } from './pipeline/match-route.ts';
import type { Features, Middleware } from './middleware.ts';
import { openExchange } from './pipeline/open-exchange.ts';
import { problemResponse } from './pipeline/problem-response.ts';
import { rateLimit } from './features/rate-limit/rate-limit.ts';
import { securityHeaders } from './pipeline/security-headers.ts';
import { type TrustedProxy, trustedProxy } from './features/trusted-proxy/trusted-proxy.ts';
import type { Buckets } from './stores/buckets/bucket-store.ts';
import { callerKey } from './stores/buckets/limit-key.ts';
import type { Sessions } from './stores/sessions/ended-sessions.ts';
import type { TokenVerifier } from './sign-in/session/token-verifier.ts';
import { describeError, type Log } from './telemetry/logger.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { Forward } from './upstreams/http/forward.ts';

export interface GatewayDependencies {
  readonly match: (method: string, segments: readonly string[]) => MatchResult;
  /** The proxy that every request must come through, where there is one. */
  readonly trustedProxy?: TrustedProxy | undefined;
  readonly tokens: TokenVerifier;
  readonly sessions: Sessions;
  /** Origins, besides the gateway's own, whose pages may send requests with the session's cookie. */
  readonly allowedOrigins: ReadonlySet<string>;
  readonly buckets: Buckets;
  /** What the contract uses; the pipeline has no others. */
  readonly features: Features;
  readonly forward: Forward;
  readonly builtIn: BuiltInRoutes;
  readonly log: Log;
  /** Whether a request below 400 gets a line in the log, asked once for each. */
  readonly isSampled: () => boolean;
  readonly metrics: Metrics;
  /** Lambda's own `X-Amzn-Trace-Id` for the invocation at hand. */
  readonly lambdaTrace: () => string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type Gateway = (
  event: unknown,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** The pipeline, in the order in which a request meets it; a response goes back through it in reverse. */
export const createGateway = (dependencies: GatewayDependencies): Gateway => {
  const { match, tokens, sessions, buckets, forward, builtIn, lambdaTrace, now } = dependencies;
  const { log, isSampled, metrics, allowedOrigins, features } = dependencies;

  const record = accessLog({ log, isSampled, metrics, now });
  const headers = securityHeaders();
  const problem = problemResponse();
  /** What this gateway does not use is not in its pipeline. */
  const inFront: Middleware[] = dependencies.trustedProxy
    ? [trustedProxy(dependencies.trustedProxy)]
    : [];
  const feature = (name: string): Middleware | Middleware[] =>
    features[name]?.({ buckets, metrics, now }) ?? [];

  const pipeline = middy<unknown, GatewayResponse, Error, GatewayContext>({
    timeoutEarlyInMillis: 0,
  })
    .use(openExchange({ now, lambdaTrace }))
    .use(record)
    .use(headers)
    .use(inFront)
    .use(feature('failureLimit'))
    .use(matchRoute({ match }))
    .use(feature('faults'))
    .use(authenticate({ tokens, sessions, allowedOrigins }))
    .use(rateLimit({ buckets, metrics, now }))
    .use(authorize())
    .use(feature('validation'))
    .use(problem) // Last, and so the first to meet an error: everyone on the way out sees a response.
    .handler((_event, { exchange }) => answer(exchange));

  const answer = (exchange: Exchange): Promise<GatewayResponse> => {
    const { target } = matchOf(exchange).route;
    const { request, caller, deadlineMs, upstream } = exchange;
    if (target.kind === 'built-in') return builtIn[target.name](deadlineMs);
    const callerKeyOf = () => callerKey({ clientIp: request.clientIp, userId: caller?.userId });
    const match = matchOf(exchange);
    return forward({ request, match, caller, callerKey: callerKeyOf, deadlineMs, upstream });
  };

  /** The way out without the pipeline, for a request that a step still has in hand. */
  const giveUp = async (event: unknown, context: GatewayContext): Promise<GatewayResponse> => {
    const error = outOfTime(context.exchange);
    const call = {
      event,
      context,
      error,
      response: problemDetails(error, context.exchange.request),
      internal: {},
    };
    for (const { onError } of [problem, headers, record]) await onError?.(call);
    return call.response;
  };

  return async (event, context) => {
    try {
      if (!isHttpApiEvent(event)) throw notAnHttpApiEvent();
      const opened = context as GatewayContext;
      const response = await beforeItsEnd(context, pipeline(event, opened), () =>
        giveUp(event, opened),
      );
      return responseToResult(response);
    } catch (error) {
      return responseToResult(lastResort(error, context, log));
    }
  };
};

const notAnHttpApiEvent = (): GatewayError =>
  new GatewayError('BAD_REQUEST', {
    detail: 'The function takes API Gateway HTTP API events of payload format 2.0.',
  });

/** So long before Lambda ends the function, a request is answered for its pipeline: each step had its own deadline before. */
const lastMomentMs = 100;

/** What the pipeline answers, or, where that would come too late for Lambda, what `giveUp` does. */
const beforeItsEnd = (
  context: Context,
  answered: Promise<GatewayResponse>,
  giveUp: () => Promise<GatewayResponse>,
): Promise<GatewayResponse> =>
  new Promise((resolve, reject) => {
    const leftMs = context.getRemainingTimeInMillis() - lastMomentMs;
    const timer = setTimeout(() => void giveUp().then(resolve, reject), leftMs);
    const end = <T>(settle: (value: T) => void) => {
      return (value: T): void => {
        clearTimeout(timer);
        settle(value);
      };
    };
    answered.then(end(resolve), end(reject));
  });

const outOfTime = ({ upstream }: Exchange): GatewayError =>
  upstream.attempts !== undefined && upstream.durationMs === undefined
    ? new GatewayError('UPSTREAM_TIMEOUT', { detail: 'Try again in a moment.' })
    : new GatewayError('DEADLINE_EXCEEDED', {
        detail: 'Try again in a moment.',
        headers: { 'retry-after': '1' },
      });

/** What has no request to speak of, or failed in the pipeline's own way out. No exception ever leaves the handler. */
const lastResort = (error: unknown, context: Context, log: Log): GatewayResponse => {
  const known =
    error instanceof GatewayError
      ? error
      : new GatewayError('INTERNAL_ERROR', { detail: 'Try again.' });
  log.error('not a request', {
    correlation_id: context.awsRequestId,
    error_code: known.code,
    error: describeError(error),
  });
  return problemDetails(known, { id: context.awsRequestId, method: 'GET' });
};
