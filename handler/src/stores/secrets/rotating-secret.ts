import { untilDeadline } from '../../aws/until-deadline.ts';
import type { GatewayError } from '../../http/gateway-error.ts';

/** A secret with several values at once, so that a new one can take over from an old one. */
export interface RotatingSecret<V> {
  /**
   * What `match` finds among the values. If it finds nothing, a value may be new: the secret is then read again, once a
   * minute at most. Throws the error of `unavailable` if no value was ever read.
   */
  find<R>(
    match: (values: readonly V[]) => R | undefined,
    deadlineMs: number,
  ): Promise<R | undefined>;
  /** Reads the values now. Throws the error of `unavailable`. */
  load(deadlineMs: number): Promise<void>;
}

interface Dependencies<V> {
  readonly readSecret: (deadlineMs: number) => Promise<string>;
  /** Throws an error that describes what is wrong with the secret, without any of its content. */
  readonly parse: (secret: string) => readonly V[];
  readonly unavailable: (cause: unknown) => GatewayError;
  readonly now: () => number;
  readonly onReadFailure: (error: unknown) => void;
}

/** A value that was removed is refused within this time in every execution environment. */
const maxAgeMs = 5 * 60_000;
const minAgeMs = 60_000;

/** With values at hand, a request waits no longer than this for newer ones. */
const refreshWithinMs = 1_500;

/** Values that were read outlive a failing re-read. */
export const createRotatingSecret = <V>({
  readSecret,
  parse,
  unavailable,
  now,
  onReadFailure,
}: Dependencies<V>): RotatingSecret<V> => {
  let values: readonly V[] | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: { readonly done: Promise<void>; readonly deadlineMs: number } | undefined;

  const read = async (deadlineMs: number): Promise<void> => {
    const beganAtMs = now();
    try {
      values = parse(await readSecret(deadlineMs));
    } catch (error) {
      onReadFailure(error);
      throw error;
    } finally {
      readAtMs = beganAtMs;
    }
  };

  const begin = (deadlineMs: number): Promise<void> => {
    const own = { done: read(deadlineMs), deadlineMs };
    reading = own;
    const end = (): void => void (reading === own && (reading = undefined));
    own.done.then(end, end);
    return own.done;
  };

  const load = async (deadlineMs: number): Promise<void> => {
    // Lambda may have frozen the process in the middle of a read: one that is past its deadline is not waited for.
    const joined = reading !== undefined && now() < reading.deadlineMs ? reading.done : undefined;
    const wait = (done: Promise<void>) => untilDeadline(done, deadlineMs, now());
    await wait(joined ?? begin(deadlineMs))
      .catch((error: unknown) => {
        if (joined === undefined || values !== undefined) throw error;
        return wait(begin(deadlineMs)); // The read that failed was another request's, perhaps with less time.
      })
      .catch((cause: unknown) => {
        throw unavailable(cause);
      });
  };

  const refresh = (deadlineMs: number): Promise<void> =>
    load(Math.min(deadlineMs, now() + refreshWithinMs)).catch(() => undefined);

  return {
    load,
    find: async (match, deadlineMs) => {
      if (values === undefined) await load(deadlineMs);
      else if (now() - readAtMs >= maxAgeMs) await refresh(deadlineMs);
      const found = match(values ?? []);
      if (found !== undefined || now() - readAtMs < minAgeMs) return found;
      await refresh(deadlineMs);
      return match(values ?? []);
    },
  };
};
