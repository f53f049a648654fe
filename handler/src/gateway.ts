import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { BuiltInRoutes } from './built-in/built-in-routes.ts';
import type { MatchResult } from './pipeline/match.ts';
import { type Exchange, type GatewayContext, matchOf } from './exchange.ts';
import { isHttpApiEvent } from './http/event-to-request.ts';
import { GatewayError } from './http/gateway-error.ts';
import { unforeseen } from './http/gateway-error-of.ts';
import { problemBody, problemDetails, type ProblemSettings } from './http/problem-details.ts';
import type { GatewayResponse } from './http/response.ts';
import { accessLog } from './pipeline/access-log.ts';
import { authorize } from './pipeline/authorize.ts';
import { matchRoute } from './pipeline/match-route.ts';
import type { Middleware } from './middleware.ts';
import type { Forwarder } from './parts.ts';
import { encodeResult } from './pipeline/encode-result.ts';
import { openExchange } from './pipeline/open-exchange.ts';
import { problemResponse } from './pipeline/problem-response.ts';
import { responseHeaders } from './pipeline/response-headers.ts';
import { callerKey } from './stores/buckets/limit-key.ts';
import { describeError, type Log } from './telemetry/logger.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface GatewayDependencies {
  readonly match: (method: string, segments: readonly string[]) => MatchResult;
  /** Verifies the credentials of routes that are not public. */
  readonly authenticate: Middleware;
  /** Those that this gateway uses, by name; the pipeline has no others. */
  readonly features: Readonly<Record<string, Middleware>>;
  readonly forward: Forwarder['forward'];
  readonly builtIn: BuiltInRoutes;
  readonly log: Log;
  /** Whether a request with a status below 400 is logged. Called once for each request. */
  readonly isSampled: () => boolean;
  readonly problems: ProblemSettings;
  readonly metrics: Metrics;
  /** Lambda's own `X-Amzn-Trace-Id` for the current invocation. */
  readonly lambdaTrace: () => string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type Gateway = (
  event: unknown,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** The pipeline, in the order of a request. A response passes it in reverse order. */
export const createGateway = (dependencies: GatewayDependencies): Gateway => {
  const { match, authenticate, forward, builtIn, lambdaTrace, now } = dependencies;
  const { log, isSampled, metrics, problems, features } = dependencies;

  /** The build removes the line of a feature that the contract does not use. */
  const feature = (name: string): Middleware | Middleware[] => features[name] ?? [];

  /** Outside of `problemResponse`, every step on the way out sees a response. */
  const wayOut = [
    accessLog({ log, isSampled, metrics, now }),
    encodeResult(),
    responseHeaders(),
    feature('compress'),
    feature('cors'),
    feature('deprecation'),
    feature('split'),
    feature('cache'),
    feature('pluginsOnResponse'),
    problemResponse(problems),
  ].flat();

  const pipeline = middy<unknown, GatewayResponse, Error, GatewayContext>(noEarlyTimeout)
    .use(openExchange({ now, lambdaTrace }))
    .use(wayOut)
    .use(feature('trustedProxy'))
    .use(feature('failureLimit'))
    .use(feature('corsPreflight'))
    .use(matchRoute({ match }))
    .use(feature('ipRules'))
    .use(feature('faults'))
    .use(feature('pluginsBeforeAuth'))
    .use(feature('platformIdentity'))
    .use(authenticate)
    .use(feature('apiKey'))
    .use(feature('basic'))
    .use(feature('iam'))
    .use(feature('plans'))
    .use(feature('rateLimit'))
    .use(authorize())
    .use(feature('extendSession'))
    .use(feature('pluginsBeforeUpstream'))
    .use(feature('validation'))
    .use(feature('quota'))
    .use(feature('transform'))
    .handler(async (_event, { exchange }) => {
      const { request, caller, deadlineMs } = exchange;
      const { route, params } = matchOf(exchange);
      const { target } = route;
      if (target.kind === 'built-in') return builtIn[target.name](deadlineMs, request);
      exchange.upstream = { name: target.upstream };
      const { upstream, outcome } = await forward({
        request,
        route,
        target,
        params,
        caller,
        callerKey: () => callerKey({ clientIp: request.clientIp, userId: caller?.userId }),
        deadlineMs,
      });
      exchange.upstream = upstream;
      if (outcome instanceof GatewayError) throw outcome;
      return outcome;
    });

  /** The way out without the rest of the pipeline, for a request whose step is still running. */
  const giveUp = async (event: unknown, context: GatewayContext): Promise<GatewayResponse> => {
    const call: Parameters<NonNullable<Middleware['onError']>>[0] = {
      event,
      context,
      error: outOfTime(context.exchange),
      response: null,
      internal: {},
    };
    for (const { onError } of wayOut.toReversed()) await onError?.(call);
    if (!call.response) throw new TypeError('The way out has no response');
    return call.response;
  };

  const refuse = ({ awsRequestId: id }: Context): GatewayResponse => {
    const error = new GatewayError('BAD_REQUEST', {
      detail: 'The function accepts API Gateway HTTP API events of payload format 2.0.',
    });
    log.error('the event is not from an HTTP API', { correlation_id: id, error_code: error.code });
    return problemDetails(error, { id, method: 'GET' }, problems);
  };

  return middy<unknown, GatewayResponse, Error, GatewayContext>(noEarlyTimeout)
    .use(httpErrorHandler({ logger: false, fallbackMessage: problemBody(unforeseen(), problems) }))
    .onError(({ error, context: { awsRequestId } }) => {
      const fields = { correlation_id: awsRequestId, error: describeError(error) };
      log.error('the pipeline has no response', fields);
    })
    .handler((event, context) =>
      isHttpApiEvent(event)
        ? beforeItsEnd(context, pipeline(event, context), () => giveUp(event, context))
        : refuse(context),
    ) as unknown as Gateway;
};

/** Middy's own early timeout covers only the handler; `beforeItsEnd` covers every step. */
const noEarlyTimeout = { timeoutEarlyInMillis: 0 };

/** The latest response is sent this long before Lambda ends the function. Each step has an earlier deadline. */
const lastMomentMs = 100;

/** The pipeline's response or, if that would be too late for Lambda, the one of `giveUp`. */
const beforeItsEnd = (
  context: Context,
  responded: Promise<GatewayResponse>,
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
    responded.then(end(resolve), end(reject));
  });

const outOfTime = ({ upstream }: Exchange): GatewayError =>
  upstream !== undefined && upstream.durationMs === undefined
    ? new GatewayError('UPSTREAM_TIMEOUT', { detail: 'Try again later.' })
    : new GatewayError('DEADLINE_EXCEEDED', {
        detail: 'Try again later.',
        headers: { 'retry-after': '1' },
      });
