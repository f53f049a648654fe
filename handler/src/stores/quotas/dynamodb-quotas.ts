import { tableName } from '../../environment.ts';
import type { StoreKind } from '../../parts.ts';
import { ConditionNotMet } from '../dynamodb/dynamodb.ts';
import { createQuotas } from './quota-store.ts';
import type { Quotas } from './quota.ts';

/** Quotas in a table of DynamoDB. */
export const dynamoDbQuotas: StoreKind<Quotas> = ({ read }) => {
  const table = read('GATEWAY_USAGE_TABLE_NAME', 'the name of the usage table', tableName);
  return ({ dynamoDb, now }) => ({
    store: createQuotas({ dynamoDb, tableName: table, now }),
    checks: {
      // Fails where the table cannot be written. It writes nothing itself.
      usage_table: (deadlineMs) =>
        dynamoDb
          .updateItem(
            {
              TableName: table,
              Key: { usage_id: { S: 'readiness-probe' } },
              UpdateExpression: 'SET used = :none',
              ConditionExpression: 'attribute_exists(usage_id)',
              ExpressionAttributeValues: { ':none': { N: '0' } },
            },
            { deadlineMs },
          )
          .catch((error: unknown) => {
            if (!(error instanceof ConditionNotMet)) throw error;
          }),
    },
  });
};
