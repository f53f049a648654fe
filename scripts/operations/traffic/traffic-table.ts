import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  trafficKey,
  weightsAttribute,
  weightsIn,
} from '../../../handler/src/stores/traffic/traffic-item.ts';
import type { Item } from '../../../handler/src/stores/dynamodb/dynamodb.ts';
import type { TrafficWeights } from '../../../handler/src/stores/traffic/traffic-store.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';

/** One change of weights that can be undone. */
export interface Change {
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** The ARN of the caller. */
  readonly who: string;
  /** What the caller asked for, in make's form. */
  readonly what: string;
  /** All weights of the table before it. */
  readonly before: TrafficWeights;
}

/** What the table holds. */
export interface Traffic {
  readonly weights: TrafficWeights;
  /** The newest first. */
  readonly changes: readonly Change[];
  /** ISO 8601 in UTC: until then, the newest change is watched, and may be undone by itself. */
  readonly watchedUntil?: string | undefined;
}

export interface TrafficTable {
  read(): Promise<StoredTraffic>;
  /** Throws a `CommandError` if the table has changed since `stored` was read. */
  write(stored: StoredTraffic, traffic: Traffic): Promise<StoredTraffic>;
}

export interface StoredTraffic extends Traffic {
  /** Increases with each write. 0: nothing was written yet. */
  readonly revision: number;
}

/** Of the item that every execution environment reads: it has to stay small. */
const mostChanges = 10;

export const trafficTable = (
  client: Pick<DynamoDBClient, 'send'>,
  tableName: string,
): TrafficTable => ({
  read: async () => {
    const { Item: item } = await client.send(
      new GetItemCommand({ TableName: tableName, Key: trafficKey, ConsistentRead: true }),
    );
    const { changes, watched_until: until, revision } = item ?? {};
    return {
      weights: weightsIn(item as Item | undefined),
      changes: JSON.parse(changes?.S ?? '[]') as readonly Change[],
      ...(until?.S !== undefined && { watchedUntil: until.S }),
      revision: Number(revision?.N ?? 0),
    };
  },
  write: async ({ revision }, { weights, changes, watchedUntil }) => {
    const kept = changes.slice(0, mostChanges);
    const next = String(revision + 1);
    try {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: {
            ...trafficKey,
            [weightsAttribute]: { S: JSON.stringify(weights) },
            changes: { S: JSON.stringify(kept) },
            revision: { N: next },
            ...(watchedUntil !== undefined && { watched_until: { S: watchedUntil } }),
          },
          ConditionExpression:
            revision === 0 ? 'attribute_not_exists(traffic_id)' : 'revision = :revision',
          ...(revision > 0 && {
            ExpressionAttributeValues: { ':revision': { N: String(revision) } },
          }),
        }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException)
        throw new CommandError(
          'The weights were changed by another command in the meantime, and stay as that command has set them.',
        );
      throw error;
    }
    return { weights, changes: kept, watchedUntil, revision: revision + 1 };
  },
});
