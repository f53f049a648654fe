import { StoreUnavailable } from '../../aws/aws-call.ts';
import { ConditionNotMet, type DynamoDb } from '../dynamodb/dynamodb.ts';
import type { RateLimitRule } from '../../contract.ts';
import { bucketReturn, type BucketWrite, bucketWrite, fullAtOf } from './bucket-write.ts';
import {
  createKeyMemory,
  decide,
  type KeyMemory,
  noteContended,
  noteFullAt,
  noteTaken,
  refuseFromMemory,
  returnToLease,
  tokensToTake,
} from './key-memory.ts';
import { createRecent } from '../../memory/recent.ts';
import {
  type Allowed,
  type Bucket,
  bucketOf,
  type RateLimitDecision,
  type Refused,
  tokensIn,
} from './token-bucket.ts';

export interface Buckets {
  /**
   * Takes one token from the key's bucket if there is one. Throws `StoreUnavailable` if the bucket cannot be reached.
   */
  take(key: string, rule: RateLimitRule, options: TakeOptions): Promise<RateLimitDecision>;
  /** The refusal for the key, if it is known without a write. Takes no token. */
  knownRefusal(key: string, rule: RateLimitRule): Refused | undefined;
  /**
   * Returns a token that was not used. The bound still applies: see `bucketReturn`. Never throws: a token that cannot
   * be returned stays taken.
   */
  giveBack(key: string, rule: RateLimitRule, taken: Allowed, options: TakeOptions): Promise<void>;
}

interface TakeOptions {
  /** Epoch milliseconds. */
  readonly deadlineMs: number;
}

interface Dependencies {
  readonly dynamoDb: DynamoDb;
  readonly tableName: string;
  readonly now: () => number;
}

/** A limiter that takes longer counts as unavailable: the request itself needs the time. */
const storeTimeoutMs = 1_500;

/** The names of the epochs repeat: a token that was taken longer ago stays taken. */
const giveBackWithinMicros = 2_000_000;

/** About 4 MB. Keys that were not used for a while are dropped. */
const maxKeys = 10_000;

/**
 * A write that loses its race against other environments is retried with the new state. After this many losses, the
 * request is refused.
 */
const maxWrites = 3;

/** Token buckets in DynamoDB, shared by all execution environments, with a local memory in front. */
export const createBuckets = ({ dynamoDb, tableName, now }: Dependencies): Buckets => {
  const memories = createRecent<KeyMemory>(maxKeys);

  /** The bucket's new `fullAt`. Throws `ConditionNotMet` or `StoreUnavailable`. */
  const send = async (key: string, write: BucketWrite, deadlineMs: number): Promise<number> => {
    const Key = { rate_limit_key: { S: key } };
    const input = { TableName: tableName, Key, ...bucketWrite(write) };
    const fullAtMicros = fullAtOf(await dynamoDb.updateItem(input, { deadlineMs }));
    if (fullAtMicros === undefined) throw new StoreUnavailable('The bucket was not written');
    return fullAtMicros;
  };

  const takeFromTable = async ({ key, memory, bucket, nowMicros, ...ask }: Ask) => {
    let tokens = tokensToTake(memory, bucket, ask.perSecond, nowMicros);
    let kind: BucketWrite['kind'] = memory.fullAtMicros >= nowMicros ? 'add' : 'renew';
    for (let writes = 1; writes <= maxWrites && tokens > 0; writes += 1) {
      try {
        const write = { kind, bucket, tokens, nowMicros };
        noteFullAt(memory, await send(key, write, ask.deadlineMs));
        return noteTaken(memory, bucket, tokens, nowMicros);
      } catch (error) {
        if (!(error instanceof ConditionNotMet)) throw error;
        noteFullAt(memory, fullAtOf(error.item) ?? 0);
        tokens = Math.min(tokens, tokensIn(bucket, memory.fullAtMicros, nowMicros));
        kind = memory.fullAtMicros >= nowMicros ? 'add' : 'restart';
      }
    }
    return noteContended(memory, bucket, nowMicros);
  };

  return {
    take: async (key, rule, { deadlineMs }) => {
      const nowMs = now();
      const bucket = bucketOf(rule);
      const nowMicros = Math.floor(nowMs * 1000);
      const memory = memories.get(key, createKeyMemory);
      const perSecond = memory.demand.note(nowMicros);
      const takeByMs = Math.min(deadlineMs, nowMs + storeTimeoutMs);
      return decide(memory, bucket, nowMicros, () =>
        takeFromTable({ key, memory, bucket, perSecond, nowMicros, deadlineMs: takeByMs }),
      );
    },

    knownRefusal: (key, rule) => {
      const memory = memories.find(key);
      if (memory === undefined) return undefined;
      const nowMicros = Math.floor(now() * 1000);
      const refusal = refuseFromMemory(memory, bucketOf(rule), nowMicros);
      if (refusal !== undefined) memory.demand.note(nowMicros);
      return refusal;
    },

    giveBack: async (key, rule, taken, { deadlineMs }) => {
      const nowMs = now();
      const memory = memories.get(key, createKeyMemory);
      const nowMicros = Math.floor(nowMs * 1000);
      if (returnToLease(memory, taken, nowMicros)) return;
      if (nowMicros - taken.takenAtMicros > giveBackWithinMicros) return;
      const bucket = bucketOf(rule);
      const Key = { rate_limit_key: { S: key } };
      const input = { TableName: tableName, Key, ...bucketReturn(bucket, taken.takenAtMicros) };
      const sendByMs = Math.min(deadlineMs, nowMs + storeTimeoutMs);
      try {
        const item = await dynamoDb.updateItem(input, { deadlineMs: sendByMs, once: true });
        noteFullAt(memory, fullAtOf(item) ?? memory.fullAtMicros);
      } catch {
        // It stays taken.
      }
    },
  };
};

interface Ask {
  readonly key: string;
  readonly memory: KeyMemory;
  readonly bucket: Bucket;
  readonly perSecond: number;
  readonly nowMicros: number;
  readonly deadlineMs: number;
}
