import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { BreakerPolicy } from '../contract/contract.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { Attempt } from './attempt.ts';

interface Dependencies {
  readonly policy: BreakerPolicy;
  readonly now: () => number;
  readonly onOpen: () => void;
}

/** The upstream rests, and the attempt was not made. */
export interface Refusal {
  readonly kind: 'refused';
  readonly retryAfterSeconds: number;
}

export interface CircuitBreaker {
  run(attempt: () => Promise<Attempt>): Promise<Attempt | Refusal>;
}

/**
 * Opens after so many failures in a row; when its time is up, one attempt probes, and the others are refused until it
 * is back. Each environment of the Lambda has its own, and learns for itself.
 */
export const createCircuitBreaker = ({ policy, now, onOpen }: Dependencies): CircuitBreaker => {
  const openMs = policy.openSeconds * 1_000;
  let openUntilMs = 0;
  const circuit = circuitBreaker(
    handleWhenResult((attempt) => isFailure(attempt as Attempt)),
    { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(policy.failures) },
  );
  circuit.onBreak(() => {
    openUntilMs = now() + openMs;
    onOpen();
  });
  const refusal = (): Refusal => ({
    kind: 'refused',
    retryAfterSeconds: Math.max(1, Math.ceil((openUntilMs - now()) / 1_000)),
  });

  return {
    run: async (attempt) => {
      // cockatiel would have it wait for the probe, past its deadline.
      if (circuit.state === CircuitState.HalfOpen) return refusal();
      try {
        return await circuit.execute(attempt);
      } catch (error) {
        if (error instanceof BrokenCircuitError) return refusal();
        throw error;
      }
    },
  };
};

/**
 * An upstream that cannot be reached, is late or answers nonsense, and its own 502, 503 and 504, by which it says that
 * it cannot serve. A 500 is one request's bad luck, and a client could open the breaker for all with it.
 */
const isFailure = (attempt: Attempt): boolean =>
  attempt.kind === 'failed'
    ? attempt.fault !== 'answer-too-large'
    : failingStatuses.has(attempt.statusCode);

const failingStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

export const restingError = ({ retryAfterSeconds }: Refusal): GatewayError =>
  new GatewayError('UPSTREAM_BREAKER_OPEN', {
    detail: `Try again in ${retryAfterSeconds} s.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
