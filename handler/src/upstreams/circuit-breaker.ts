import {
  BrokenCircuitError,
  CircuitState,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
} from 'cockatiel';
import type { BreakerPolicy } from '../contract/contract.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { GatewayResponse } from '../http/response.ts';

type Call = () => Promise<GatewayResponse>;

/** Runs a call, or refuses it with UPSTREAM_BREAKER_OPEN while the upstream rests. */
export type CircuitBreaker = (call: Call) => Promise<GatewayResponse>;

/**
 * Opens after so many failures in a row; when its time is up, one call probes. Failures are an upstream that cannot be
 * reached, is late or answers nonsense, and its own 502, 503 and 504, by which it says that it cannot serve. A 500 is
 * one request's bad luck, and a client could open the breaker for all with it.
 */
export const createCircuitBreaker = (
  { failures, openSeconds }: BreakerPolicy,
  onOpen: () => void,
): CircuitBreaker => {
  const policy = circuitBreaker(
    handleWhen(
      (error) => error instanceof GatewayError && failingCodes.has(error.code),
    ).orWhenResult((result) => failingStatuses.has((result as GatewayResponse).statusCode)),
    { halfOpenAfter: openSeconds * 1_000, breaker: new ConsecutiveBreaker(failures) },
  );
  policy.onStateChange((state) => {
    if (state === CircuitState.Open) onOpen();
  });
  return async (call) => {
    try {
      return await policy.execute(call);
    } catch (error) {
      throw error instanceof BrokenCircuitError ? resting(openSeconds) : error;
    }
  };
};

const failingCodes: ReadonlySet<string> = new Set([
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_BAD_ANSWER',
]);
const failingStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

const resting = (openSeconds: number): GatewayError =>
  new GatewayError('UPSTREAM_BREAKER_OPEN', {
    detail: `Try again in ${openSeconds} s.`,
    headers: { 'retry-after': String(Math.ceil(openSeconds)) },
  });
