import type { Checks } from '../parts.ts';

/** The dependencies of the gateway, and whether each is available. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>;
}

interface Dependencies {
  readonly checks: Checks;
  readonly now: () => number;
}

/** A result is reused for this long, so frequent requests cause no further cost. */
const keepMs = 5_000;

/** The longest that a check waits. The caller's deadline may be earlier. */
const checkWithinMs = 2_000;

/** Checks each dependency by the same call that a request makes, so that permissions are checked as well. */
export const createReadiness = ({
  checks,
  now,
}: Dependencies): ((deadlineMs: number) => Promise<Readiness>) => {
  let latest: { readonly atMs: number; readonly result: Promise<Readiness> } | undefined;
  return (deadlineMs) => {
    const nowMs = now();
    if (latest === undefined || nowMs - latest.atMs >= keepMs) {
      const checkedByMs = Math.min(deadlineMs, nowMs + checkWithinMs);
      latest = { atMs: nowMs, result: runAll(checks, checkedByMs) };
    }
    return latest.result;
  };
};

const runAll = async (checks: Checks, deadlineMs: number): Promise<Readiness> => {
  const names = Object.keys(checks);
  const outcomes = await Promise.allSettled(
    Object.values(checks).map((check) => check(deadlineMs)),
  );
  const isReady = (index: number): boolean => outcomes[index]?.status === 'fulfilled';
  return {
    ready: names.every((_, index) => isReady(index)),
    checks: Object.fromEntries(
      names.map((name, index) => [name, isReady(index) ? 'ok' : 'failed']),
    ),
  };
};
