import { GatewayError } from '../http/gateway-error.ts';
import type { Attempt } from './attempt.ts';

export interface BreakerPolicy {
  /** Number of consecutive failed requests that opens it. */
  readonly failures: number;
  /** How long it stays open before one request probes the upstream. */
  readonly openSeconds: number;
}

interface Dependencies {
  readonly policy: BreakerPolicy;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** When it opens for every caller. */
  readonly onOpen: () => void;
}

/** The breaker is open for this caller: no attempt may be made. */
export interface Refusal {
  readonly kind: 'refused';
  readonly retryAfterSeconds: number;
}

/** A request that may be sent to the upstream. Its outcome must be reported, or a probe never ends. */
export interface Admission {
  readonly kind: 'admitted';
  /** Whether another attempt may be made for it: not for a probe, nor once the breaker has opened. */
  mayRetry(): boolean;
  /** The outcome of the request, including its retries. Undefined if it says nothing about the upstream. */
  report(outcome: Attempt | undefined): void;
}

export interface CircuitBreaker {
  /** @param caller identifies the caller. Called only when needed: after a failure, or while the breaker is open. */
  admit(caller: () => string): Admission | Refusal;
}

/**
 * Opens after a number of consecutive failed requests, and refuses requests for a while. Then one request probes the
 * upstream. The others are refused until it has ended, and the breaker closes or stays open for the same time again.
 * Each execution environment has a separate breaker.
 *
 * A request may cause its own failure: with a header on which the upstream closes the connection, or with a path that
 * takes too long. While one caller causes all consecutive failures, and too few of them are certainly the upstream's,
 * the breaker opens only for that caller. It opens for everyone as soon as a second caller's request fails, too.
 */
export const createCircuitBreaker = ({ policy, now, onOpen }: Dependencies): CircuitBreaker => {
  let failures = 0;
  let certainFailures = 0;
  /** The caller of all consecutive failures. Undefined if there are several. */
  let onlyCaller: string | undefined;
  let openUntilMs: number | undefined;
  let isProbing = false;

  const isOpenFor = (caller: () => string): boolean =>
    openUntilMs !== undefined && (onlyCaller === undefined || onlyCaller === caller());

  const open = (): void => {
    openUntilMs = now() + policy.openSeconds * 1_000;
    if (onlyCaller === undefined) onOpen();
  };

  const close = (): void => {
    failures = 0;
    certainFailures = 0;
    onlyCaller = undefined;
    openUntilMs = undefined;
  };

  const countFailure = (kind: 'certain' | 'doubtful', caller: string, isProbe: boolean): void => {
    const wasOpenForAll = openUntilMs !== undefined && onlyCaller === undefined;
    failures += 1;
    if (kind === 'certain') certainFailures += 1;
    const isOnly = failures === 1 || onlyCaller === caller;
    onlyCaller = isOnly && certainFailures < policy.failures ? caller : undefined;
    if (failures < policy.failures) return;
    const opensForMore = openUntilMs === undefined || (onlyCaller === undefined && !wasOpenForAll);
    if (isProbe || opensForMore) open();
  };

  const admission = (caller: () => string, isProbe: boolean): Admission => ({
    kind: 'admitted',
    mayRetry: () => !isProbe && !isOpenFor(caller),
    report: (outcome) => {
      if (isProbe) isProbing = false;
      const kind = outcome && failureKind(outcome);
      if (kind !== undefined && kind !== 'none') return countFailure(kind, caller(), isProbe);
      // A success of a caller who is refused now belongs to an earlier request, and changes nothing.
      if (kind === 'none' && (isProbe || (failures > 0 && !isOpenFor(caller)))) close();
    },
  });

  return {
    admit: (caller) => {
      if (!isOpenFor(caller)) return admission(caller, false);
      const waitMs = (openUntilMs ?? 0) - now();
      if (isProbing || waitMs > 0) {
        return { kind: 'refused', retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) };
      }
      isProbing = true;
      return admission(caller, true);
    },
  };
};

/**
 * A failure is certain if no request can have caused it: no connection, or a 502, 503 or 504 by which the upstream says
 * that it is unavailable. It is doubtful if a request may have caused it: the connection closed without a response, the
 * response is not HTTP, or it takes too long, because a path or a search may be slow by itself. A 500 is not a failure
 * here: it belongs to one request, and the upstream is available.
 */
const failureKind = (outcome: Attempt): 'certain' | 'doubtful' | 'none' => {
  if (outcome.kind === 'responded')
    return failingStatuses.has(outcome.statusCode) ? 'certain' : 'none';
  switch (outcome.reason) {
    case 'unreachable':
    case 'connect-timeout':
      return 'certain';
    case 'no-response':
    case 'bad-response':
    case 'timeout':
      return 'doubtful';
    case 'response-too-large':
      return 'none';
  }
};

/** By which an upstream says that it is unavailable. */
export const failingStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

export const breakerOpenError = ({ retryAfterSeconds }: Refusal): GatewayError =>
  new GatewayError('UPSTREAM_BREAKER_OPEN', {
    detail: `Try again in ${retryAfterSeconds} s.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
