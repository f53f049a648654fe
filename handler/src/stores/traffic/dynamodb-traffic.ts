import { tableName } from '../../environment.ts';
import type { StoreKind } from '../../parts.ts';
import { trafficKey, weightsIn } from './traffic-item.ts';
import type { TrafficStore } from './traffic-store.ts';

/** The weights that `make traffic` writes, in a table of DynamoDB. Not a check of `/health/ready`: without them, the contract's apply. */
export const dynamoDbTraffic: StoreKind<TrafficStore> = ({ read }) => {
  const table = read('GATEWAY_TRAFFIC_TABLE_NAME', 'the name of the table of weights', tableName);
  return ({ dynamoDb }) => ({
    store: {
      read: async (deadlineMs) =>
        weightsIn(await dynamoDb.getItem({ TableName: table, Key: trafficKey }, { deadlineMs })),
    },
    checks: {},
  });
};
