import type { Phase, PhaseFault } from '../../load-test/lib/gameday.ts';

export type FaultKind = PhaseFault['kind'];

/** How long things take on a game day. */
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

interface Trial {
  readonly fault: PhaseFault;
  /** For people. */
  readonly text: string;
  /** The alarm that tells of it first. */
  readonly alarm: string;
  /** Within this users see nothing of the fault any more. */
  readonly recoverWithinMs: number;
}

const usual = { pathPrefix: '/api/v1/users', percent: 100, latencyMs: 1_500, status: 500 };

/** Of each kind one. They are meant for one service's routes: users of the others are to notice nothing. */
export const trials: Readonly<Record<FaultKind, Trial>> = {
  latency: {
    fault: { ...usual, kind: 'latency', percent: 50 },
    text: 'half of the users service’s answers come 1.5 s late',
    alarm: 'api-latency-p95',
    recoverWithinMs: 4_500,
  },
  error: {
    fault: { ...usual, kind: 'error', percent: 50 },
    text: 'half of the users service’s answers are 500',
    alarm: 'api-5xx-rate',
    recoverWithinMs: 3_000,
  },
  'upstream-cut': {
    fault: { ...usual, kind: 'upstream-cut' },
    text: 'the users service cannot be reached',
    alarm: 'breaker-users',
    // It rests for ten seconds (`openFor` in handler/gateway.yaml) before it tries again.
    recoverWithinMs: 13_000,
  },
  'store-throttled': {
    fault: { ...usual, kind: 'store-throttled' },
    text: 'sessions cannot be read, nor limits counted, for its routes',
    alarm: 'limiter-store-failures',
    recoverWithinMs: 3_000,
  },
};

/** Calm first, then each fault with the time after it. */
export const planPhases = (
  kinds: readonly FaultKind[],
  { calmSeconds, faultSeconds, wellSeconds }: Timing,
  startsAtMs: number,
): readonly Phase[] => {
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
