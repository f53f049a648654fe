import { createRetryBudget } from '../../transport/retry-budget.ts';
import { type Attempt, failed, type TransportResponse } from '../../transport/attempt.ts';
import { repeat } from '../../transport/repeat.ts';
import { errorOf } from './upstream-error.ts';
import { type CircuitBreaker, breakerOpenError } from './circuit-breaker.ts';
import type { OutgoingRequest } from '../../transport/connections.ts';

interface Dependencies {
  /** Further attempts after the first. */
  readonly retries: number;
  readonly breaker: CircuitBreaker;
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** Makes attempts until a response comes, none is left, or another would do harm; then throws the error of the last. */
export type Retry = (
  request: OutgoingRequest,
  deadlineMs: number,
  attempt: () => Promise<Attempt>,
  caller: () => string,
) => Promise<TransportResponse>;

/**
 * The breaker counts a request once, however many attempts it takes: what one client's request makes the gateway do must
 * not count several times against the upstream. The budget keeps retries to the policy's number while no response
 * comes, and to a fifth of the requests otherwise, so that they do not overload an upstream that already fails.
 */
export const createRetry = ({ retries, breaker, now, random }: Dependencies): Retry => {
  const budget = createRetryBudget(retries);
  return async (request, deadlineMs, attempt, caller) => {
    if (now() >= deadlineMs) throw errorOf(failed('timeout'));
    const admission = breaker.admit(caller);
    if (admission.kind === 'refused') throw breakerOpenError(admission);
    let outcome: Attempt | undefined;
    try {
      outcome = await repeat(attempt, {
        retries,
        budget,
        now,
        deadlineMs,
        pauseAfter: (last, made) =>
          mayRepeat(last, request) ? random() * longestPauseMs * made : undefined,
        mayGoOn: () => admission.mayRetry(), // Other requests may open the breaker during a pause.
      });
      if (outcome.kind === 'failed') throw errorOf(outcome);
      budget.deposit();
      return outcome;
    } finally {
      admission.report(outcome);
    }
  };
};

/** Of the first pause; each further one can be that much longer. Random, or clients of a restarted server stay in step. */
const longestPauseMs = 50;

/**
 * Only where no byte of a response came, and only where the method, or an `Idempotency-Key` that reaches the upstream,
 * makes twice the same as once. A 503 is a response, too.
 */
const mayRepeat = (outcome: Attempt, { method, headers }: OutgoingRequest): boolean =>
  outcome.kind === 'failed' &&
  (outcome.reason === 'unreachable' || outcome.reason === 'no-response') &&
  (idempotent.has(method) || hasIdempotencyKey(headers));

/** RFC 9110 §9.2.2, without TRACE. */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

const hasIdempotencyKey = (headers: readonly string[]): boolean =>
  headers.some((text, index) => index % 2 === 0 && text === 'idempotency-key');
