import { createRetryBudget } from '../../http/retry-budget.ts';
import { type Answer, type Attempt, errorOf, failed, type Failure } from './attempt.ts';
import { type CircuitBreaker, restingError } from './circuit-breaker.ts';
import type { OutgoingRequest } from './connections.ts';

interface Dependencies {
  /** Further attempts after the first. */
  readonly retries: number;
  readonly breaker: CircuitBreaker;
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** Makes attempts until an answer comes, none is left, or another would do harm; then throws what the last met. */
export type Retry = (
  request: OutgoingRequest,
  endMs: number,
  attempt: () => Promise<Attempt>,
  caller: () => string,
) => Promise<Answer>;

/**
 * The breaker counts a request once, however many attempts it takes: what one client's request makes the gateway do must
 * not count several times against the upstream. The budget keeps retries to the policy's number while nothing is
 * answered, and to a fifth of the requests else, so that an upstream in trouble is not buried by them.
 */
export const createRetry = ({ retries, breaker, now, random }: Dependencies): Retry => {
  const budget = createRetryBudget(retries);
  return async (request, endMs, attempt, caller) => {
    if (now() >= endMs) throw errorOf(failed('timeout'));
    const admission = breaker.admit(caller);
    if (admission.kind === 'refused') throw restingError(admission);
    let outcome: Attempt | undefined;
    try {
      for (let made = 1; ; made += 1) {
        outcome = await attempt();
        if (outcome.kind === 'answered') {
          budget.deposit();
          return outcome;
        }
        const pauseMs = random() * longestPauseMs * made;
        const isInTime = now() + pauseMs < endMs;
        const mayGoOn = made <= retries && isInTime && mayRepeat(outcome, request);
        if (!mayGoOn || !admission.mayRetry() || !budget.withdraw()) throw errorOf(outcome);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        // Others may have opened it during the pause.
        if (!admission.mayRetry()) throw errorOf(outcome);
      }
    } finally {
      admission.report(outcome);
    }
  };
};

/** Of the first pause; each further one may be as much longer. At random, or clients of a restarted server come in step. */
const longestPauseMs = 50;

/**
 * Only where no byte of an answer came, and only where the method, or an `Idempotency-Key` that reaches the upstream,
 * makes twice the same as once. An answer is an answer, even a 503.
 */
const mayRepeat = ({ fault }: Failure, { method, headers }: OutgoingRequest): boolean =>
  (fault === 'unreachable' || fault === 'no-answer') &&
  (idempotent.has(method) || hasIdempotencyKey(headers));

/** RFC 9110 §9.2.2, without TRACE. */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

const hasIdempotencyKey = (headers: readonly string[]): boolean =>
  headers.some((text, index) => index % 2 === 0 && text === 'idempotency-key');
