import type { CachePurges } from '../../stores/cache/dynamodb-purges.ts';
import { isPurged, noPurges } from '../../stores/cache/purge-list.ts';
import { describeError, type Log } from '../../telemetry/logger.ts';

export interface KnownPurges {
  /** Undefined: what is known is new enough. Otherwise to be awaited; never rejects. */
  update(): Promise<void> | undefined;
  readonly sequence: number;
  has(stored: { readonly sequence: number; readonly path: string }): boolean;
}

interface Dependencies {
  readonly store: CachePurges;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * The list of purges, never older than `maxAgeMs` while its table can be read. Once it is half as old, a read begins that
 * no request waits for. If the table cannot be read, what is known counts until the next attempt.
 */
export const createKnownPurges = ({ store, log, now }: Dependencies): KnownPurges => {
  let list = noPurges;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    const startedAtMs = now();
    try {
      list = await store.read(startedAtMs + readWithinMs);
      readAtMs = startedAtMs;
    } catch (error) {
      log.warn('the purges of the cache cannot be read', { error: describeError(error) });
      readAtMs = now() - maxAgeMs + retryAfterMs;
    } finally {
      reading = undefined;
    }
  };

  /** A read that was underway when the execution environment was frozen may have ended with an old list. */
  const catchUp = async (): Promise<void> => {
    while (now() - readAtMs >= maxAgeMs) await (reading ??= read());
  };

  return {
    update: () => {
      const ageMs = now() - readAtMs;
      if (ageMs >= maxAgeMs) return catchUp();
      if (ageMs >= maxAgeMs / 2) reading ??= read();
      return undefined;
    },
    get sequence() {
      return list.sequence;
    },
    has: (stored) => isPurged(list, stored),
  };
};

const maxAgeMs = 10_000;
const retryAfterMs = 1_000;
const readWithinMs = 500;
