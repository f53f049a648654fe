import { ConditionNotMet, type DynamoDb } from '../dynamodb/dynamodb.ts';

interface Dependencies {
  readonly dynamoDb: Pick<DynamoDb, 'updateItem'>;
  readonly tableName: string;
}

/** Fails where the table cannot be written. It writes nothing itself. */
export const checkBuckets =
  ({ dynamoDb, tableName }: Dependencies) =>
  (deadlineMs: number): Promise<unknown> =>
    dynamoDb
      .updateItem(
        {
          TableName: tableName,
          Key: { rate_limit_key: { S: 'readiness-probe' } },
          UpdateExpression: 'SET full_at = :zero',
          ConditionExpression: 'attribute_exists(rate_limit_key)', // Never: the probe writes nothing.
          ExpressionAttributeValues: { ':zero': { N: '0' } },
        },
        { deadlineMs },
      )
      .catch(unlessConditionNotMet);

const unlessConditionNotMet = (error: unknown): void => {
  if (!(error instanceof ConditionNotMet)) throw error;
};
