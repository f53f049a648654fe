import {
  type AttributeValue as SdkValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type CallOptions, StoreUnavailable } from '../../aws/aws-call.ts';
import type { AwsSettings } from '../../aws/json-client.ts';
import { sdkSettings, untilDeadline } from '../../aws/sdk-settings.ts';
import { mapValues } from '../../environment.ts';
import { type AttributeValue, ConditionNotMet, type DynamoDb, type Item } from './dynamodb.ts';

/** DynamoDB through the AWS SDK: what `dynamodb-client.ts` is where a build has `AWS_CLIENT=sdk`. */
export const createDynamoDb = (settings: AwsSettings): DynamoDb => {
  const { now } = settings;
  const config = sdkSettings(settings, 800);
  const retrying = new DynamoDBClient(config);
  // The SDK counts attempts by client, not by call. This one shares the other's connections.
  const once = new DynamoDBClient({
    ...config,
    maxAttempts: 1,
    requestHandler: retrying.config.requestHandler,
  });
  const clientFor = (options: CallOptions): DynamoDBClient => (options.once ? once : retrying);
  return {
    getItem: async ({ TableName, Key, ConsistentRead }, options) => {
      const command = new GetItemCommand({ TableName, Key: sdkItem(Key), ConsistentRead });
      const { Item } = await clientFor(options)
        .send(command, untilDeadline(options, now()))
        .catch(asStoreError);
      return Item && ownItem(Item);
    },
    updateItem: async ({ Key, ExpressionAttributeValues: values, ...input }, options) => {
      const command = new UpdateItemCommand({
        ...input,
        Key: sdkItem(Key),
        ExpressionAttributeValues: values && sdkItem(values),
        ReturnValues: 'UPDATED_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      const { Attributes } = await clientFor(options)
        .send(command, untilDeadline(options, now()))
        .catch(asStoreError);
      return (Attributes ?? {}) as Item;
    },
  };
};

/** Both have the form of the wire, except for bytes; the SDK's type lacks `readonly`. */
const sdkItem = (item: Item): Record<string, SdkValue> =>
  mapValues(item, (value) =>
    'B' in value ? { B: Buffer.from(value.B, 'base64') } : (value as SdkValue),
  );

const ownItem = (item: Record<string, SdkValue>): Item =>
  mapValues(item, (value) =>
    value.B === undefined
      ? (value as AttributeValue)
      : { B: Buffer.from(value.B).toString('base64') },
  );

const asStoreError = (cause: unknown): never => {
  if (cause instanceof ConditionalCheckFailedException) {
    throw new ConditionNotMet(cause.Item as Item | undefined);
  }
  throw new StoreUnavailable('DynamoDB gave no usable response', { cause });
};
