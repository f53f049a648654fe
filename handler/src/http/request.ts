import type { TraceContext } from './trace-context.ts';

/** A request as the gateway sees it: API Gateway's event, freed of its quirks. */
export interface GatewayRequest {
  /** API Gateway's own request id; the correlation id of every log line and of `X-Request-Id`. */
  readonly id: string;
  readonly method: string;
  /** Without the stage, percent-decoded once, as API Gateway hands it over. */
  readonly path: string;
  /** The path's segments, decoded: `/a/b` is `['a', 'b']`, `/a/` is `['a', '']`. */
  readonly segments: readonly string[];
  /** What clients write before `path`, without a slash at its end: `/v1`, or nothing. */
  readonly basePath: string;
  /** Without the `?`; the client's own spelling, to the byte. */
  readonly query: string;
  /**
   * Names in lower case; repeated headers are joined with commas by API Gateway. No `cookie`, none that is hop-by-hop,
   * and none that `Connection` names.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** Each `name=value`. */
  readonly cookies: readonly string[];
  readonly body: Buffer | undefined;
  /** What API Gateway saw on its socket. `X-Forwarded-For` is the client's own word and never read. */
  readonly clientIp: string;
  /** The name the client called the gateway by. */
  readonly host: string;
  readonly trace: TraceContext;
  readonly receivedAtMs: number;
}
