import {
  type AttributeValue as SdkValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { StoreUnavailable } from '../src/aws/aws-call.ts';
import { ConditionNotMet, type DynamoDb, type Item } from '../src/stores/dynamodb/dynamodb.ts';
import type { AwsSettings } from '../src/aws/json-client.ts';

/**
 * The port by the AWS SDK, tuned as far as it goes: the reference for the contract's tests, and what the project's own
 * client is measured against.
 */
export const createSdkDynamoDb = (settings: AwsSettings): DynamoDb & { destroy(): void } => {
  const { region, endpoint, credentials } = settings;
  const client = new DynamoDBClient({
    region,
    ...(endpoint && { endpoint: endpoint.href }),
    credentials: async () => {
      const { sessionToken, ...keys } = credentials();
      return { ...keys, ...(sessionToken !== undefined && { sessionToken }) };
    },
    maxAttempts: 2,
    requestHandler: {
      httpAgent: { keepAlive: true, noDelay: true },
      requestTimeout: 800,
      throwOnRequestTimeout: true,
    },
  });
  return {
    getItem: async ({ TableName, Key, ConsistentRead }, { deadlineMs }) => {
      const command = new GetItemCommand({
        TableName,
        Key: Key as Record<string, SdkValue>,
        ...(ConsistentRead !== undefined && { ConsistentRead }),
      });
      const { Item } = await client.send(command, until(deadlineMs)).catch(asStoreError);
      return Item as Item | undefined;
    },
    updateItem: async ({ Key, ExpressionAttributeValues, ...input }, { deadlineMs }) => {
      const command = new UpdateItemCommand({
        ...(input as { TableName: string }),
        Key: Key as Record<string, SdkValue>,
        ExpressionAttributeValues: ExpressionAttributeValues as
          Record<string, SdkValue> | undefined,
        ReturnValues: 'UPDATED_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      const { Attributes } = await client.send(command, until(deadlineMs)).catch(asStoreError);
      return (Attributes ?? {}) as Item;
    },
    destroy: () => client.destroy(),
  };
};

const until = (deadlineMs: number): { abortSignal: AbortSignal } => ({
  abortSignal: AbortSignal.timeout(Math.max(0, deadlineMs - Date.now())),
});

const asStoreError = (cause: unknown): never => {
  if (cause instanceof ConditionalCheckFailedException) {
    throw new ConditionNotMet(cause.Item as Item | undefined);
  }
  throw new StoreUnavailable('DynamoDB gave no answer to rely on', { cause });
};
