import type { RateLimitRule } from '../../contract.ts';
import { createRecent } from '../../memory/recent.ts';

export interface LocalFailures {
  /** Counts one more failure of the address, and says whether it is within what needs no write. */
  isFree(key: string, nowMs: number): boolean;
}

/** Of the rule's limit and burst. Each execution environment allows as much by itself, and so adds it to the bound. */
const share = 1 / 20;

/** Some 2 MB. An address that was forgotten is within its free failures again. */
const maxAddresses = 10_000;

/**
 * Counts failures in this execution environment alone, as a leaky bucket that all of them go into. An address that fails
 * more often than it drains stays above its free failures, and each of its failures is judged by the shared bucket.
 */
export const createLocalFailures = ({
  limit,
  windowSeconds,
  burst,
}: RateLimitRule): LocalFailures => {
  const emptyAtMs = createRecent<number>(maxAddresses);
  const drainMs = (windowSeconds * 1000) / (limit * share);
  const fullMs = Math.max(1, Math.floor(burst * share)) * drainMs;
  return {
    isFree: (key, nowMs) => {
      const levelMs = Math.max(0, (emptyAtMs.find(key) ?? 0) - nowMs) + drainMs;
      // A little above full and no further: a pause of one drain makes one failure free again.
      emptyAtMs.keep(key, nowMs + Math.min(levelMs, fullMs + drainMs));
      return levelMs <= fullMs;
    },
  };
};
