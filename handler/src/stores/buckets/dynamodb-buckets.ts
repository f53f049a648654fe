import { tableName } from '../../environment.ts';
import type { StoreKind } from '../../parts.ts';
import { type Buckets, createBuckets } from './bucket-store.ts';
import { checkBuckets } from './check-buckets.ts';

/** Token buckets in a table of DynamoDB. */
export const dynamoDbBuckets: StoreKind<Buckets> = ({ read }) => {
  const table = read(
    'GATEWAY_RATELIMIT_TABLE_NAME',
    'the name of the rate-limits table',
    tableName,
  );
  return ({ dynamoDb, now }) => {
    const dependencies = { dynamoDb, tableName: table };
    return {
      store: createBuckets({ ...dependencies, now }),
      checks: { rate_limit_table: checkBuckets(dependencies) },
    };
  };
};
