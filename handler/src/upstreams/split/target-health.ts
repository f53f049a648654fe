import { type ErrorCode, GatewayError } from '../../http/gateway-error.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { createRecent } from '../../memory/recent.ts';
import { failingStatuses } from '../../transport/circuit-breaker.ts';

/**
 * `certain`: no request can have caused it. `doubtful`: a request may have. `none`: the target works. `unknown`: the
 * outcome says nothing about the target.
 */
export type Verdict = 'certain' | 'doubtful' | 'none' | 'unknown';

/** A request that may go to the target. Its verdict must be reported, or a probe never ends. */
export interface Admitted {
  report(verdict: Verdict): void;
}

export interface TargetHealth {
  /**
   * Undefined if the target is left out for this caller.
   *
   * @param mayRepeat whether the request can go to another target if this one fails.
   */
  admit(caller: () => string, mayRepeat: boolean): Admitted | undefined;
}

interface Dependencies {
  /** How long a target that failed is left out before one request probes it. */
  readonly leftOutMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Only callers who got an error from the target are remembered. */
const maxCallers = 1_000;

/**
 * Leaves a target out after its first failure, because there is another to go to: for every caller if the failure is
 * certain, or if the requests of two callers failed; else for the caller of that request. So a caller gets one error of
 * a target at most. Then one request probes it; the others stay away until the probe has ended.
 *
 * A probe that cannot be repeated would show its caller an error. Such a request is only a probe if no other has come for
 * as long again. Each execution environment judges by itself.
 */
export const createTargetHealth = ({ leftOutMs, now }: Dependencies): TargetHealth => {
  let failedAtMs: number | undefined;
  let isProbing = false;
  let doubts = createRecent<number>(maxCallers);
  let lastDoubt: { readonly caller: string; readonly untilMs: number } | undefined;

  const comeBack = (): void => {
    failedAtMs = undefined;
    lastDoubt = undefined;
    doubts = createRecent(maxCallers);
  };

  const doubt = (caller: string): void => {
    const untilMs = now() + leftOutMs;
    const isShared =
      lastDoubt !== undefined && lastDoubt.caller !== caller && lastDoubt.untilMs > now();
    lastDoubt = { caller, untilMs };
    doubts.keep(caller, untilMs);
    if (isShared) failedAtMs ??= now();
  };

  return {
    admit: (caller, mayRepeat) => {
      if (failedAtMs === undefined) {
        if (doubts.size > 0 && (doubts.find(caller()) ?? 0) > now()) return undefined;
        return {
          report: (verdict) => {
            if (verdict === 'certain') failedAtMs ??= now();
            if (verdict === 'doubtful') doubt(caller());
          },
        };
      }
      const probesAtMs = failedAtMs + leftOutMs * (mayRepeat ? 1 : 2);
      if (isProbing || now() < probesAtMs) return undefined;
      isProbing = true;
      return {
        report: (verdict) => {
          isProbing = false;
          if (verdict === 'none') comeBack();
          else if (verdict !== 'unknown') failedAtMs = now();
        },
      };
    },
  };
};

/**
 * As the breaker judges (`transport/circuit-breaker.ts`): a 500 belongs to one request, and a target that refuses because
 * its breaker is open says nothing new.
 */
export const verdictOf = (outcome: GatewayResponse | GatewayError): Verdict => {
  if (outcome instanceof GatewayError) return verdicts[outcome.code] ?? 'unknown';
  return failingStatuses.has(outcome.statusCode) ? 'certain' : 'none';
};

const verdicts: { readonly [Code in ErrorCode]?: Verdict } = {
  UPSTREAM_UNREACHABLE: 'certain',
  UPSTREAM_UNAVAILABLE: 'certain',
  UPSTREAM_CREDENTIALS_UNAVAILABLE: 'certain',
  UPSTREAM_TIMEOUT: 'doubtful',
  UPSTREAM_BAD_RESPONSE: 'doubtful',
  UPSTREAM_RESPONSE_TOO_LARGE: 'none',
};

/** Errors after which the target has got nothing of the request: another one can get it, whatever its method. */
export const isNothingSent = (outcome: GatewayResponse | GatewayError): boolean =>
  outcome instanceof GatewayError &&
  (outcome.code === 'UPSTREAM_UNREACHABLE' ||
    outcome.code === 'UPSTREAM_BREAKER_OPEN' ||
    outcome.code === 'UPSTREAM_CREDENTIALS_UNAVAILABLE');
