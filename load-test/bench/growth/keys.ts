import type { DynamoDb } from '../../../handler/src/stores/dynamodb/dynamodb.ts';
import { type Buckets, createBuckets } from '../../../handler/src/stores/buckets/bucket-store.ts';
import { collectGarbage } from './collect-garbage.ts';
import { member } from '../../../handler/testing/rate-limit-rules.ts';

export interface KeysPoint {
  readonly keys: number;
  /** What the limiter holds of them, after a collection. */
  readonly heap_mb: number;
  readonly take_us: number;
}

/** Memory of one environment, by how many different clients it has seen. */
export const growKeys = async (): Promise<readonly KeysPoint[]> => {
  const points: KeysPoint[] = [];
  await grow(2_000); // For the compiler: one key alone would show its time, and not the limiter's.
  for (const keys of [1, 1_000, 10_000, 100_000, 1_000_000]) points.push(await grow(keys));
  return points;
};

const grow = async (keys: number): Promise<KeysPoint> => {
  const clock = { nowMs: Date.now() };
  const now = () => clock.nowMs;
  const held = { buckets: createBuckets({ dynamoDb: neverEmpty, tableName: 'limits', now }) };
  const take_us = await takeEach(held.buckets, keys, clock);
  const holding = await heapBytes();
  // Measured by releasing it, because in the meantime the engine drops compiled code that was not used for long.
  Object.assign(held, { buckets: undefined });
  return { keys, heap_mb: Math.max(0, holding - (await heapBytes())) / 1_048_576, take_us };
};

const takeEach = async (
  buckets: Buckets,
  keys: number,
  clock: { nowMs: number },
): Promise<number> => {
  const startedMs = performance.now();
  const deadlineMs = clock.nowMs + 60_000;
  for (let index = 0; index < keys; index += 1) {
    clock.nowMs += 1 / 1000;
    const { allowed } = await buckets.take(`member:user-${index}`, member, { deadlineMs });
    if (!allowed) throw new Error('Every client comes once, and is to be admitted');
  }
  return ((performance.now() - startedMs) * 1000) / keys;
};

/** A table that holds nothing, so that only the limiter's own memory is seen. */
const neverEmpty: DynamoDb = {
  getItem: async () => undefined,
  updateItem: async ({ ExpressionAttributeValues: values = {} }) => {
    const numberOf = (name: string): number => {
      const value = values[name];
      return value !== undefined && 'N' in value ? Number(value.N) : NaN;
    };
    return { full_at: { N: String(numberOf(':now') + numberOf(':cost')) } };
  },
};

const heapBytes = async (): Promise<number> => {
  // What the last point left is let go of only some turns of the event loop later.
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise(setImmediate);
    collectGarbage();
  }
  return process.memoryUsage().heapUsed;
};
