import { StoreUnavailable } from '../../aws/aws-call.ts';
import { createRecent } from '../../memory/recent.ts';
import { createDemand, type Demand } from '../buckets/demand.ts';
import { bounded } from '../buckets/limit-key.ts';
import { numberOf } from '../dynamodb/attributes.ts';
import { ConditionNotMet, type DynamoDb, type Item } from '../dynamodb/dynamodb.ts';
import { isIn, type Span, spanOf } from './period.ts';
import type { Quota, Quotas } from './quota.ts';

interface Dependencies {
  readonly dynamoDb: Pick<DynamoDb, 'updateItem'>;
  readonly tableName: string;
  readonly now: () => number;
}

/** What one execution environment knows of one caller. If it is lost, its block is lost, and no request is added. */
interface Memory {
  readonly demand: Demand;
  span: Span;
  /** As the table had it when it was last written. It only grows. */
  used: number;
  /** Requests that are written to the table and not yet used. */
  block: number;
}

/** A store that takes longer counts as unavailable: the request itself needs the time. */
const storeTimeoutMs = 1_500;

/** About 4 MB. */
const maxCallers = 10_000;

/**
 * A block has what this environment needs for this long, by its requests of the last second, and at most this part of
 * what is left. So what the blocks of all environments hold is about this long of the caller's own traffic.
 */
const block = { aheadSeconds: 1, ofRemaining: 1 / 128 };

/** Usage is kept for 13 months after its period: for reports. */
const keepSeconds = 400 * 86_400;

/**
 * Quotas in DynamoDB, one item for each caller, plan and period. Requests are taken in blocks by one conditional write,
 * `used + block <= limit`, so that environments together never allow more than the limit, whatever is lost or repeated
 * on the way. A lost response, and an environment that ends, cost their caller the block.
 */
export const createQuotas = ({ dynamoDb, tableName, now }: Dependencies): Quotas => {
  const memories = createRecent<Memory>(maxCallers);

  /** Adds to the usage what the limit has room for: all of `requests` or, if that is too many, one. */
  const reserve = async (
    usageId: string,
    memory: Memory,
    { limit }: Quota,
    requests: number,
    deadlineMs: number,
  ): Promise<number> => {
    const { span } = memory;
    const update = async (added: number): Promise<number> => {
      const item = await dynamoDb.updateItem(
        {
          TableName: tableName,
          Key: { usage_id: { S: usageId } },
          UpdateExpression: 'SET used = if_not_exists(used, :none) + :added, #ttl = :ttl',
          ConditionExpression: 'attribute_not_exists(used) OR used <= :most',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: numbers({
            ':none': 0,
            ':added': added,
            ':most': limit - added,
            ':ttl': span.endMs / 1_000 + keepSeconds,
          }),
        },
        { deadlineMs },
      );
      noteUsed(memory, span, item);
      return added;
    };
    for (let added = requests; ; added = 1) {
      try {
        return await update(added);
      } catch (error) {
        if (!(error instanceof ConditionNotMet)) throw error;
        if (noteUsed(memory, span, error.item) >= limit || added === 1) return 0;
      }
    }
  };

  return {
    take: async (caller, quota, { deadlineMs }) => {
      const nowMs = now();
      const memory = memories.get(`${quota.name}#${caller}`, () => ({
        demand: createDemand(),
        ...nothingUsed(quota, nowMs),
      }));
      const perSecond = memory.demand.note(nowMs * 1_000);
      if (!isIn(memory.span, nowMs)) Object.assign(memory, nothingUsed(quota, nowMs));
      const { span } = memory;
      const decide = (allowed: boolean) => {
        const left = memory.span === span ? quota.limit - memory.used + memory.block : 0;
        return { allowed, span, remaining: Math.max(0, left) };
      };
      if (memory.block > 0) {
        memory.block -= 1;
        return decide(true);
      }
      const left = quota.limit - memory.used;
      if (left <= 0) return decide(false);
      const usageId = `${span.name}#${quota.name}#${bounded(caller)}`;
      const sendByMs = Math.min(deadlineMs, nowMs + storeTimeoutMs);
      const added = await reserve(usageId, memory, quota, blockOf(perSecond, left), sendByMs);
      if (added > 1 && memory.span === span) memory.block += added - 1;
      return decide(added > 0);
    },
  };
};

const nothingUsed = ({ period }: Quota, nowMs: number) => ({
  span: spanOf(period, nowMs),
  used: 0,
  block: 0,
});

/** One for a caller that comes once a second or less. */
const blockOf = (perSecond: number, left: number): number => {
  const wanted = 1 + (perSecond - 1) * block.aheadSeconds;
  return Math.max(1, Math.floor(Math.min(wanted, left * block.ofRemaining)));
};

const noteUsed = (memory: Memory, span: Span, item: Item | undefined): number => {
  const used = numberOf(item?.['used']);
  if (used === undefined) throw new StoreUnavailable('The usage has no number');
  if (memory.span === span) memory.used = Math.max(memory.used, used);
  return used;
};

const numbers = (values: Readonly<Record<string, number>>): Item =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { N: String(value) }]));
