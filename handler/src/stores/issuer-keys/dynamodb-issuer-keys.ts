import { tableName } from '../../environment.ts';
import type { StoreKind } from '../../parts.ts';
import { numberOf, textOf } from '../dynamodb/attributes.ts';
import { ConditionNotMet, type DynamoDb, type Item } from '../dynamodb/dynamodb.ts';
import type { ClaimReason, IssuerKeyStore, PublishedKeys } from './issuer-key-store.ts';

interface Dependencies {
  readonly dynamoDb: DynamoDb;
  readonly tableName: string;
}

/** Items beside the buckets, which have another prefix: no rate limit can have a name with a slash. */
export const dynamoDbIssuerKeys: StoreKind<IssuerKeyStore> = ({ read }) => {
  const table = read(
    'GATEWAY_RATELIMIT_TABLE_NAME',
    'the name of the rate-limits table',
    tableName,
  );
  return ({ dynamoDb }) => ({
    store: createIssuerKeyStore({ dynamoDb, tableName: table }),
    checks: {},
  });
};

/** Above this, an item would come near DynamoDB's limit of 400 KB; such keys are not shared. */
const maxJsonBytes = 300_000;

/** Longer than stored keys are used. DynamoDB deletes the item some time later. */
const keptSeconds = 2 * 24 * 3_600;

const attributes = { refresh: 'refresh_claimed_at', search: 'search_claimed_at' } as const;

/**
 * Reads are eventually consistent: they cost half as much, and many environments may start at once. Times are whole
 * milliseconds by the clock of the environment that wrote them.
 */
export const createIssuerKeyStore = ({ dynamoDb, tableName }: Dependencies): IssuerKeyStore => {
  const itemOf = (source: string) => ({
    TableName: tableName,
    Key: { rate_limit_key: { S: `issuer-keys/${source}` } },
  });
  return {
    find: async (source, deadlineMs) => {
      const item = await dynamoDb.getItem(itemOf(source), { deadlineMs });
      if (item === undefined) return undefined;
      const claimedAtMs = {
        refresh: numberOf(item[attributes.refresh]),
        search: numberOf(item[attributes.search]),
      };
      return { keys: keysIn(item), claimedAtMs: withoutUndefined(claimedAtMs) };
    },
    claim: async (source, { reason, atMs, afterMs }, deadlineMs) => {
      const name = attributes[reason];
      try {
        await dynamoDb.updateItem(
          {
            ...itemOf(source),
            UpdateExpression: `SET ${name} = :now`,
            ConditionExpression: `attribute_not_exists(${name}) OR ${name} <= :after`,
            ExpressionAttributeValues: {
              ':now': { N: String(atMs) },
              ':after': { N: String(afterMs) },
            },
          },
          { deadlineMs },
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionNotMet) return false;
        throw error;
      }
    },
    keep: async (source, keys, deadlineMs) => {
      const { json, readAtMs } = keys;
      if (Buffer.byteLength(json) > maxJsonBytes) return keys;
      await dynamoDb.updateItem(
        {
          ...itemOf(source),
          UpdateExpression: 'SET jwks = :jwks, read_at = :read_at, #ttl = :ttl',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: {
            ':jwks': { S: json },
            ':read_at': { N: String(readAtMs) },
            ':ttl': { N: String(Math.ceil(readAtMs / 1_000) + keptSeconds) },
          },
        },
        { deadlineMs },
      );
      return keys;
    },
  };
};

/** Undefined if the item has no keys, or something else in their place. */
const keysIn = ({ jwks, read_at: readAt }: Item): PublishedKeys | undefined => {
  const readAtMs = numberOf(readAt);
  const json = textOf(jwks);
  return readAtMs !== undefined && json !== undefined ? { json, readAtMs } : undefined;
};

const withoutUndefined = (
  times: Readonly<Record<ClaimReason, number | undefined>>,
): Readonly<Partial<Record<ClaimReason, number>>> =>
  Object.fromEntries(Object.entries(times).filter(([, time]) => time !== undefined));
