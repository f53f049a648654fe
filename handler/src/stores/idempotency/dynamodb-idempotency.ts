import { tableName } from '../../environment.ts';
import type { StoreKind } from '../../parts.ts';
import { numberOf, textOf } from '../dynamodb/attributes.ts';
import {
  ConditionNotMet,
  type DynamoDb,
  type Item,
  type UpdateItem,
} from '../dynamodb/dynamodb.ts';
import type { EarlierRequest, IdempotencyStore } from './idempotency-store.ts';
import { decodeResponse, encodeResponse } from './stored-response.ts';

declare module '../../parts.ts' {
  interface Stores {
    readonly idempotency?: IdempotencyStore;
  }
}

/** Idempotency keys in a table of DynamoDB. */
export const dynamoDbIdempotency: StoreKind<IdempotencyStore> = ({ read }) => {
  const table = read(
    'GATEWAY_IDEMPOTENCY_TABLE_NAME',
    'the name of the table of idempotency keys',
    tableName,
  );
  return ({ dynamoDb, now }) => ({
    store: createIdempotencyStore({ dynamoDb, tableName: table, now }),
    checks: {},
  });
};

interface Dependencies {
  readonly dynamoDb: DynamoDb;
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Two writes a request, or one for a repeated request. A write of DynamoDB's is atomic, so of concurrent requests with
 * a key exactly one is the first.
 */
export const createIdempotencyStore = ({
  dynamoDb,
  tableName,
  now,
}: Dependencies): IdempotencyStore => {
  const itemOf = (key: string) => ({
    TableName: tableName,
    Key: { idempotency_key: { S: key } },
  });
  const seconds = (ms: number) => ({ N: String(Math.ceil(ms / 1_000)) });

  /** Of the item that the request has begun. One that another request has begun since is left as it is. */
  const update = async (
    key: string,
    requestId: string,
    { names, values, ...change }: Change,
    deadlineMs: number,
  ): Promise<void> => {
    try {
      await dynamoDb.updateItem(
        {
          ...itemOf(key),
          ...change,
          ConditionExpression: 'request_id = :id',
          ...(names && { ExpressionAttributeNames: names }),
          ExpressionAttributeValues: { ':id': { S: requestId }, ...values },
        },
        { deadlineMs },
      );
    } catch (error) {
      if (!(error instanceof ConditionNotMet)) throw error;
    }
  };

  return {
    begin: async (key, { requestId, fingerprint, leaseEndsAtMs, endsAtMs }, deadlineMs) => {
      try {
        await dynamoDb.updateItem(
          {
            ...itemOf(key),
            UpdateExpression:
              'SET request_id = :id, fingerprint = :fingerprint, lease_ends_at = :lease, #ttl = :ttl REMOVE response_head, response_body',
            // DynamoDB deletes items up to days after their end.
            ConditionExpression: 'attribute_not_exists(idempotency_key) OR #ttl <= :now',
            ExpressionAttributeNames: { '#ttl': 'ttl' },
            ExpressionAttributeValues: {
              ':id': { S: requestId },
              ':fingerprint': { S: fingerprint },
              ':lease': { N: String(leaseEndsAtMs) },
              ':ttl': seconds(endsAtMs),
              ':now': { N: String(Math.floor(now() / 1_000)) },
            },
          },
          { deadlineMs },
        );
        return undefined;
      } catch (error) {
        if (!(error instanceof ConditionNotMet)) throw error;
        // A write whose response was lost has been repeated: the request is the first after all.
        return isOwn(error.item, requestId) ? undefined : earlierIn(error.item);
      }
    },
    finish: async (key, requestId, response, deadlineMs) => {
      const stored = encodeResponse(response);
      const change: Change =
        stored === undefined
          ? { UpdateExpression: 'REMOVE lease_ends_at' }
          : {
              UpdateExpression:
                'SET response_head = :head, response_body = :body REMOVE lease_ends_at',
              values: { ':head': { S: stored.head }, ':body': { S: stored.body } },
            };
      await update(key, requestId, change, deadlineMs);
    },
    release: async (key, requestId, deadlineMs) => {
      const change: Change = {
        UpdateExpression: 'SET #ttl = :past',
        names: { '#ttl': 'ttl' },
        // Whatever the clocks of other execution environments say.
        values: { ':past': seconds(now() - 60_000) },
      };
      await update(key, requestId, change, deadlineMs);
    },
  };
};

interface Change extends Pick<UpdateItem, 'UpdateExpression'> {
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Item;
}

const isOwn = (item: Item | undefined, requestId: string): boolean =>
  textOf(item?.['request_id']) === requestId && textOf(item?.['response_head']) === undefined;

const earlierIn = (item: Item | undefined): EarlierRequest => {
  const head = textOf(item?.['response_head']);
  return {
    fingerprint: textOf(item?.['fingerprint']) ?? '',
    response:
      head === undefined
        ? undefined
        : decodeResponse({ head, body: textOf(item?.['response_body']) ?? '' }),
    leaseEndsAtMs: numberOf(item?.['lease_ends_at']),
  };
};
