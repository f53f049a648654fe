import type { RateLimitRule } from '../src/contract.ts';
import { lease } from '../src/stores/buckets/key-memory.ts';
import { bucketOf } from '../src/stores/buckets/token-bucket.ts';
import { simulate } from './limiter-simulation.ts';
import { seededRandom } from './random.ts';
import { moody } from './traffic.ts';

/** The maximum clock offset in a simulation, in both directions. */
const clockErrorsMs = [0, 20, 500];

/** The excess of one simulation above the bound, in tokens. Above 0, the limiter is broken. */
export interface Excess {
  /** In the worst of all intervals. */
  readonly inAnyInterval: number;
  /** From the bucket's first token on. */
  readonly sinceFresh: number;
  /** In the worst of all intervals, by response time; includes the duration of the slowest response. */
  readonly byDecisions: number;
  readonly admitted: number;
  readonly givenBack: number;
  readonly refused: number;
}

/**
 * Runs a random simulation from the seed: many environments with different clocks, slow networks, lost responses,
 * environments that end between any two steps. In an interval of length t it may accept
 *
 * burst + rate × (t + the maximum clock difference + a lease's life + an epoch) - 1
 *
 * and from the first token of a new bucket the same without the epoch. A bucket with returned tokens may accept one
 * token more, and has the bound with the epoch from its first token on.
 */
export const excessOf = async (seed: number): Promise<Excess> => {
  const random = seededRandom(seed);
  const between = (least: number, most: number): number =>
    Math.floor(least * (most / least) ** random() + random());
  const rule: RateLimitRule = {
    name: 'rule',
    per: ['caller'],
    limit: between(1, 3_000),
    windowSeconds: between(1, 60),
    burst: between(1, 600),
    onStoreFailure: 'deny',
    mode: 'enforce',
  };
  const clockErrorMs = clockErrorsMs[Math.floor(random() * clockErrorsMs.length)] ?? 0;
  const environments = between(1, 20);
  const perSecond = (rule.limit / rule.windowSeconds) * (0.2 + 3 * random());
  const seconds = Math.min(600, 150 / perSecond);
  const givenBack = random() < 0.5 ? random() : 0;
  const { outcomes } = await simulate({
    rule,
    environments,
    random,
    arrivals: moody(perSecond, { seconds, environments, random }),
    clockErrorMs,
    delayMs: { least: 1, most: between(2, 400) },
    givenBack,
    lost: random() < 0.5 ? 0.05 : 0,
    late: random() < 0.3 ? 0.03 : 0,
    throttled: random() < 0.3 ? 0.05 : 0,
    crashes: random() < 0.5 ? 0.02 : 0,
  });
  const admitted = outcomes.filter(({ decision }) => decision === 'admitted');
  const refused = outcomes.filter(({ decision }) => decision === 'refused').length;
  const arrivalsMs = admitted.map(({ atMs }) => atMs);
  const decisionsMs = admitted.map(({ decidedAtMs }) => decidedAtMs).sort((a, b) => a - b);
  const longestMs = Math.max(0, ...admitted.map(({ atMs, decidedAtMs }) => decidedAtMs - atMs));
  return {
    ...judge(rule, clockErrorMs, arrivalsMs, givenBack > 0),
    byDecisions: judge(rule, clockErrorMs + longestMs / 2, decisionsMs, givenBack > 0)
      .inAnyInterval,
    givenBack: outcomes.filter(({ decision }) => decision === 'given back').length,
    admitted: admitted.length,
    refused,
  };
};

/** Checks the times of accepted requests, in their order, against the bound. */
export const judge = (
  rule: RateLimitRule,
  clockErrorMs: number,
  admittedMs: readonly number[],
  isGivenBack = false,
): Pick<Excess, 'inAnyInterval' | 'sinceFresh'> => {
  const { burst, intervalMicros, epochMicros } = bucketOf(rule);
  const tokensIn = (ms: number): number => (ms * 1000) / intervalMicros;
  const bound = burst + tokensIn(2 * clockErrorMs + lease.lifeMicros / 1000);
  const ofEpoch = epochMicros / intervalMicros - (isGivenBack ? 0 : 1);
  // Relative to the refill, each accepted request is a step up, and the time between them goes down.
  const heights = admittedMs.map((atMs, index) => index - tokensIn(atMs));
  let lowest = Infinity;
  let highestRise = 0;
  for (const height of heights) {
    lowest = Math.min(lowest, height);
    highestRise = Math.max(highestRise, height - lowest + 1);
  }
  const sinceFirst = Math.max(0, ...heights.map((height) => height - (heights[0] ?? 0) + 1));
  return {
    inAnyInterval: highestRise - bound - ofEpoch,
    sinceFresh: sinceFirst - bound - (isGivenBack ? ofEpoch : 0),
  };
};
