import type { DynamoDb } from '../../stores/dynamodb/dynamodb.ts';
import { faultKey, faultOf, type InjectedFault } from './injected-fault.ts';

export interface FaultSwitch {
  /** The active fault, as it was at most two seconds ago. Never throws: while it cannot be read, the last one stays active until its end. */
  active(): Promise<InjectedFault | undefined>;
}

interface Dependencies {
  readonly dynamoDb: Pick<DynamoDb, 'getItem'>;
  /** The rate-limits table. */
  readonly tableName: string;
  readonly now: () => number;
}

const rereadAfterMs = 2_000;
/** The longest that a request waits for the read. */
const readWithinMs = 300;

export const createFaultSwitch = ({ dynamoDb, tableName, now }: Dependencies): FaultSwitch => {
  let fault: InjectedFault | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;

  const read = async (nowMs: number): Promise<void> => {
    readAtMs = nowMs;
    const key = { TableName: tableName, Key: faultKey };
    try {
      fault = faultOf(await dynamoDb.getItem(key, { deadlineMs: nowMs + readWithinMs }), nowMs);
    } catch {
      // The fault that was read last stays active.
    }
  };

  return {
    active: async () => {
      const nowMs = now();
      if (nowMs - readAtMs >= rereadAfterMs) await read(nowMs);
      return fault !== undefined && fault.endsAtMs > now() ? fault : undefined;
    },
  };
};
