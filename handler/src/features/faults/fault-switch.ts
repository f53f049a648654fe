import type { DynamoDb } from '../../stores/dynamodb/dynamodb.ts';
import { faultKey, faultOf, type InjectedFault } from './injected-fault.ts';

export interface FaultSwitch {
  /** The fault in force, as it was at most two seconds ago. Never throws: while it cannot be read, the last one holds to its end. */
  inForce(): Promise<InjectedFault | undefined>;
}

interface Dependencies {
  readonly dynamoDb: DynamoDb;
  readonly tableName: string;
  readonly now: () => number;
}

const rereadAfterMs = 2_000;
/** A request waits no longer for it. */
const readWithinMs = 300;

export const createFaultSwitch = ({ dynamoDb, tableName, now }: Dependencies): FaultSwitch => {
  let fault: InjectedFault | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;

  const read = async (nowMs: number): Promise<void> => {
    readAtMs = nowMs;
    const key = { TableName: tableName, Key: { session_id: { S: faultKey } } };
    try {
      fault = faultOf(await dynamoDb.getItem(key, { deadlineMs: nowMs + readWithinMs }), nowMs);
    } catch {
      // What was read last holds.
    }
  };

  return {
    inForce: async () => {
      const nowMs = now();
      if (nowMs - readAtMs >= rereadAfterMs) await read(nowMs);
      return fault !== undefined && fault.endsAtMs > now() ? fault : undefined;
    },
  };
};
