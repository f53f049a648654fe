import { type Context } from 'aws-lambda';
import { type Match } from './contract/contract.ts';
import { type GatewayRequest } from './http/request.ts';
import { type RateLimitDecision } from './rate-limits/token-bucket.ts';
import { type Session } from './sessions/session.ts';
import { type UpstreamCall } from './upstreams/forward.ts';
import { type TokenClaims } from './sessions/token.ts';

/** What is known of one request so far. Each step of the pipeline adds what it found. */
export interface Exchange {
  readonly request: GatewayRequest;
  /** Epoch milliseconds after which nobody waits for the answer any more. */
  readonly deadlineMs: number;
  match?: Match;
  claims?: TokenClaims;
  session?: Promise<Session>;
  rateLimit?: RateLimitDecision;
  /** Filled by the forwarder, for the access log. */
  readonly upstream: UpstreamCall;
}

/** The Lambda context, with the exchange that the pipeline's first step puts there. */
export interface GatewayContext extends Context {
  exchange: Exchange;
}
