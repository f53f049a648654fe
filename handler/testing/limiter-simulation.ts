import { type DynamoDb, StoreUnavailable } from '../src/aws/dynamodb.ts';
import type { RateLimitRule } from '../src/contract/contract.ts';
import { type Buckets, createBuckets } from '../src/rate-limits/bucket-store.ts';
import { createFakeDynamoDb } from './fake-dynamodb.ts';
import type { Random } from './random.ts';
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts';

/** A request for one key, at a true time, to one of the environments. */
export interface Arrival {
  readonly atMs: number;
  readonly environment: number;
  readonly key?: string;
}

export interface World {
  readonly rule: RateLimitRule;
  readonly arrivals: readonly Arrival[];
  readonly environments: number;
  readonly random: Random;
  /** How far each environment's clock may be off, to either side. */
  readonly clockErrorMs?: number;
  /** Each way between an environment and the table. */
  readonly delayMs?: { readonly least: number; readonly most: number };
  /** The chance that an answer is lost; the client then sends the write once more. */
  readonly lost?: number;
  /** The chance that an environment ends before an arrival, and a new one takes its place. */
  readonly crashes?: number;
}

export interface Outcome {
  readonly atMs: number;
  readonly environment: number;
  readonly key: string;
  readonly answer: 'admitted' | 'refused' | 'failed';
  readonly retryAfterSeconds: number;
}

export interface Result {
  readonly outcomes: readonly Outcome[];
  readonly writes: number;
}

const tableName = 'limits';

/** Any time will do, but one on no border of an epoch. */
export const startMs = 1_764_000_123_456;

/** Lives through the arrivals in simulated time. The same world and seed give the same result. */
export const simulate = async (world: World): Promise<Result> => {
  const { rule, arrivals, environments, random, clockErrorMs = 0, crashes = 0 } = world;
  const clock = createSimulatedClock();
  const fake = createFakeDynamoDb({ [tableName]: 'rate_limit_key' });
  const dynamoDb = overNetwork(fake, clock, world);
  const create = (): Buckets => createBuckets({ dynamoDb, tableName });
  const buckets = Array.from({ length: environments }, create);
  const errorsMs = buckets.map(() => Math.round((random() * 2 - 1) * clockErrorMs));
  const outcomes: Outcome[] = [];

  for (const { atMs, environment, key = 'key' } of arrivals) {
    clock.at(atMs, () => {
      if (random() < crashes) buckets[environment] = create();
      const nowMs = startMs + atMs + (errorsMs[environment] ?? 0);
      const note = (answer: Outcome['answer'], retryAfterSeconds = 0): void =>
        void outcomes.push({ atMs, environment, key, answer, retryAfterSeconds });
      buckets[environment]?.take(key, rule, { nowMs, deadlineMs: nowMs + 10_000 }).then(
        (decision) =>
          decision.allowed ? note('admitted') : note('refused', decision.retryAfterSeconds),
        () => note('failed'),
      );
    });
  }
  await clock.run();
  return {
    outcomes: outcomes.sort((one, other) => one.atMs - other.atMs),
    writes: fake.calls.writes,
  };
};

const overNetwork = (
  fake: DynamoDb,
  clock: SimulatedClock,
  { random, delayMs, lost = 0 }: World,
): DynamoDb => {
  const { least, most } = delayMs ?? { least: 1, most: 5 };
  const underWay = (): Promise<void> => clock.wait(least + random() * (most - least));
  return {
    getItem: (input, options) => fake.getItem(input, options),
    updateItem: async (input, options) => {
      for (let attempt = 1; attempt <= 2; attempt += 1) {
        await underWay();
        const answer = fake.updateItem(input, options);
        answer.catch(() => undefined); // It may be lost as well.
        await underWay();
        if (random() >= lost) return answer;
      }
      throw new StoreUnavailable('Both answers were lost');
    },
  };
};
