import { tableName } from '../../environment.ts';
import type { StoreKind } from '../../parts.ts';
import { createSessionStore, type SessionStore } from './session-store.ts';

/** Sessions in a table of DynamoDB. */
export const dynamoDbSessions: StoreKind<SessionStore> = ({ read }) => {
  const table = read('GATEWAY_SESSION_TABLE_NAME', 'the name of the sessions table', tableName);
  return ({ dynamoDb, now }) => ({
    store: createSessionStore({ dynamoDb, tableName: table, now }),
    checks: {
      session_table: (deadlineMs) =>
        dynamoDb.getItem(
          { TableName: table, Key: { session_id: { S: 'readiness-probe' } } },
          { deadlineMs },
        ),
    },
  });
};
