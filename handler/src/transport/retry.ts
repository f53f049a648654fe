import { type Attempt, failed, type TransportResponse } from './attempt.ts';
import { type CircuitBreaker, breakerOpenError } from './circuit-breaker.ts';
import type { OutgoingRequest } from './connections.ts';
import { repeat } from './repeat.ts';
import { createRetryBudget } from './retry-budget.ts';
import { errorOf } from './upstream-error.ts';

interface Dependencies {
  /** Further attempts after the first. */
  readonly retries: number;
  readonly breaker: CircuitBreaker;
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Whether another attempt may follow this one; unless given, as HTTP says of idempotent requests. */
  readonly mayRepeat?: ((outcome: Attempt, request: RepeatableRequest) => boolean) | undefined;
}

/** What says whether a request may be carried out twice. */
export type RepeatableRequest = Pick<OutgoingRequest, 'method' | 'headers'>;

/**
 * Makes attempts until a response arrives, none is left, or another would do harm. Then throws the error of the last.
 */
export type Retry = (
  request: RepeatableRequest,
  deadlineMs: number,
  attempt: () => Promise<Attempt>,
  caller: () => string,
) => Promise<TransportResponse>;

/**
 * The breaker counts a request once, however many attempts it takes: retries of one client's request must not count
 * several times against the upstream. The budget limits retries to the policy's number while no response arrives, and
 * to a fifth of the requests otherwise, so that they do not overload a failing upstream.
 */
export const createRetry = ({
  retries,
  breaker,
  now,
  random,
  mayRepeat = mayRepeatHttp,
}: Dependencies): Retry => {
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

/**
 * Maximum of the first pause; each further pause can be longer by the same amount. Random, because clients of a restarted server
 * would otherwise retry at the same time.
 */
const longestPauseMs = 50;

/**
 * Only if no byte of a response arrived, and only if the request is idempotent by its method or by an `Idempotency-Key`
 * that reaches the upstream. A 503 is a response, too.
 */
const mayRepeatHttp = (outcome: Attempt, { method, headers }: RepeatableRequest): boolean =>
  outcome.kind === 'failed' &&
  (outcome.reason === 'unreachable' || outcome.reason === 'no-response') &&
  (idempotent.has(method) || hasIdempotencyKey(headers));

/** RFC 9110 §9.2.2, without TRACE. */
export const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

const hasIdempotencyKey = (headers: readonly string[]): boolean =>
  headers.some((text, index) => index % 2 === 0 && text === 'idempotency-key');
