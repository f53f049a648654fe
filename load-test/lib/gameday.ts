/**
 * One phase of a game day, as `scripts/operations/gameday` plans it and the scenario evaluates it. Times are epoch
 * milliseconds.
 */
export interface Phase {
  /** `calm`, or the fault: `error`, and `error-after` when users should not notice it any more. */
  readonly name: string;
  readonly fault: PhaseFault | undefined;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /**
   * The phase is evaluated from this time on: before it, the switch may not be effective everywhere, or a breaker may
   * still be open.
   */
  readonly judgedFromMs: number;
}

export interface PhaseFault {
  readonly kind: 'latency' | 'error' | 'upstream-cut' | 'store-throttled';
  /** Ids of the routes it is meant for; the others are to be as on any day. */
  readonly routes: readonly string[];
  readonly percent: number;
  readonly latencyMs: number;
  readonly status: number;
  /** For people. */
  readonly text: string;
  /** The alarm that it raises first. */
  readonly alarm: string;
}

export interface GameDay {
  readonly phases: readonly Phase[];
  readonly perSecond: number;
}

/** The outcome of one request. */
export interface Seen {
  readonly route: string;
  readonly status: number;
  readonly code: string | undefined;
  readonly hasRetryAfter: boolean;
  readonly durationMs: number;
}

/** The phase of a moment; undefined before the first and after the last. */
export const phaseAt = (phases: readonly Phase[], nowMs: number): Phase | undefined =>
  phases.find(({ startsAtMs, endsAtMs }) => nowMs >= startsAtMs && nowMs < endsAtMs);

/** Whether a user noticed the fault: a failure, or a response as late as the fault makes it. */
export const isDisturbed = ({ status, durationMs }: Seen, latencyMs: number): boolean =>
  status !== 200 || durationMs >= latencyMs;

/**
 * Whether this is the expected outcome in a phase: success, or the fault's own failure with correct problem details.
 */
export const isAsDesigned = (seen: Seen, fault: PhaseFault | undefined): boolean => {
  if (seen.status === 200) return true;
  if (fault === undefined || !fault.routes.includes(seen.route)) return false;
  const { status, code, hasRetryAfter } = seen;
  switch (fault.kind) {
    case 'latency':
      return false;
    case 'error':
      return status === fault.status && code === undefined;
    case 'upstream-cut':
      return code === 'UPSTREAM_UNREACHABLE' || (code === 'UPSTREAM_BREAKER_OPEN' && hasRetryAfter);
    case 'store-throttled':
      return code === 'SESSION_STORE_UNAVAILABLE' && hasRetryAfter;
  }
};
