import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import type { DynamoDb, GetItem, Item } from '../dynamodb/dynamodb.ts';
import { createCredentialStore, dynamoDbCredentials } from './dynamodb-credentials.ts';

const storeWith = (item: Item | Error) => {
  const reads: GetItem[] = [];
  const dynamoDb = {
    getItem: async (input: GetItem) => {
      reads.push(input);
      if (item instanceof Error) throw item;
      return item;
    },
  } as unknown as DynamoDb;
  return { reads, store: createCredentialStore({ dynamoDb, tableName: 'credentials' }) };
};

describe('the credentials table', () => {
  it('is read strongly consistent, so that a new execution environment knows of every revocation', async () => {
    const { store, reads } = storeWith({ consumer: { S: 'acme' }, scopes: { SS: ['read'] } });
    expect(await store.find('api-key/one', 5)).toMatchObject({ scopes: ['read'] });
    expect(reads).toEqual([
      {
        TableName: 'credentials',
        Key: { credential_id: { S: 'api-key/one' } },
        ConsistentRead: true,
      },
    ]);
  });

  it.each<[Item, string]>([
    [{}, 'consumer is not a string'],
    [{ consumer: { S: '' } }, 'consumer is not a string'],
    [{ consumer: { S: 'acme' }, plan: { N: '1' } }, 'plan is not a string'],
    [{ consumer: { S: 'acme' }, scopes: { S: 'read' } }, 'scopes is not a list or set of strings'],
    [
      { consumer: { S: 'acme' }, scopes: { L: [{ N: '1' }] } },
      'scopes is not a list or set of strings',
    ],
    [{ consumer: { S: 'acme' }, expires_at: { S: 'never' } }, 'expires_at is not a number'],
  ])('has no credential to use in the item %j: %s', async (item, problem) => {
    expect(await storeWith(item).store.find('api-key/one', 5)).toEqual({ problem });
  });

  it('that cannot be read is a 503, because the credential may be valid', async () => {
    const { store } = storeWith(new StoreUnavailable('no response'));
    await expect(store.find('api-key/one', 5)).rejects.toMatchObject({
      status: 503,
      code: 'CREDENTIAL_STORE_UNAVAILABLE',
      headers: { 'retry-after': '1' },
    });
  });

  it('is named by GATEWAY_CREDENTIALS_TABLE_NAME, and read by /health/ready', async () => {
    const names: string[] = [];
    const reads: GetItem[] = [];
    const open = dynamoDbCredentials({
      variables: {},
      misconfigurations: [],
      read: (name, _wanted, parse) => {
        names.push(name);
        return parse('postern-dev-credentials') as NonNullable<ReturnType<typeof parse>>;
      },
    });
    const dynamoDb = {
      getItem: async (input: GetItem): Promise<undefined> => void reads.push(input),
    } as unknown as DynamoDb;
    await open({ dynamoDb, now: () => 0 }).checks['credentials_table']?.(5);
    expect(names).toEqual(['GATEWAY_CREDENTIALS_TABLE_NAME']);
    expect(reads).toMatchObject([{ TableName: 'postern-dev-credentials' }]);
  });
});
