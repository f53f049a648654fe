import type {
  BatchWriteItemCommand,
  BatchWriteItemCommandOutput,
  WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { writeSessions } from './temporary-sessions.ts';

const puts = (count: number): WriteRequest[] =>
  Array.from({ length: count }, (_, index) => ({
    PutRequest: { Item: { session_id: { S: `s${index}` } } },
  }));

/** Accepts only a number of writes of each call, and records them. */
const dynamoDbTaking = (atOnce: number) => {
  const calls: number[] = [];
  const taken: WriteRequest[] = [];
  const send = async ({ input }: BatchWriteItemCommand): Promise<BatchWriteItemCommandOutput> => {
    const requests = input.RequestItems?.['sessions'] ?? [];
    calls.push(requests.length);
    taken.push(...requests.slice(0, atOnce));
    const left = requests.slice(atOnce);
    return { $metadata: {}, UnprocessedItems: left.length === 0 ? {} : { sessions: left } };
  };
  return { calls, taken, client: { send } as Parameters<typeof writeSessions>[0] };
};

describe('writeSessions', () => {
  it('writes no more in one call than DynamoDB takes', async () => {
    const { calls, taken, client } = dynamoDbTaking(25);
    await writeSessions(client, 'sessions', puts(51));
    expect(calls).toEqual([25, 25, 1]);
    expect(taken).toEqual(puts(51));
  });

  it('sends unprocessed items again', async () => {
    const { calls, taken, client } = dynamoDbTaking(10);
    await writeSessions(client, 'sessions', puts(25));
    expect(calls).toEqual([25, 15, 5]);
    expect(taken).toEqual(puts(25));
  });
});
