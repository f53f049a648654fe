import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  paginateScan,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type CredentialItem, expiry } from './credential.ts';

/** The items of one sign-in method in the credentials table, with the caller's own AWS credentials. */
export interface CredentialItems<Item extends CredentialItem> {
  /** False if there is one with the same id. */
  put(item: Item): Promise<boolean>;
  find(id: string): Promise<Item | undefined>;
  /** Of a consumer, or all; by name of the consumer, then by age. */
  list(consumer?: string): Promise<readonly Item[]>;
  /** False if there is none. */
  expireAt(id: string, atSeconds: number): Promise<boolean>;
  /** The removed one, if there was one. */
  remove(id: string): Promise<Item | undefined>;
  /** All of a consumer, found by a strongly consistent read of the whole table. */
  removeAllOf(consumer: string): Promise<readonly Item[]>;
}

/** Most that DynamoDB reads at once. */
const batchSize = 100;

const consumerIndex = 'by-consumer';

type Key = Record<string, AttributeValue>;

/** `method` is what the ids begin with, before the slash. */
export const credentialItemsIn = <Item extends CredentialItem>(
  client: DynamoDBClient,
  TableName: string,
  method: 'api-key' | 'basic',
): CredentialItems<Item> => {
  const beginning = `${method}/`;
  const addressOf = (id: string) => ({ TableName, Key: { credential_id: { S: id } } });

  const scan = (filter: string, values: Key) =>
    everyItem(
      paginateScan(
        { client },
        {
          TableName,
          ConsistentRead: true,
          FilterExpression: `begins_with(credential_id, :method)${filter}`,
          ExpressionAttributeValues: { ':method': { S: beginning }, ...values },
        },
      ),
    );

  const idsOf = async (consumer: string): Promise<readonly string[]> => {
    const items = await everyItem(
      paginateQuery(
        { client },
        {
          TableName,
          IndexName: consumerIndex,
          KeyConditionExpression: 'consumer = :consumer',
          ExpressionAttributeValues: { ':consumer': { S: consumer } },
        },
      ),
    );
    return items
      .map(({ credential_id: id }) => id?.S ?? '')
      .filter((id) => id.startsWith(beginning));
  };

  const read = async (ids: readonly string[]): Promise<readonly Key[]> => {
    const items: Key[] = [];
    for (let at = 0; at < ids.length; at += batchSize) {
      let rest: Key[] | undefined = ids
        .slice(at, at + batchSize)
        .map((id) => ({ credential_id: { S: id } }));
      while (rest !== undefined && rest.length > 0) {
        const page: Awaited<ReturnType<typeof readBatch>> = await readBatch(rest);
        items.push(...(page.Responses?.[TableName] ?? []));
        rest = page.UnprocessedKeys?.[TableName]?.Keys;
      }
    }
    return items;
  };
  const readBatch = (Keys: Key[]) =>
    client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }));

  const remove = async (id: string): Promise<Item | undefined> => {
    const command = new DeleteItemCommand({ ...addressOf(id), ReturnValues: 'ALL_OLD' });
    const { Attributes: item } = await client.send(command);
    return item && itemOf<Item>(item);
  };

  return {
    put: (item) =>
      unlessRefused(
        client.send(
          new PutItemCommand({
            TableName,
            Item: marshall(item),
            ConditionExpression: 'attribute_not_exists(credential_id)',
          }),
        ),
      ),
    find: async (id) => {
      const command = new GetItemCommand({ ...addressOf(id), ConsistentRead: true });
      const { Item: item } = await client.send(command);
      return item && itemOf<Item>(item);
    },
    list: async (consumer) => {
      const items = consumer === undefined ? await scan('', {}) : await read(await idsOf(consumer));
      return items.map((item) => itemOf<Item>(item)).toSorted(byConsumer);
    },
    expireAt: (id, atSeconds) => {
      const { expires_at: expiresAt, ttl } = expiry(atSeconds);
      const update = new UpdateItemCommand({
        ...addressOf(id),
        UpdateExpression: 'SET expires_at = :expires, #ttl = :ttl',
        ConditionExpression: 'attribute_exists(credential_id)',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: marshall({ ':expires': expiresAt, ':ttl': ttl }),
      });
      return unlessRefused(client.send(update));
    },
    remove,
    removeAllOf: async (consumer) => {
      const found = await scan(' AND consumer = :consumer', { ':consumer': { S: consumer } });
      const removed = await Promise.all(found.map(({ credential_id: id }) => remove(id?.S ?? '')));
      return removed.filter((item) => item !== undefined);
    },
  };
};

const everyItem = async (
  pages: AsyncIterable<{ readonly Items?: Key[] | undefined }>,
): Promise<readonly Key[]> => {
  const items: Key[] = [];
  for await (const { Items = [] } of pages) items.push(...Items);
  return items;
};

/** Other programs may write the scopes as a set. */
const itemOf = <Item extends CredentialItem>(item: Key): Item => {
  const read = unmarshall(item) as Item & { readonly scopes?: Iterable<string> };
  return { ...read, scopes: [...(read.scopes ?? [])] };
};

const byConsumer = (a: CredentialItem, b: CredentialItem): number =>
  a.consumer === b.consumer ? a.created_at - b.created_at : a.consumer < b.consumer ? -1 : 1;

/** Whether the condition of a write was met. */
const unlessRefused = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write;
    return true;
  } catch (error) {
    if ((error as Error).name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
};
