import type { TraceContext } from './trace-context.ts';

/** A request as the gateway sees it: API Gateway's event without its quirks. */
export interface GatewayRequest {
  /** API Gateway's own request id; the correlation id of every log line and of `X-Request-Id`. */
  readonly id: string;
  readonly method: string;
  /** Without the stage, percent-decoded once, as API Gateway passes it. */
  readonly path: string;
  /** The path's segments, decoded: `/a/b` is `['a', 'b']`, `/a/` is `['a', '']`. */
  readonly segments: readonly string[];
  /** The part of the client's path before `path`, without a slash at its end: `/v1`, or empty. */
  readonly basePath: string;
  /** Without the `?`, exactly as the client sent it. */
  readonly query: string;
  /**
   * Names in lower case; repeated headers are joined with commas by API Gateway. No `cookie`, none that is hop-by-hop,
   * and none that `Connection` names.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** Each `name=value`. */
  readonly cookies: readonly string[];
  readonly body: Buffer | undefined;
  /** The peer address of API Gateway's connection. `X-Forwarded-For` cannot be trusted and is never read. */
  readonly clientIp: string;
  /** The host name that the client used. */
  readonly host: string;
  readonly trace: TraceContext;
  readonly receivedAtMs: number;
}
