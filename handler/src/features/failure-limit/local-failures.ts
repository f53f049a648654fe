import type { RateLimitRule } from '../../contract.ts';
import { createRecent } from '../../memory/recent.ts';

export interface LocalFailures {
  /** Counts one more failure of the address. True: it is free and needs no write. */
  isFree(key: string, nowMs: number): boolean;
}

/**
 * Of the rule's limit and burst. Every execution environment allows this much without a write, so each one adds it to
 * the bound.
 */
const share = 1 / 20;

/** About 2 MB. An address that was dropped has its free failures again. */
const maxAddresses = 10_000;

/**
 * Counts failures in this execution environment only, as a leaky bucket. An address that fails faster than the bucket
 * drains has no free failures left, and the shared bucket decides about each of its failures.
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
      // Only slightly above full: after the time of one drain, one failure is free again.
      emptyAtMs.keep(key, nowMs + Math.min(levelMs, fullMs + drainMs));
      return levelMs <= fullMs;
    },
  };
};
