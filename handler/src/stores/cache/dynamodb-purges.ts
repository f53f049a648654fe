import { tableName } from '../../environment.ts';
import type { StoreKind } from '../../parts.ts';
import { type PurgeList, purgesKey, readPurges } from './purge-list.ts';

declare module '../../parts.ts' {
  interface Stores {
    readonly cachePurges?: CachePurges;
  }
}

export interface CachePurges {
  /** As it is now. Throws `StoreUnavailable`. */
  read(deadlineMs: number): Promise<PurgeList>;
}

/** The purges in the table of the cache. */
export const dynamoDbCachePurges: StoreKind<CachePurges> = ({ read }) => {
  const table = read('GATEWAY_CACHE_TABLE_NAME', 'the name of the table of the cache', tableName);
  return ({ dynamoDb }) => ({
    store: {
      read: async (deadlineMs) =>
        readPurges(
          await dynamoDb.getItem(
            { TableName: table, Key: { cache_key: { S: purgesKey } }, ConsistentRead: true },
            { deadlineMs },
          ),
        ),
    },
    checks: {},
  });
};
