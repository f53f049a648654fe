import type { RateLimitRule } from '../src/contract.ts';
import { type Buckets, createBuckets } from '../src/stores/buckets/bucket-store.ts';
import {
  createLocalFailures,
  type LocalFailures,
} from '../src/features/failure-limit/local-failures.ts';
import type { Allowed } from '../src/stores/buckets/token-bucket.ts';
import { type Disorder, unreliableNetwork, type Life, overNetwork } from './unreliable-network.ts';
import { createFakeDynamoDb } from './fake-aws/fake-dynamodb.ts';
import type { Random } from './random.ts';
import { createSimulatedClock } from './simulated-clock.ts';

/** A request for one key, at a true time, to one of the environments. */
export interface Arrival {
  readonly atMs: number;
  readonly environment: number;
  readonly key?: string;
}

export interface World extends Disorder {
  readonly rule: RateLimitRule;
  readonly arrivals: readonly Arrival[];
  readonly environments: number;
  readonly random: Random;
  /** The maximum clock offset of each environment, in both directions. */
  readonly clockErrorMs?: number;
  /**
   * Whether each arrival is a failure, which an execution environment may allow without a write, as in `failureLimit`.
   */
  readonly areFailures?: boolean;
  /** The probability that a request returns its token, because its session has ended. */
  readonly givenBack?: number;
  /** The probability that an environment ends soon after an arrival, at any step, and is replaced by a new one. */
  readonly crashes?: number;
}

export interface Outcome {
  readonly atMs: number;
  readonly decidedAtMs: number;
  readonly environment: number;
  readonly key: string;
  readonly decision: 'admitted' | 'given back' | 'refused' | 'failed';
  readonly retryAfterSeconds: number;
}

export interface Result {
  readonly outcomes: readonly Outcome[];
  readonly writes: number;
}

const tableName = 'limits';

/** Any time that is not on the border of an epoch. */
export const startMs = 1_764_000_123_456;

/** How long after its write a request may learn that its session has ended. */
const longestReadMs = 400;

/** A crash happens within this time after the arrival that triggers it. */
const crashWithinMs = 1_000;

/** Simulates the arrivals. The same world and seed always have the same result. */
export const simulate = async (world: World): Promise<Result> => {
  const { rule, arrivals, environments, random, clockErrorMs = 0, crashes = 0 } = world;
  const { givenBack = 0 } = world;
  const clock = createSimulatedClock();
  const dynamoDb = createFakeDynamoDb({ [tableName]: 'rate_limit_key' });
  const carry = unreliableNetwork(clock, random, world);
  const born = (errorMs: number): Environment => {
    const life: Life = { ended: false, nowMs: () => startMs + clock.nowMs + errorMs };
    const buckets = createBuckets({
      dynamoDb: overNetwork(dynamoDb, carry, life),
      tableName,
      now: life.nowMs,
    });
    return { buckets, local: createLocalFailures(rule), life };
  };
  const errorsMs = Array.from({ length: environments }, () =>
    Math.round((random() * 2 - 1) * clockErrorMs),
  );
  const alive = errorsMs.map(born);
  const outcomes: Outcome[] = [];

  const crash = (index: number): void => {
    for (const { life } of alive.slice(index, index + 1)) life.ended = true;
    alive[index] = born(errorsMs[index] ?? 0);
  };

  for (const { atMs, environment, key = 'key' } of arrivals) {
    clock.at(atMs, () => {
      const { buckets, local, life } = alive[environment] ?? born(0);
      if (random() < crashes) clock.at(atMs + random() * crashWithinMs, () => crash(environment));
      const nowMs = life.nowMs();
      const note = (decision: Outcome['decision'], retryAfterSeconds = 0): void => {
        if (life.ended) return;
        const decidedAtMs = clock.nowMs;
        outcomes.push({ atMs, decidedAtMs, environment, key, decision, retryAfterSeconds });
      };
      if (world.areFailures && local.isFree(key, nowMs)) return note('admitted');
      const deadlineMs = nowMs + 10_000;
      const isGivenBack = random() < givenBack;
      const giveBack = async (taken: Allowed): Promise<void> => {
        await clock.wait(random() * longestReadMs);
        if (life.ended) return;
        await buckets.giveBack(key, rule, taken, { deadlineMs });
        note('given back');
      };
      buckets.take(key, rule, { deadlineMs }).then(
        (decision) => {
          if (!decision.allowed) note('refused', decision.retryAfterSeconds);
          else if (isGivenBack) void giveBack(decision);
          else note('admitted');
        },
        () => note('failed'),
      );
    });
  }
  await clock.run();
  return {
    outcomes: outcomes.sort((one, other) => one.atMs - other.atMs),
    writes: dynamoDb.calls.writes,
  };
};

interface Environment {
  readonly buckets: Buckets;
  readonly local: LocalFailures;
  readonly life: Life;
}
