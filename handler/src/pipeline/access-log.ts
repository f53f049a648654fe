import type { Exchange } from '../exchange.ts';
import type { GatewayError } from '../http/gateway-error.ts';
import { describeError, type Log } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Middleware, onEveryResponse, type Outgoing } from '../middleware.ts';

interface Dependencies {
  readonly log: Log;
  readonly isSampled: () => boolean;
  readonly metrics: Metrics;
  readonly now: () => number;
}

/**
 * One log line and one set of metrics for every outcome, early refusals included. Neither can change the response.
 * Lines of requests with a status below 400 may be sampled, and those of an address that is refused again and again thinned out. The
 * metrics count all requests.
 */
export const accessLog = ({ log, isSampled, metrics, now }: Dependencies): Middleware =>
  onEveryResponse(({ response, context: { exchange } }: Outgoing): void => {
    if (exchange.isLogged) return;
    exchange.isLogged = true;
    const nowMs = now();
    const outcome = {
      route: exchange.match?.route.id ?? unmatched,
      statusCode: response.statusCode,
      durationMs: nowMs - exchange.request.receivedAtMs,
    };
    measure(metrics, exchange, outcome);
    metrics.endRequest(nowMs);
    if (outcome.statusCode < 400 && !isSampled()) return;
    if (exchange.thinned?.line === 'left out') return;
    const level = outcome.statusCode >= 500 ? 'error' : 'info';
    log[level]('request', accessLogFields(exchange, outcome));
  });

interface Outcome {
  readonly route: string;
  readonly statusCode: number;
  readonly durationMs: number;
}

/** The `route` of a request that matched no route. Clients choose the path, so each path would create a metric. */
const unmatched = 'unmatched';

/** A path may fill a request line of 10,240 bytes. Its beginning is enough to recognize it. */
const maxPathChars = 256;

/** Never a token, cookie, authorization value, query or body. */
const accessLogFields = (exchange: Exchange, { route, statusCode, durationMs }: Outcome) => {
  const { request, claims, upstream, error, limiterFailure, thinned, coldStart } = exchange;
  return {
    correlation_id: request.id,
    trace_id: request.trace.isRecorded ? request.trace.traceId : undefined,
    user_id: claims?.userId,
    // Personal data, and bytes: logged only if no user is known or the request failed.
    client_ip: claims === undefined || statusCode >= 400 ? request.clientIp : undefined,
    method: request.method,
    path: request.path.slice(0, maxPathChars),
    route,
    status_code: statusCode,
    duration_ms: durationMs,
    upstream: upstream?.name,
    upstream_ms: upstream?.durationMs,
    upstream_attempts: upstream?.attempts,
    cold_start: coldStart || undefined, // Only on the few lines where it is true: on all lines it would cost $0.01 per million requests.
    ...exchange.logFields,
    error_code: error?.code,
    error: error && describeFailure(error),
    limiter_error: describeError(limiterFailure),
    lines_left_out: typeof thinned?.line === 'object' ? thinned.line.leftOut : undefined,
  };
};

const describeFailure = ({ status, cause, note }: GatewayError): object | undefined => {
  const error = status >= 500 ? describeError(cause) : undefined;
  return note === undefined ? error : { note, ...error };
};

const measure = (metrics: Metrics, exchange: Exchange, outcome: Outcome): void => {
  const { upstream, thinned, coldStart } = exchange;
  const error = thinned?.error ?? exchange.error;
  const { route, statusCode, durationMs } = outcome;
  metrics.add('requests', 1, { route });
  metrics.add('latency', durationMs, { route });
  if (upstream?.durationMs !== undefined) {
    metrics.add('upstreamLatency', upstream.durationMs, { route });
    metrics.add('upstreamLatencyByUpstream', upstream.durationMs, {
      upstream: upstream.name,
    });
  }
  if (statusCode >= 500) metrics.add('serverErrors', 1, { route });
  else if (statusCode >= 400) metrics.add('clientErrors', 1, { route });
  if (error?.status === 401 || error?.status === 403) metrics.add('authFailures', 1);
  if (coldStart) metrics.add('coldStarts', 1);
};
