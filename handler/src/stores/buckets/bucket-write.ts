import type { Item, UpdateItem } from '../dynamodb/dynamodb.ts';
import { type Bucket, latestFullAt } from './token-bucket.ts';

export interface BucketWrite {
  /** `add` for a bucket that is not full, `restart` for one that is, `renew` where that is not known. */
  readonly kind: 'add' | 'renew' | 'restart';
  readonly bucket: Bucket;
  /** From 1 to the burst. */
  readonly tokens: number;
  readonly nowMicros: number;
}

/** The item's attribute that holds the bucket's state. */
const fullAt = 'full_at';

/** The names repeat: a bucket whose last write was a multiple of this many epochs ago needs a second write. */
const epochNames = Array.from({ length: 32 }, (_, index) => `e${index}`);

const otherNames = new Map(
  epochNames.map((epoch) => [epoch, epochNames.filter((other) => other !== epoch).join(', ')]),
);

/** How long an item is kept after its bucket is full again, because clocks differ. */
const ttlMarginSeconds = 60;

/**
 * Takes tokens by one conditional write, or fails with the current item.
 *
 * The write must compute `full_at = max(full_at, now) + cost`, but DynamoDB has no max(), only `if_not_exists()`, which
 * detects a missing attribute. So time is divided into epochs, and `full_at` is stored a second time under the name of
 * the last write's epoch. If the name of the current epoch is missing, nothing was taken in it yet, and a full bucket
 * counts from now on. `renew` does either in one write, whatever other environments write at the same time. It fails
 * only for a bucket that was not full when the epoch began; `add` is correct for that bucket, and this is known from
 * then on.
 *
 * Within its epoch the time of a full bucket does not advance, and refilled tokens are not lost. So an interval of
 * length t accepts also the tokens since its epoch began: at most burst + (t + epoch - interval) / interval, and from
 * the first token of a new bucket exactly burst + t / interval. Only `bucketReturn` decreases `full_at`, whatever the
 * clocks of the writers are.
 */
export const bucketWrite = (write: BucketWrite): Omit<UpdateItem, 'TableName' | 'Key'> => {
  const { bucket, nowMicros } = write;
  const { epoch, startMicros } = epochOf(bucket, nowMicros);
  const { value, condition, inputs } = takes[write.kind](write, epoch, startMicros);
  const ttlSeconds = Math.ceil((nowMicros + bucket.fillMicros) / 1e6) + ttlMarginSeconds;
  return {
    UpdateExpression: `SET ${fullAt} = ${value}, ${epoch} = ${value}, #ttl = :ttl REMOVE ${otherNames.get(epoch)}`,
    ConditionExpression: condition,
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: numbers({ ...inputs, ':ttl': ttlSeconds }),
  };
};

/**
 * Returns one token that a write took at `takenAtMicros`. Fails with the current item if a write of another epoch came
 * after it: the bucket may have been full since and counts from then on, so the token would be one too many.
 *
 * Within an epoch each token moves `full_at` forward by at least one interval, from the start of the epoch or later. So
 * after a return within the same epoch, `full_at` is still at least the start of the epoch plus one interval for each
 * used token. An interval of length t that begins in this epoch accepts at most burst + (t + epoch) / interval: at most
 * one token more than without returns, and only for a bucket with returned tokens.
 *
 * Send it only once: a repeated write could return a token that was never taken. A lost write costs the token. The name
 * of an epoch repeats after 32 epochs. By then `full_at` is too late to belong to this epoch, or at least 8 s have
 * passed, which is longer than an abandoned call can be in progress.
 */
export const bucketReturn = (
  bucket: Bucket,
  takenAtMicros: number,
): Omit<UpdateItem, 'TableName' | 'Key'> => {
  const { epoch, startMicros } = epochOf(bucket, takenAtMicros);
  return {
    UpdateExpression: `SET ${fullAt} = ${fullAt} - :cost, ${epoch} = ${epoch} - :cost`,
    ConditionExpression: `${epoch} BETWEEN :least AND :latest`,
    ExpressionAttributeValues: numbers({
      ':cost': bucket.intervalMicros,
      ':least': startMicros + bucket.intervalMicros,
      ':latest': startMicros + bucket.epochMicros + bucket.fillMicros,
    }),
  };
};

/** When the bucket of the item is full. Undefined if there is no bucket. */
export const fullAtOf = (item: Item | undefined): number | undefined => {
  const value = item?.[fullAt];
  return value !== undefined && 'N' in value ? Number(value.N) : undefined;
};

interface Epoch {
  /** Its attribute name in the item. */
  readonly epoch: string;
  readonly startMicros: number;
}

const epochOf = ({ epochMicros }: Bucket, atMicros: number): Epoch => {
  const ordinal = Math.floor(atMicros / epochMicros);
  const epoch = epochNames[ordinal % epochNames.length] ?? '';
  return { epoch, startMicros: ordinal * epochMicros };
};

interface Take {
  readonly value: string;
  readonly condition: string;
  readonly inputs: Readonly<Record<string, number>>;
}

type Kind = BucketWrite['kind'];

const takes: Readonly<
  Record<Kind, (write: BucketWrite, epoch: string, startMicros: number) => Take>
> = {
  add: (write) => ({
    value: `${fullAt} + :cost`,
    condition: `${fullAt} BETWEEN :now AND :latest`,
    inputs: { ':cost': costOf(write), ':now': write.nowMicros, ':latest': latestOf(write) },
  }),
  renew: (write, epoch, startMicros) => {
    const hasRoom = `${epoch} BETWEEN :start AND :latest`;
    const isUntouched = `attribute_not_exists(${epoch})`;
    return {
      value: `if_not_exists(${epoch}, :now) + :cost`,
      condition: `${hasRoom} OR (${isUntouched} AND ${isFull})`,
      inputs: {
        ':cost': costOf(write),
        ':now': write.nowMicros,
        ':start': startMicros,
        ':latest': latestOf(write),
      },
    };
  },
  restart: (write) => ({
    value: ':value',
    condition: isFull,
    inputs: { ':value': write.nowMicros + costOf(write), ':now': write.nowMicros },
  }),
};

const isFull = `(attribute_not_exists(${fullAt}) OR ${fullAt} <= :now)`;

const costOf = ({ bucket, tokens }: BucketWrite): number => tokens * bucket.intervalMicros;

const latestOf = ({ bucket, tokens, nowMicros }: BucketWrite): number =>
  latestFullAt(bucket, tokens, nowMicros);

const numbers = (values: Readonly<Record<string, number>>): Item =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { N: String(value) }]));
