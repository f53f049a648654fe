import { isIn } from '../src/stores/quotas/period.ts';
import type { Quota, QuotaDecision } from '../src/stores/quotas/quota.ts';
import { createQuotas } from '../src/stores/quotas/quota-store.ts';
import { createFakeDynamoDb } from './fake-aws/fake-dynamodb.ts';
import type { Arrival } from './limiter-simulation.ts';
import { seededRandom } from './random.ts';
import { createSimulatedClock } from './simulated-clock.ts';
import { moody, steady } from './traffic.ts';
import { type Disorder, type Life, overNetwork, unreliableNetwork } from './unreliable-network.ts';

interface World extends Disorder {
  readonly quota: Quota;
  readonly arrivals: readonly Arrival[];
  readonly environments: number;
  readonly seed: number;
  /** The maximum clock offset of each environment, in both directions. */
  readonly clockErrorMs?: number;
  /** The probability that an environment ends soon after an arrival, and is replaced by a new one. */
  readonly crashes?: number;
  /** Epoch milliseconds of the beginning. */
  readonly startMs: number;
}

interface Outcome {
  /** By a perfect clock, in epoch milliseconds. */
  readonly atMs: number;
  readonly decision: QuotaDecision | 'failed';
}

const tableName = 'usage';

/** Simulates the requests of one caller. The same world always has the same result. */
export const simulateQuota = async (world: World) => {
  const { quota, arrivals, environments, clockErrorMs = 0, crashes = 0, startMs } = world;
  const random = seededRandom(world.seed);
  const clock = createSimulatedClock();
  const dynamoDb = createFakeDynamoDb({ [tableName]: 'usage_id' });
  const carry = unreliableNetwork(clock, random, world);
  const born = (errorMs: number) => {
    const life: Life = { ended: false, nowMs: () => startMs + clock.nowMs + errorMs };
    const table = overNetwork(dynamoDb, carry, life);
    const quotas = createQuotas({ dynamoDb: table, tableName, now: life.nowMs });
    return { life, quotas, busy: Promise.resolve() };
  };
  const errorsMs = Array.from({ length: environments }, () =>
    Math.round((random() * 2 - 1) * clockErrorMs),
  );
  const alive = errorsMs.map(born);
  const outcomes: Outcome[] = [];
  const take = async ({ life, quotas }: ReturnType<typeof born>): Promise<void> => {
    const atMs = startMs + clock.nowMs;
    const decision = await quotas
      .take('acme', quota, { deadlineMs: life.nowMs() + 10_000 })
      .catch(() => 'failed' as const);
    if (!life.ended) outcomes.push({ atMs, decision });
  };
  for (const { atMs, environment: index } of arrivals) {
    clock.at(atMs, () => {
      const environment = alive[index] ?? born(0);
      if (random() < crashes)
        clock.at(atMs + random() * 1_000, () => {
          environment.life.ended = true;
          if (alive[index] === environment) alive[index] = born(errorsMs[index] ?? 0);
        });
      // Lambda gives an execution environment one request at a time.
      environment.busy = environment.busy.then(() => take(environment));
    });
  }
  await clock.run();
  return { outcomes, writes: dynamoDb.calls.writes };
};

const dayMs = 86_400_000;

/** 2026-11-30, 00:00 UTC: the end of a day and, a day later, of a month. */
export const midnightMs = Date.UTC(2026, 10, 30);

export interface QuotaFigures {
  /** Of the day or month with the most, by the clocks of the environments. Above 1, the quota is broken. */
  readonly admittedOfAllowed: number;
  /** How far from midnight the request was that counted for another period than by a perfect clock. */
  readonly misplacedMs: number;
  /** Of a period in which a request was refused: the part of its limit that was never admitted. */
  readonly unusedOfAllowed: number;
  readonly writesPerRequest: number;
  readonly requests: number;
  readonly refused: number;
}

/** Random traffic before and after a midnight. With disorder, the network is unreliable and environments end. */
export const quotaFiguresOf = async (seed: number, isDisorderly = true): Promise<QuotaFigures> => {
  const random = seededRandom(seed);
  const between = (least: number, most: number): number =>
    Math.floor(least * (most / least) ** random() + random());
  const period = random() < 0.5 ? 'day' : 'month';
  const limit = between(1, 2_000);
  const quota: Quota = { name: 'free', limit, period, onStoreFailure: 'deny' };
  const environments = 50;
  const seconds = between(4, 60);
  const perSecond = (limit / seconds) * (0.2 + 6 * random());
  const traffic = { seconds, environments, random };
  const { outcomes, writes } = await simulateQuota({
    quota,
    environments,
    seed,
    arrivals: (random() < 0.5 ? steady : moody)(perSecond, traffic),
    startMs: midnightMs + (period === 'month' ? dayMs : 0) - (seconds * 1_000) / 2,
    clockErrorMs: 500,
    delayMs: { least: 1, most: between(2, 400) },
    ...(isDisorderly && {
      lost: random() < 0.5 ? 0.05 : 0,
      late: random() < 0.3 ? 0.03 : 0,
      throttled: random() < 0.3 ? 0.05 : 0,
      crashes: random() < 0.5 ? 0.02 : 0,
    }),
  });
  return figuresOf(quota, outcomes, writes);
};

/** Of the outcomes of a simulation. */
export const figuresOf = (
  { limit }: Quota,
  outcomes: readonly Outcome[],
  writes: number,
): QuotaFigures => {
  const admitted = new Map<string, number>();
  const refusing = new Set<string>();
  let misplacedMs = 0;
  for (const { atMs, decision } of outcomes) {
    if (decision === 'failed') continue;
    const { span, allowed } = decision;
    if (allowed) admitted.set(span.name, (admitted.get(span.name) ?? 0) + 1);
    else refusing.add(span.name);
    if (!isIn(span, atMs))
      misplacedMs = Math.max(misplacedMs, span.startMs - atMs, atMs - span.endMs);
  }
  const unused = [...refusing].map((name) => limit - (admitted.get(name) ?? 0));
  return {
    admittedOfAllowed: Math.max(0, ...admitted.values()) / limit,
    misplacedMs,
    unusedOfAllowed: Math.max(0, ...unused) / limit,
    writesPerRequest: writes / Math.max(1, outcomes.length),
    requests: outcomes.length,
    refused: outcomes.filter(({ decision }) => decision !== 'failed' && !decision.allowed).length,
  };
};
