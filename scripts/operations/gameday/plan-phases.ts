import type { Contract } from '../../../handler/src/contract.ts';
import type { FaultKind } from '../../../handler/src/features/faults/injected-fault.ts';
import type { Phase, PhaseFault } from '../../../load-test/lib/gameday.ts';
import { byTarget } from '../../../handler/src/upstreams/split/routes-by-target.ts';
import type { SafeRead } from '../../stack/build/safe-reads.ts';

/** The durations on a game day. */
export interface Timing {
  readonly calmSeconds: number;
  readonly faultSeconds: number;
  /** After a fault, beyond the time in which users may still notice it. */
  readonly wellSeconds: number;
}

/** k6 may be a little late. */
const beginMs = 2_000;

/** The function sees a switch within two seconds; the rest is a request's own time. */
const switchMs = 3_000;

/** The service with the faults. Users of the other services must not notice anything. */
export interface Target {
  readonly upstream: string;
  /** Ids of all its routes. */
  readonly routes: readonly string[];
  /** How long its breaker stays open before it tries again. */
  readonly breakerOpenMs: number;
}

/** The upstream of the first readable route, with all its routes. */
export const targetOf = (
  { routes, upstreams }: Contract,
  [{ upstream }]: readonly [SafeRead, ...SafeRead[]],
): Target => {
  const policy = upstreams[upstream];
  const openSeconds = policy !== undefined && 'breaker' in policy ? policy.breaker.openSeconds : 0;
  return {
    upstream,
    routes: routes
      .flatMap(byTarget)
      .flatMap(({ id, target }) =>
        target.kind !== 'built-in' && target.upstream === upstream ? [id] : [],
      ),
    breakerOpenMs: openSeconds * 1_000,
  };
};

interface Trial {
  readonly fault: PhaseFault;
  /** After this time, users do not notice the fault any more. */
  readonly recoverWithinMs: number;
}

/** Of each kind one. */
const trialsOn = (target: Target): Readonly<Record<FaultKind, Trial>> => {
  const { upstream, routes, breakerOpenMs } = target;
  const usual = { routes, percent: 100, latencyMs: 1_500, status: 500 };
  return {
    latency: {
      fault: {
        ...{ ...usual, kind: 'latency', percent: 50 },
        text: `half of the responses of ${upstream} are 1.5 s late`,
        alarm: 'api-latency-p95',
      },
      recoverWithinMs: 4_500,
    },
    error: {
      fault: {
        ...{ ...usual, kind: 'error', percent: 50 },
        text: `half of the responses of ${upstream} are 500`,
        alarm: 'api-5xx-rate',
      },
      recoverWithinMs: 3_000,
    },
    'upstream-cut': {
      fault: {
        ...{ ...usual, kind: 'upstream-cut' },
        text: `${upstream} cannot be reached`,
        alarm: `breaker-${upstream}`,
      },
      recoverWithinMs: breakerOpenMs + 3_000,
    },
    'store-throttled': {
      fault: {
        ...{ ...usual, kind: 'store-throttled' },
        text: `for routes of ${upstream}, sessions cannot be read and limits cannot be counted`,
        alarm: 'limiter-store-failures',
      },
      recoverWithinMs: 3_000,
    },
  };
};

/** First a calm phase, then each fault and the time after it. */
export const planPhases = (
  target: Target,
  kinds: readonly FaultKind[],
  { calmSeconds, faultSeconds, wellSeconds }: Timing,
  startsAtMs: number,
): readonly Phase[] => {
  const trials = trialsOn(target);
  const phases: Phase[] = [];
  let atMs = startsAtMs;
  const add = (name: string, fault: PhaseFault | undefined, unjudgedMs: number, ms: number) => {
    const judgedFromMs = atMs + unjudgedMs;
    phases.push({ name, fault, startsAtMs: atMs, judgedFromMs, endsAtMs: judgedFromMs + ms });
    atMs = judgedFromMs + ms;
  };
  add('calm', undefined, beginMs, calmSeconds * 1_000);
  for (const kind of kinds) {
    const { fault, recoverWithinMs } = trials[kind];
    add(kind, fault, switchMs, faultSeconds * 1_000);
    add(`${kind}-after`, undefined, recoverWithinMs, wellSeconds * 1_000);
  }
  return phases;
};
