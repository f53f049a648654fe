import type { RateLimitRule } from '../../contract.ts';

/** One of a route's limits, and its decision for a request. */
export interface Limit {
  readonly rule: RateLimitRule;
  readonly decision: RateLimitDecision;
}

/** The limiter's decision for one request. */
export type RateLimitDecision = Allowed | Refused;

export interface Allowed {
  readonly allowed: true;
  readonly remaining: number;
  readonly resetSeconds: number;
  /** The time of the write that took the token, alone or with others as a lease. */
  readonly takenAtMicros: number;
}

export interface Refused {
  readonly allowed: false;
  readonly remaining: 0;
  readonly resetSeconds: number;
  readonly retryAfterSeconds: number;
}

/**
 * A token bucket by the generic cell rate algorithm (GCRA). Its only state is `fullAt`, the time at which it will be
 * full again; each token moves it forward by one interval. Times are whole microseconds since the epoch, so no fraction
 * is lost.
 */
export interface Bucket {
  readonly burst: number;
  /** The time in which one token is refilled. */
  readonly intervalMicros: number;
  /** The time in which an empty bucket fills. */
  readonly fillMicros: number;
  /** For how long the store may stop the time of a full bucket; see `bucketWrite`. */
  readonly epochMicros: number;
}

/**
 * At most this many intervals per epoch, and this part of the burst: more would accept too many requests, fewer cost
 * writes.
 */
const epoch = { intervals: 10, micros: 250_000, ofFill: 1 / 5 };

export const bucketOf = ({ limit, windowSeconds, burst }: RateLimitRule): Bucket => {
  const intervalMicros = Math.ceil((windowSeconds * 1e6) / limit);
  const fillMicros = burst * intervalMicros;
  const longEnough = Math.max(epoch.intervals * intervalMicros, epoch.micros);
  const epochMicros = Math.max(intervalMicros, Math.min(longEnough, fillMicros * epoch.ofFill));
  return { burst, intervalMicros, fillMicros, epochMicros: Math.round(epochMicros) };
};

/** The latest `fullAt` at which this many tokens can be taken. */
export const latestFullAt = (bucket: Bucket, tokens: number, nowMicros: number): number =>
  nowMicros + bucket.fillMicros - tokens * bucket.intervalMicros;

/** Whole tokens in the bucket. */
export const tokensIn = (bucket: Bucket, fullAtMicros: number, nowMicros: number): number => {
  const tokens = (nowMicros + bucket.fillMicros - fullAtMicros) / bucket.intervalMicros;
  return Math.max(0, Math.min(bucket.burst, Math.floor(tokens)));
};

/** Time until there is a token; 0 or less if there is one. */
export const microsToToken = (bucket: Bucket, fullAtMicros: number, nowMicros: number): number =>
  fullAtMicros - latestFullAt(bucket, 1, nowMicros);

/** The decision for a token that was taken. `leased` further tokens belong to this environment. */
export const allow = (
  bucket: Bucket,
  fullAtMicros: number,
  leased: number,
  nowMicros: number,
  takenAtMicros: number,
): Allowed => {
  const tokens = tokensIn(bucket, fullAtMicros, nowMicros);
  const nextAtMicros = fullAtMicros - bucket.fillMicros + (tokens + 1) * bucket.intervalMicros;
  return {
    allowed: true,
    remaining: Math.min(bucket.burst, tokens + leased),
    resetSeconds: wholeSeconds(nextAtMicros - nowMicros),
    takenAtMicros,
  };
};

/** The decision for a request that found no token. The wait is rounded up, so it is always long enough. */
export const refuse = (waitMicros: number): Refused => {
  const seconds = wholeSeconds(waitMicros);
  return { allowed: false, remaining: 0, resetSeconds: seconds, retryAfterSeconds: seconds };
};

const wholeSeconds = (micros: number): number => Math.max(1, Math.ceil(micros / 1e6));
