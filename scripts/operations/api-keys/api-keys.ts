import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { type Environment, spelledOut } from '../../stack/environments/environment.ts';
import { type Deployment, readDeployment } from '../../stack/terraform/deployment.ts';
import { type ApiKeyItem, expiry } from './new-api-key.ts';

/** The API keys of an environment, with the caller's own AWS credentials. */
export interface ApiKeys {
  /** Throws if there is one with the same id. */
  put(item: ApiKeyItem): Promise<void>;
  find(id: string): Promise<ApiKeyItem | undefined>;
  /** Of a consumer, or all; by name of the consumer, then by age. */
  list(consumer?: string): Promise<readonly ApiKeyItem[]>;
  /** False if there is none. */
  expireAt(id: string, atSeconds: number): Promise<boolean>;
  /** The removed one, if there was one. */
  remove(id: string): Promise<ApiKeyItem | undefined>;
  /** All keys of a consumer, found by a strongly consistent read of the whole table. */
  removeAllOf(consumer: string): Promise<readonly ApiKeyItem[]>;
}

/** The keys of a deployed environment, and what they begin with. */
export const openApiKeys = async (
  environment: Environment,
): Promise<{
  readonly keys: ApiKeys;
  readonly prefixes: readonly string[];
  /** The names of the plans of the contract. */
  readonly plans: readonly string[];
}> => {
  const deployment = await readDeployment(environment);
  const { region, apiKeyPrefixes: prefixes, planQuotas } = deployment;
  const client = new DynamoDBClient(awsClientOptions(environment, region));
  const keys = apiKeysIn(client, tableOf(deployment, environment));
  return { keys, prefixes, plans: Object.keys(planQuotas) };
};

const tableOf = (
  { furtherTableNames: { credentials }, apiKeyPrefixes }: Deployment,
  environment: Environment,
): string => {
  if (credentials !== undefined && apiKeyPrefixes.length > 0) return credentials;
  throw new CommandError(
    `The contract that is deployed in ${environment.name} has no API keys. Add "x-postern: { apiKey: {} }" to a security scheme of the type apiKey, name the scheme in the security of an operation, and deploy it: make deploy ${spelledOut(environment)}`,
  );
};

/** Most that DynamoDB reads at once. */
const batchSize = 100;

const consumerIndex = 'by-consumer';

type Key = Record<string, AttributeValue>;

interface Page {
  readonly Items?: readonly Key[] | undefined;
  readonly LastEvaluatedKey?: Key | undefined;
}

export const apiKeysIn = (client: Pick<DynamoDBClient, 'send'>, TableName: string): ApiKeys => {
  const addressOf = (id: string) => ({ TableName, Key: { credential_id: { S: id } } });

  const scan = (filter: string, values: Key) =>
    everyItem((ExclusiveStartKey) =>
      client.send(
        new ScanCommand({
          TableName,
          ConsistentRead: true,
          FilterExpression: `begins_with(credential_id, :method)${filter}`,
          ExpressionAttributeValues: { ':method': { S: 'api-key/' }, ...values },
          ExclusiveStartKey,
        }),
      ),
    );

  const idsOf = async (consumer: string): Promise<readonly string[]> => {
    const items = await everyItem((ExclusiveStartKey) =>
      client.send(
        new QueryCommand({
          TableName,
          IndexName: consumerIndex,
          KeyConditionExpression: 'consumer = :consumer',
          ExpressionAttributeValues: { ':consumer': { S: consumer } },
          ExclusiveStartKey,
        }),
      ),
    );
    return items.map(({ credential_id: id }) => id?.S ?? '').filter((id) => /^api-key\//.test(id));
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

  const remove = async (id: string): Promise<ApiKeyItem | undefined> => {
    const command = new DeleteItemCommand({ ...addressOf(id), ReturnValues: 'ALL_OLD' });
    const { Attributes: item } = await client.send(command);
    return item && itemOf(item);
  };

  return {
    put: async (item) => {
      await client.send(
        new PutItemCommand({
          TableName,
          Item: marshall(item),
          ConditionExpression: 'attribute_not_exists(credential_id)',
        }),
      );
    },
    find: async (id) => {
      const command = new GetItemCommand({ ...addressOf(id), ConsistentRead: true });
      const { Item: item } = await client.send(command);
      return item && itemOf(item);
    },
    list: async (consumer) => {
      const items = consumer === undefined ? await scan('', {}) : await read(await idsOf(consumer));
      return items.map(itemOf).toSorted(byConsumer);
    },
    expireAt: async (id, atSeconds) => {
      const { expires_at: expiresAt, ttl } = expiry(atSeconds);
      const update = new UpdateItemCommand({
        ...addressOf(id),
        UpdateExpression: 'SET expires_at = :expires, #ttl = :ttl',
        ConditionExpression: 'attribute_exists(credential_id)',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: marshall({ ':expires': expiresAt, ':ttl': ttl }),
      });
      try {
        await client.send(update);
        return true;
      } catch (error) {
        if ((error as Error).name === 'ConditionalCheckFailedException') return false;
        throw error;
      }
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
  readPage: (start: Key | undefined) => Promise<Page>,
): Promise<readonly Key[]> => {
  const items: Key[] = [];
  let start: Key | undefined;
  do {
    const page = await readPage(start);
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
};

/** Other programs may write the scopes as a set. */
const itemOf = (item: Key): ApiKeyItem => {
  const { scopes = [], ...rest } = unmarshall(item) as Omit<ApiKeyItem, 'scopes'> & {
    readonly scopes?: Iterable<string>;
  };
  return { ...rest, scopes: [...scopes] };
};

const byConsumer = (a: ApiKeyItem, b: ApiKeyItem): number =>
  a.consumer === b.consumer ? a.created_at - b.created_at : a.consumer < b.consumer ? -1 : 1;
