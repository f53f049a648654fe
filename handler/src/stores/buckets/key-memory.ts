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

/** What one execution environment knows of one key. Losing it costs a write or two and some leased tokens, and admits nobody. */
interface Memory {
  readonly demand: Demand;
  /** As last seen. The table's is never earlier, so a request that is too early by this one is refused without a call. */
  fullAtMicros: number;
  /** Tokens taken from the table and not yet used, and when they expire. */
  leased: number;
  leaseEndsMicros: number;
  /** Until then other environments are assumed to compete for the key: one was faster than this one a short time ago. */
  contendedUntilMicros: number;
  /** How long this one then makes no call, until when, and how many tokens it got since its last pause. */
  pauseMicros: number;
  quietUntilMicros: number;
  takenSincePause: number;
  /** A caller that comes back earlier has not waited for the Retry-After of the last refusal here. */
  toldUntilMicros: number;
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
  toldUntilMicros: 0,
  inFlight: undefined,
  waiting: 0,
});

/** A key asked for this often here is leased: taken by several tokens at once, for so long ahead, to be used by then. */
export const lease = { leastPerSecond: 35, aheadSeconds: 0.2, lifeMicros: 500_000 };

/** What a lease leaves to other environments: all but this part of the tokens, or of what flows in within a time. */
const greed = { ofTokens: 1 / 16, ofRefillMicros: 100_000 };

const secondMicros = 1_000_000;

/**
 * Where environments compete for the tokens of a client that asks on and on, most would ask in vain. So each keeps quiet
 * for a while, at most for a part of the time in which the bucket fills, and then takes what has flowed in. A client that
 * heeds its Retry-After ends the pause: it is let in as told, whichever environment it comes to.
 */
const pause = {
  /** How long one lost race makes a key contended. */
  contendedMicros: 10 * secondMicros,
  /** A pause is this long at first, or a quarter of the bucket's time where that is less. */
  leastMicros: secondMicros,
  leastOfFill: 1 / 4,
  mostOfFill: 1 / 8,
  /** How much a pause should find: few tokens come late, and few pauses end in vain. */
  worthTokens: 3,
};

/** The decision for one request: from memory where that is enough, else by `ask`, of which one runs at a time. */
export const decide = async (
  memory: Memory,
  bucket: Bucket,
  nowMicros: number,
  ask: () => Promise<RateLimitDecision>,
): Promise<RateLimitDecision> => {
  for (;;) {
    const decision = decideUnasked(memory, bucket, nowMicros);
    if (decision !== undefined) return decision;
    if (memory.inFlight === undefined) break;
    memory.waiting += 1;
    try {
      await memory.inFlight;
    } finally {
      memory.waiting -= 1; // Not earlier: the first to go on writes for all that still wait.
    }
  }
  memory.inFlight = ask().finally(() => (memory.inFlight = undefined));
  return memory.inFlight;
};

/** Notes what the table has. */
export const noteFullAt = (memory: Memory, fullAtMicros: number): void => {
  memory.fullAtMicros = fullAtMicros;
};

/** The decision, where it is known without a call to the table. */
export const decideUnasked = (
  memory: Memory,
  bucket: Bucket,
  nowMicros: number,
): RateLimitDecision | undefined => {
  if (memory.leased > 0 && nowMicros < memory.leaseEndsMicros) {
    memory.leased -= 1;
    return allow(bucket, memory.fullAtMicros, memory.leased, nowMicros, leaseTakenAt(memory));
  }
  return refuseUnasked(memory, bucket, nowMicros);
};

/** The refusal, where it is known without a call to the table. */
export const refuseUnasked = (
  memory: Memory,
  bucket: Bucket,
  nowMicros: number,
): Refused | undefined => {
  if (memory.leased > 0 && nowMicros < memory.leaseEndsMicros) return undefined;
  const isQuiet = nowMicros < Math.min(memory.quietUntilMicros, memory.toldUntilMicros);
  if (isQuiet) return tell(memory, bucket, nowMicros);
  if (microsToToken(bucket, memory.fullAtMicros, nowMicros) <= 0) return undefined;
  if (nowMicros < memory.contendedUntilMicros) keepQuiet(memory, bucket, nowMicros);
  return tell(memory, bucket, nowMicros);
};

/** How many tokens to ask the table for: those that wait, and a lease for what will likely come. */
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
  const ask = Math.max(1 + memory.waiting, Math.floor(Math.min(wanted, fair)));
  return Math.max(1, Math.min(ask, tokens));
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

/** Puts a token back to the lease that it came from; false where that one has ended or is another by now. */
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

/** Notes that others had taken the tokens that memory took to be there. */
export const noteContended = (
  memory: Memory,
  bucket: Bucket,
  nowMicros: number,
): RateLimitDecision => {
  memory.contendedUntilMicros = nowMicros + pause.contendedMicros;
  keepQuiet(memory, bucket, nowMicros);
  return tell(memory, bucket, nowMicros);
};

/** For longer where the last pause ended in vain, for less where it found more than it should. */
const keepQuiet = (memory: Memory, bucket: Bucket, nowMicros: number): void => {
  const least = Math.min(pause.leastMicros, bucket.fillMicros * pause.leastOfFill);
  const most = Math.max(least, bucket.fillMicros * pause.mostOfFill);
  const taken = memory.takenSincePause;
  const factor = taken === 0 ? 2 : Math.min(1, pause.worthTokens / taken);
  memory.pauseMicros = Math.min(most, Math.max(least, memory.pauseMicros * factor));
  memory.quietUntilMicros = nowMicros + memory.pauseMicros;
  memory.takenSincePause = 0;
};

const tell = (memory: Memory, bucket: Bucket, nowMicros: number): Refused => {
  const waitMicros = microsToToken(bucket, memory.fullAtMicros, nowMicros);
  memory.toldUntilMicros = nowMicros + Math.max(waitMicros, secondMicros);
  return refuse(waitMicros);
};
