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

/** The names go round: a bucket whose last write was a multiple of so many epochs ago needs a second one. */
const epochNames = Array.from({ length: 32 }, (_, index) => `e${index}`);

const otherNames = new Map(
  epochNames.map((epoch) => [epoch, epochNames.filter((other) => other !== epoch).join(', ')]),
);

/** An item outlives the moment at which its bucket is full again by this, as clocks differ. */
const ttlMarginSeconds = 60;

/**
 * Takes tokens by one conditional write, or fails with the item as it stands.
 *
 * What it takes is `full_at = max(full_at, now) + cost`, and DynamoDB knows no max(). All it has is `if_not_exists()`,
 * which tells an attribute that is there from one that is not. So time is cut into epochs, and `full_at` is kept a second
 * time under the name of the epoch of the last write. Where the present epoch's name is missing, nothing was taken in it
 * yet, and a bucket that is full is counted from now on. `renew` does either in one write, whatever others did meanwhile;
 * it fails only for a bucket that was not full when the epoch began, which is one for `add` and known from then on.
 *
 * Within its epoch a full bucket's time stands still, and what flows in is not lost. So an interval of length t may admit
 * what flowed in since its epoch began: burst + (t + epoch - interval) / interval at most, and from a fresh bucket's
 * first token on exactly burst + t / interval. `full_at` never decreases, whatever the clocks of the writers say, but by
 * `bucketReturn`.
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
 * Gives back one token that a write took at `takenAtMicros`. Fails with the item as it stands once another epoch's write
 * came after that one: the bucket may have been full since, and counted from then on, and the token would be one too many.
 *
 * Within an epoch each token taken moves `full_at` on by an interval at least, from the epoch's start or later. So if one
 * that was taken in an epoch is given back in it, `full_at` is still no earlier than the epoch's start and an interval for
 * each token that was used. An interval of length t that begins in it admits burst + (t + epoch) / interval at most: one
 * token more than without, at the very most, and only of a bucket that was given tokens back.
 *
 * Send it once only: a repeated one may give back a token that nobody took. That it is lost costs the token. An epoch's
 * name comes round again after 32 epochs; `full_at` is then too late to be this epoch's, or 8 s have passed at least, which
 * is longer than a call that was given up can be under way.
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

/** When the item's bucket is full; undefined where there is none. */
export const fullAtOf = (item: Item | undefined): number | undefined => {
  const value = item?.[fullAt];
  return value !== undefined && 'N' in value ? Number(value.N) : undefined;
};

interface Epoch {
  /** The name it goes by in the item. */
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
