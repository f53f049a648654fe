import { describe, expect, it, jest } from '@jest/globals';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import { ConditionNotMet, type DynamoDb } from '../dynamodb/dynamodb.ts';
import { checkBuckets } from './check-buckets.ts';

const checkWith = (error: Error) => {
  const updateItem = jest.fn<DynamoDb['updateItem']>(async () => {
    throw error;
  });
  return { updateItem, check: checkBuckets({ dynamoDb: { updateItem }, tableName: 'limits' }) };
};

describe('the check of the rate-limits table', () => {
  it('tries a write whose condition is never true, so that it writes nothing', async () => {
    const { updateItem, check } = checkWith(new ConditionNotMet(undefined));
    await expect(check(750)).resolves.toBeUndefined();
    expect(updateItem).toHaveBeenCalledWith(
      expect.objectContaining({
        TableName: 'limits',
        ConditionExpression: 'attribute_exists(rate_limit_key)',
      }),
      { deadlineMs: 750 },
    );
  });

  it('fails if the table cannot be reached', async () => {
    const { check } = checkWith(new StoreUnavailable('down'));
    await expect(check(750)).rejects.toBeInstanceOf(StoreUnavailable);
  });
});
