import { createHash } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { documents } from './documents.ts';
import { settings } from './settings.ts';

export interface Session {
  userId: string;
  roles: string[];
}

/** Undefined where the session has ended or never was. */
export const readSession = async (sessionId: string): Promise<Session | undefined> => {
  const { Item: item } = await documents.send(
    new GetCommand({
      TableName: settings.sessionTable,
      Key: { session_id: createHash('sha256').update(sessionId).digest('hex') },
      ConsistentRead: true,
    }),
  );
  if (!item || item['ttl'] * 1000 <= Date.now()) return undefined;
  return { userId: item['data'].user_id, roles: item['data'].roles };
};
