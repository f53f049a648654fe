import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  QueryCommand,
  type QueryCommandOutput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { CommandError } from '../../stack/command-line/command-error.ts';

/** The index of `terraform/modules/dynamodb`, by the items' top-level `user_id`. */
export const userIndex = 'by-user';

/** Segments read in parallel, which shortens the scan of a large table. */
const segments = 8;

/** If a user signs in faster than this many passes end their sessions, the login service must stop the user. */
const mostPasses = 10;

/**
 * Ends all sessions of a user and returns how many still held. The index finds most of them at once; it is eventually
 * consistent and lacks the items that have no top-level `user_id`. So the whole table is read as well, strongly
 * consistent, repeatedly until a pass finds none.
 */
export const endSessionsOf = async (
  client: Pick<DynamoDBClient, 'send'>,
  { tableName, userId, nowMs }: { tableName: string; userId: string; nowMs: number },
): Promise<number> => {
  let ended = 0;

  const end = async (key: string): Promise<void> => {
    const { Attributes: item } = await client.send(
      new DeleteItemCommand({
        TableName: tableName,
        Key: { session_id: { S: key } },
        ReturnValues: 'ALL_OLD',
      }),
    );
    // Items past their ttl wait for DynamoDB to delete them: these sessions had ended before.
    if (item !== undefined && Number(item['ttl']?.N) * 1000 > nowMs) ended += 1;
  };

  /** Ends the sessions of each page, and returns their number. */
  const endAll = async (
    readPage: (start: Key | undefined) => Promise<Pick<QueryCommandOutput, PageFields>>,
  ): Promise<number> => {
    let found = 0;
    let start: Key | undefined;
    do {
      const page = await readPage(start);
      for (const { session_id: id } of page.Items ?? []) {
        if (id?.S === undefined) continue;
        await end(id.S);
        found += 1;
      }
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return found;
  };

  const endIndexed = (): Promise<number> =>
    endAll((start) =>
      client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: userIndex,
          KeyConditionExpression: 'user_id = :user',
          ExpressionAttributeValues: { ':user': { S: userId } },
          ExclusiveStartKey: start,
        }),
      ),
    ).catch((error: unknown) => {
      if (isWithoutIndex(error)) return 0;
      throw error;
    });

  const endScanned = async (): Promise<number> => {
    const found = await Promise.all(
      Array.from({ length: segments }, (_, segment) =>
        endAll((start) =>
          client.send(
            new ScanCommand({
              TableName: tableName,
              ConsistentRead: true,
              Segment: segment,
              TotalSegments: segments,
              FilterExpression: 'user_id = :user OR #data.user_id = :user',
              ProjectionExpression: 'session_id',
              ExpressionAttributeNames: { '#data': 'data' },
              ExpressionAttributeValues: { ':user': { S: userId } },
              ExclusiveStartKey: start,
            }),
          ),
        ),
      ),
    );
    return found.reduce((sum, count) => sum + count, 0);
  };

  await endIndexed();
  for (let pass = 1; (await endScanned()) > 0; pass += 1) {
    if (pass === mostPasses) {
      throw new CommandError(
        `${userId} still has sessions after ${ended} were ended: new ones are made all the time. ` +
          'Block the user at your login service, then run this again.',
      );
    }
  }
  return ended;
};

type PageFields = 'Items' | 'LastEvaluatedKey';

type Key = Record<string, AttributeValue>;

/** A table of an earlier version, until the next `make deploy`: the scan finds everything all the same. */
const isWithoutIndex = (error: unknown): boolean =>
  error instanceof DynamoDBServiceException &&
  (error.name === 'ResourceNotFoundException' || error.name === 'ValidationException') &&
  /index/i.test(error.message);
