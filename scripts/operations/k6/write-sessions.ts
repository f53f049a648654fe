import { setTimeout as delay } from 'node:timers/promises';
import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';

/** BatchWriteItem takes no more in one call. */
const mostAtOnce = 25;
const attempts = 8;

/** Puts and deletes, as many as there are. What DynamoDB leaves undone is asked for again, ever later. */
export const writeSessions = async (
  dynamoDb: Pick<DynamoDBClient, 'send'>,
  tableName: string,
  requests: readonly WriteRequest[],
): Promise<void> => {
  for (let start = 0; start < requests.length; start += mostAtOnce) {
    await writeBatch(dynamoDb, tableName, requests.slice(start, start + mostAtOnce));
  }
};

const writeBatch = async (
  dynamoDb: Pick<DynamoDBClient, 'send'>,
  tableName: string,
  batch: WriteRequest[],
): Promise<void> => {
  let left = batch;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (attempt > 0) await delay(50 * 2 ** attempt);
    const command = new BatchWriteItemCommand({ RequestItems: { [tableName]: left } });
    const { UnprocessedItems: unprocessed = {} } = await dynamoDb.send(command);
    left = unprocessed[tableName] ?? [];
    if (left.length === 0) return;
  }
  throw new Error(`DynamoDB left ${left.length} writes to ${tableName} undone, ${attempts} times`);
};
