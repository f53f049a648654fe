import { createDemand, type Demand } from './demand.ts';
import {
  allow,
  type Allowed,
  type Bucket,
  microsToToken,
  type RateLimitDecision,
  refuse,
  type Refused,
  tokensIn,
} from './token-bucket.ts';

/**
 * The state that one execution environment has of one key. If it is lost, this costs one or two writes and some leased
 * tokens, but accepts no additional request.
 */
interface Memory {
  readonly demand: Demand;
  /** As last seen. The table's is never earlier, so a request that is too early by this one is refused without a call. */
  fullAtMicros: number;
  /** Tokens taken from the table and not yet used, and when they expire. */
  leased: number;
  leaseEndsMicros: number;
  /** Until then, other environments are assumed to compete for the key, because one of them recently won a race. */
  contendedUntilMicros: number;
  /** How long this one then makes no call, until when, and how many tokens it got since its last pause. */
  pauseMicros: number;
  quietUntilMicros: number;
  takenSincePause: number;
  /** A caller that comes back earlier has not waited for the Retry-After of the last refusal here. */
  refusedUntilMicros: number;
  /** The write in progress, and how many requests wait for its outcome. */
  inFlight: Promise<RateLimitDecision> | undefined;
  waiting: number;
}

/** Only the functions of this file change it. */
export type KeyMemory = Readonly<Memory>;

export const createKeyMemory = (): Memory => ({
  demand: createDemand(),
  fullAtMicros: 0,
  leased: 0,
  leaseEndsMicros: 0,
  contendedUntilMicros: 0,
  pauseMicros: 0,
  quietUntilMicros: 0,
  takenSincePause: 0,
  refusedUntilMicros: 0,
  inFlight: undefined,
  waiting: 0,
});

/** From this rate on, a key is leased: several tokens are taken at once, for this long ahead, and expire then. */
export const lease = { leastPerSecond: 35, aheadSeconds: 0.2, lifeMicros: 500_000 };

/**
 * A lease takes at most this part of the tokens, or of the refill within a time. The rest is left to other
 * environments.
 */
const greed = { ofTokens: 1 / 16, ofRefillMicros: 100_000 };

const secondMicros = 1_000_000;

/**
 * If environments compete for the tokens of a client that sends without pause, most calls fail. So each environment
 * pauses its calls, at most for a part of the time in which the bucket fills, and then takes the refilled tokens. A
 * client that respects Retry-After ends the pause: it is accepted as promised by every environment.
 */
const pause = {
  /** How long one lost race makes a key contended. */
  contendedMicros: 10 * secondMicros,
  /** The first pause is this long, or a quarter of the bucket's time if that is less. */
  leastMicros: secondMicros,
  leastOfFill: 1 / 4,
  mostOfFill: 1 / 8,
  /** Number of tokens that a pause should find: few tokens are late, and few pauses end without a token. */
  worthTokens: 3,
};

/**
 * The decision for one request: from memory if that is enough, else from the table. One call to the table runs at a
 * time.
 */
export const decide = async (
  memory: Memory,
  bucket: Bucket,
  nowMicros: number,
  takeFromTable: () => Promise<RateLimitDecision>,
): Promise<RateLimitDecision> => {
  for (;;) {
    const decision = decideFromMemory(memory, bucket, nowMicros);
    if (decision !== undefined) return decision;
    if (memory.inFlight === undefined) break;
    memory.waiting += 1;
    try {
      await memory.inFlight;
    } finally {
      memory.waiting -= 1; // Not earlier: the first that continues writes for all that still wait.
    }
  }
  memory.inFlight = takeFromTable().finally(() => (memory.inFlight = undefined));
  return memory.inFlight;
};

/** Notes what the table has. */
export const noteFullAt = (memory: Memory, fullAtMicros: number): void => {
  memory.fullAtMicros = fullAtMicros;
};

/** The decision, if it is known without a call to the table. */
export const decideFromMemory = (
  memory: Memory,
  bucket: Bucket,
  nowMicros: number,
): RateLimitDecision | undefined => {
  if (memory.leased > 0 && nowMicros < memory.leaseEndsMicros) {
    memory.leased -= 1;
    return allow(bucket, memory.fullAtMicros, memory.leased, nowMicros, leaseTakenAt(memory));
  }
  return refuseFromMemory(memory, bucket, nowMicros);
};

