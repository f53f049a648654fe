import { untilDeadline } from '../../aws/until-deadline.ts';
import type { GatewayError } from '../../http/gateway-error.ts';

/** A secret that changes while it is used: keys or values of which a new one takes over from an old one. */
export interface RotatingSecret<V> {
  /**
   * What `match` finds in the secret. If it finds nothing, there may be something new: the secret is then read again,
   * once a minute at most. Throws the error of `unavailable` if the secret was never read.
   */
  find<R>(match: (value: V) => R | undefined, deadlineMs: number): Promise<R | undefined>;
  /** Reads the secret now. Throws the error of `unavailable`. */
  load(deadlineMs: number): Promise<V>;
  /** Whether something new may be in it: the last read failed or has not ended. */
  mayLack(): boolean;
}

interface Dependencies<V> {
  readonly readSecret: (deadlineMs: number) => Promise<string>;
  /** Throws an error that describes what is wrong with the secret, without any of its content. */
  readonly parse: (secret: string) => V;
  readonly unavailable: (cause: unknown) => GatewayError;
  readonly now: () => number;
  /** Called for each failed read. While the secret is in memory, requests do not show the failure. */
  readonly onReadFailure: (error: unknown) => void;
}

/**
 * Within this time, every environment stops to accept what was removed and starts to accept what is new. If the secret
 * cannot be read in this time: one minute after it can be read again.
 */
export const maxAgeMs = 5 * 60_000;

/** Minimum time between reads after nothing was found, which may be new or forged, and after a failed read. */
const minAgeMs = 60_000;

/** While the secret is in memory, a request waits no longer than this for a newer one. */
const refreshWithinMs = 1_500;

/**
 * A read that fails this long after its start may have been frozen with its environment, and its connection may be
 * dead: a request that joined it reads again. A read that fails sooner has had its retry, and the next would fail as
 * well.
 */
const leastFrozenMs = 1_000;

/** With less time left, a read would not complete. Node's timers may also end a wait a millisecond early. */
const leastReadMs = 50;

interface Reading<V> {
  readonly beganAtMs: number;
  /** Epoch milliseconds after which its result is not expected any more. */
  readonly deadlineMs: number;
  readonly value: Promise<V>;
}

/** Reads the secret once, and again when it is old or lacks something. What was read outlives a later failure. */
export const createRotatingSecret = <V>({
  readSecret,
  parse,
  unavailable,
  now,
  onReadFailure,
}: Dependencies<V>): RotatingSecret<V> => {
  let current: { readonly value: V } | undefined;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let hasFailed = false;
  let reading: Reading<V> | undefined;

  const begin = (deadlineMs: number): Reading<V> => {
    const beganAtMs = now();
    /** False for a read that was dropped: it changes nothing and is not reported. */
    const end = (): boolean => {
      if (reading !== own) return false;
      askedAtMs = beganAtMs; // Only now: a request that arrives during a due read waits for it.
      reading = undefined;
      return true;
    };
    const read = async (): Promise<V> => {
      try {
        const value = parse(await readSecret(deadlineMs));
        if (end()) {
          current = { value };
          hasFailed = false;
        }
        return value;
      } catch (error) {
        if (end()) {
          hasFailed = true;
          onReadFailure(error);
        }
        throw error;
      }
    };
    const own: Reading<V> = { beganAtMs, deadlineMs, value: read() };
    reading = own;
    return own;
  };

  /** The read in progress, unless its time has passed: Lambda may have frozen it with the environment. */
  const underWay = (): Reading<V> | undefined =>
    reading !== undefined && now() < reading.deadlineMs ? reading : undefined;

  const join = async (deadlineMs: number): Promise<V> => {
    const joined = underWay();
    if (joined !== undefined) {
      const untilMs = Math.min(deadlineMs, joined.deadlineMs);
      try {
        return await untilDeadline(joined.value, untilMs, now());
      } catch (error) {
        const mayHaveBeenFrozen = now() - joined.beganAtMs >= leastFrozenMs;
        const hasTime = deadlineMs - now() >= leastReadMs;
        if (current !== undefined || !mayHaveBeenFrozen || !hasTime) throw error;
      }
    }
    const next = reading === joined ? begin(deadlineMs) : (underWay() ?? begin(deadlineMs));
    return untilDeadline(next.value, deadlineMs, now());
  };

  const load = (deadlineMs: number): Promise<V> =>
    join(deadlineMs).catch((cause: unknown) => {
      throw unavailable(cause);
    });

  const refresh = async (deadlineMs: number): Promise<void> => {
    await load(Math.min(deadlineMs, now() + refreshWithinMs)).catch(() => undefined);
  };

  return {
    load,
    find: async (match, deadlineMs) => {
      const found = match(current ? current.value : await load(deadlineMs));
      const isDue = now() - askedAtMs >= (found !== undefined && !hasFailed ? maxAgeMs : minAgeMs);
      if (!isDue && (found !== undefined || reading === undefined)) return found;
      await refresh(deadlineMs);
      return current && match(current.value);
    },
    mayLack: () => hasFailed || reading !== undefined,
  };
};
