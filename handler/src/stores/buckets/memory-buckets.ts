import type { RateLimitRule } from '../../contract.ts';
import { createRecent } from '../../memory/recent.ts';
import type { Buckets } from './bucket-store.ts';
import {
  allow,
  type Bucket,
  bucketOf,
  microsToToken,
  refuse,
  type Refused,
} from './token-bucket.ts';

interface State {
  fullAtMicros: number;
  /** When it was last full: a token that was taken earlier has been refilled. */
  fullSinceMicros: number;
}

/** About 20 MB. A bucket that was not used for a while is dropped, and is full again. */
const maxBuckets = 100_000;

/** Token buckets in the memory of one process: exactly the burst at once, and the rate after that. */
export const createMemoryBuckets = (now: () => number): Buckets => {
  const states = createRecent<State>(maxBuckets);

  const refusalOf = (state: State | undefined, bucket: Bucket, nowMicros: number) => {
    const waitMicros =
      state === undefined ? 0 : microsToToken(bucket, state.fullAtMicros, nowMicros);
    return waitMicros > 0 ? refuse(waitMicros) : undefined;
  };

  return {
    take: async (key, rule) => {
      const [bucket, nowMicros] = [bucketOf(rule), microsOf(now())];
      const state = states.get(key, () => ({ fullAtMicros: 0, fullSinceMicros: 0 }));
      const refusal = refusalOf(state, bucket, nowMicros);
      if (refusal !== undefined) return refusal;
      if (state.fullAtMicros <= nowMicros) {
        state.fullAtMicros = nowMicros;
        state.fullSinceMicros = nowMicros;
      }
      state.fullAtMicros += bucket.intervalMicros;
      return allow(bucket, state.fullAtMicros, 0, nowMicros, nowMicros);
    },

    knownRefusal: (key, rule: RateLimitRule): Refused | undefined =>
      refusalOf(states.find(key), bucketOf(rule), microsOf(now())),

    giveBack: async (key, rule, { takenAtMicros }) => {
      const state = states.find(key);
      if (state === undefined || takenAtMicros < state.fullSinceMicros) return;
      state.fullAtMicros -= bucketOf(rule).intervalMicros;
    },
  };
};

const microsOf = (ms: number): number => Math.floor(ms * 1000);
