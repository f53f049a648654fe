import { createHash } from 'node:crypto';
import { tableName } from '../../environment.ts';
import type { GatewayResponse } from '../../http/response.ts';
import type { StoreKind } from '../../parts.ts';
import { numberOf, textOf } from '../dynamodb/attributes.ts';
import type { DynamoDb, Item } from '../dynamodb/dynamodb.ts';
import type { ResponseCopy, ResponseTable } from './response-table.ts';

declare module '../../parts.ts' {
  interface Stores {
    readonly cachedResponses?: ResponseTable;
  }
}

/** Responses in the table of the cache. */
export const dynamoDbCachedResponses: StoreKind<ResponseTable> = ({ read }) => {
  const table = read('GATEWAY_CACHE_TABLE_NAME', 'the name of the table of the cache', tableName);
  return ({ dynamoDb, now }) => ({
    store: createResponseTable({ dynamoDb, tableName: table, now }),
    checks: {},
  });
};

interface Dependencies {
  readonly dynamoDb: DynamoDb;
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A read for each key, all at once; a write for each response. */
export const createResponseTable = ({ dynamoDb, tableName, now }: Dependencies): ResponseTable => {
  const itemOf = (key: string) => ({
    TableName: tableName,
    Key: { cache_key: { S: hashOf(key) } },
  });
  const seconds = (ms: number) => ({ N: String(Math.ceil(ms / 1_000)) });
  const names = { '#ttl': 'ttl' };

  return {
    find: async ({ responses, path }, deadlineMs) => {
      const [version, ...items] = await Promise.all([
        dynamoDb.getItem({ ...itemOf(pathKey(path)), ConsistentRead: true }, { deadlineMs }),
        ...responses.map((key) => dynamoDb.getItem(itemOf(key), { deadlineMs })),
      ]);
      return {
        copies: items.map((item) => {
          const copy = item && copyIn(item);
          return copy !== undefined && copy.endsAtMs > now() ? copy : undefined;
        }),
        pathVersion: textOf(version?.['path_version']) ?? '',
      };
    },
    keep: async (key, { response, requestedAtMs, receivedAtMs, endsAtMs, ...copy }, deadlineMs) => {
      const { body, ...head } = response;
      const text = JSON.stringify({ ...head, requestedAtMs, receivedAtMs });
      const attributes = [text, copy.values, copy.pathVersion];
      const bytes = attributes.reduce((sum, each) => sum + Buffer.byteLength(each), body.length);
      if (bytes > maxBytes) return;
      await dynamoDb.updateItem(
        {
          ...itemOf(key),
          UpdateExpression:
            'SET response_head = :head, response_body = :body, purge_sequence = :sequence, path_version = :version, vary_values = :values, #ttl = :ttl',
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: {
            ':head': { S: text },
            ':body': { B: body.toString('base64') },
            ':sequence': { N: String(copy.sequence) },
            ':version': { S: copy.pathVersion },
            ':values': { S: copy.values },
            ':ttl': seconds(endsAtMs),
          },
        },
        { deadlineMs },
      );
    },
    voidPath: async (path, version, deadlineMs) => {
      await dynamoDb.updateItem(
        {
          ...itemOf(pathKey(path)),
          UpdateExpression: 'SET path_version = :version, #ttl = :ttl',
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: {
            ':version': { S: version },
            ':ttl': seconds(now() + longestMs),
          },
        },
        { deadlineMs },
      );
    },
  };
};

/** DynamoDB's limit for an item is 400 KB; the names and the other attributes need less than the rest. */
const maxBytes = 400 * 1_024 - 2_048;

/** No response lives longer than this, so that no older one is left when the version of its path is forgotten. */
const longestMs = 31 * 86_400_000;

/** Who can read the table learns no address and no caller from its keys, and a key has one size. */
const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url');

/** No key of a response: those are JSON. */
const pathKey = (path: string): string => `path ${path}`;

const copyIn = (item: Item): ResponseCopy | undefined => {
  const body = item['response_body'];
  const text = textOf(item['response_head']);
  if (text === undefined || body === undefined || !('B' in body)) return undefined;
  const { requestedAtMs, receivedAtMs, ...head } = JSON.parse(text) as Omit<
    GatewayResponse,
    'body'
  > &
    Pick<ResponseCopy, 'requestedAtMs' | 'receivedAtMs'>;
  return {
    response: { ...head, body: Buffer.from(body.B, 'base64') },
    requestedAtMs,
    receivedAtMs,
    sequence: numberOf(item['purge_sequence']) ?? 0,
    pathVersion: textOf(item['path_version']) ?? '',
    values: textOf(item['vary_values']) ?? '',
    endsAtMs: (numberOf(item['ttl']) ?? 0) * 1_000,
  };
};