/** The refusal, if it is known without a call to the table. */
export const refuseFromMemory = (
  memory: Memory,
  bucket: Bucket,
  nowMicros: number,
): Refused | undefined => {
  if (memory.leased > 0 && nowMicros < memory.leaseEndsMicros) return undefined;
  const isQuiet = nowMicros < Math.min(memory.quietUntilMicros, memory.refusedUntilMicros);
  if (isQuiet) return refuseAndNote(memory, bucket, nowMicros);
  if (microsToToken(bucket, memory.fullAtMicros, nowMicros) <= 0) return undefined;
  if (nowMicros < memory.contendedUntilMicros) keepQuiet(memory, bucket, nowMicros);
  return refuseAndNote(memory, bucket, nowMicros);
};

/** How many tokens to take from the table: for the waiting requests, and a lease for the expected ones. */
export const tokensToTake = (
  memory: Memory,
  bucket: Bucket,
  perSecond: number,
  nowMicros: number,
): number => {
  const tokens = tokensIn(bucket, memory.fullAtMicros, nowMicros);
  const isHot = perSecond >= lease.leastPerSecond;
  const wanted = isHot ? perSecond * lease.aheadSeconds : 1;
  const fair = Math.max(tokens * greed.ofTokens, greed.ofRefillMicros / bucket.intervalMicros);
  const needed = Math.max(1 + memory.waiting, Math.floor(Math.min(wanted, fair)));
  return Math.max(1, Math.min(needed, tokens));
};

/** Notes what was taken: one token is the caller's own, the others are leased. */
export const noteTaken = (
  memory: Memory,
  bucket: Bucket,
  tokens: number,
  nowMicros: number,
): RateLimitDecision => {
  memory.leased = tokens - 1;
  memory.takenSincePause += tokens;
  memory.leaseEndsMicros = nowMicros + lease.lifeMicros;
  return allow(bucket, memory.fullAtMicros, memory.leased, nowMicros, nowMicros);
};

/** Returns a token to its lease. False if that lease has ended or was replaced. */
export const returnToLease = (
  memory: Memory,
  { takenAtMicros }: Allowed,
  nowMicros: number,
): boolean => {
  const isOfLease = takenAtMicros === leaseTakenAt(memory) && nowMicros < memory.leaseEndsMicros;
  if (!isOfLease || memory.leased === 0) return false;
  memory.leased += 1;
  return true;
};

const leaseTakenAt = ({ leaseEndsMicros }: Memory): number => leaseEndsMicros - lease.lifeMicros;

/** Notes that other environments had taken tokens that memory assumed to be available. */
export const noteContended = (
  memory: Memory,
  bucket: Bucket,
  nowMicros: number,
): RateLimitDecision => {
  memory.contendedUntilMicros = nowMicros + pause.contendedMicros;
  keepQuiet(memory, bucket, nowMicros);
  return refuseAndNote(memory, bucket, nowMicros);
};

/** Longer if the last pause found no token, shorter if it found more than it should. */
const keepQuiet = (memory: Memory, bucket: Bucket, nowMicros: number): void => {
  const least = Math.min(pause.leastMicros, bucket.fillMicros * pause.leastOfFill);
  const most = Math.max(least, bucket.fillMicros * pause.mostOfFill);
  const taken = memory.takenSincePause;
  const factor = taken === 0 ? 2 : Math.min(1, pause.worthTokens / taken);
  memory.pauseMicros = Math.min(most, Math.max(least, memory.pauseMicros * factor));
  memory.quietUntilMicros = nowMicros + memory.pauseMicros;
  memory.takenSincePause = 0;
};

const refuseAndNote = (memory: Memory, bucket: Bucket, nowMicros: number): Refused => {
  const waitMicros = microsToToken(bucket, memory.fullAtMicros, nowMicros);
  memory.refusedUntilMicros = nowMicros + Math.max(waitMicros, secondMicros);
  return refuse(waitMicros);
};
