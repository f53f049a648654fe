import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { documents } from './documents.ts';
import { settings } from './settings.ts';

/**
 * A fixed window, counted by one unconditional UpdateItem: the cheapest shared limiter that can be
 * written, and less work than the DynamoDB stores of the limiter packages (one or two writes a call).
 */
export const withinLimit = async (userId: string): Promise<boolean> => {
  const windowStart = Math.floor(Date.now() / 1000 / settings.windowSeconds);
  const { Attributes: counted } = await documents.send(
    new UpdateCommand({
      TableName: settings.rateLimitTable,
      Key: { rate_limit_key: `member#${userId}#${windowStart}` },
      UpdateExpression: 'SET hits = if_not_exists(hits, :zero) + :one, #ttl = :ttl',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':zero': 0,
        ':one': 1,
        ':ttl': (windowStart + 2) * settings.windowSeconds,
      },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return counted?.['hits'] <= settings.requestsPerWindow;
};
