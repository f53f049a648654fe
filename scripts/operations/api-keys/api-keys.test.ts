import { describe, expect, it } from '@jest/globals';
import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { readKey } from '../../../handler/src/sign-in/api-key/api-key.ts';
import { apiKeysIn } from './api-keys.ts';
import { createdKey, describeKeys, listedKey } from './describe-api-keys.ts';
import { newApiKey } from './new-api-key.ts';
import { rotationOf } from './rotate-api-key.ts';

type Item = Record<string, AttributeValue>;

const nowSeconds = Date.UTC(2026, 10, 29, 12) / 1_000;

/** A table that is read in pages of one item; a batch leaves its second half unread. */
const tableOf = () => {
  const items = new Map<string, Item>();
  const idOf = (key: Item | undefined): string => key?.['credential_id']?.S ?? '';
  const page = (found: readonly Item[], start: Item | undefined) => {
    const rest = found.filter((item) => idOf(item) > idOf(start)).toSorted(byId);
    const [first] = rest;
    const next = rest.length > 1 && { LastEvaluatedKey: { credential_id: { S: idOf(first) } } };
    return { Items: first === undefined ? [] : [first], ...next };
  };
  const byId = (a: Item, b: Item): number => (idOf(a) < idOf(b) ? -1 : 1);
  const refused = () => Object.assign(new Error(), { name: 'ConditionalCheckFailedException' });

  const responseTo = (command: unknown): object => {
    if (command instanceof PutItemCommand) {
      const { Item: item = {}, ConditionExpression: condition } = command.input;
      expect(condition).toBe('attribute_not_exists(credential_id)');
      if (items.has(idOf(item))) throw refused();
      items.set(idOf(item), item);
      return {};
    }
    if (command instanceof GetItemCommand) return { Item: items.get(idOf(command.input.Key)) };
    if (command instanceof DeleteItemCommand) {
      const item = items.get(idOf(command.input.Key));
      items.delete(idOf(command.input.Key));
      return { Attributes: item };
    }
    if (command instanceof UpdateItemCommand) {
      const { Key, ExpressionAttributeValues: values = {} } = command.input;
      const item = items.get(idOf(Key));
      if (item === undefined) throw refused();
      const { ':expires': expires, ':ttl': ttl } = values;
      if (expires && ttl) items.set(idOf(Key), { ...item, expires_at: expires, ttl });
      return {};
    }
    if (command instanceof QueryCommand) {
      const { ExpressionAttributeValues: values, ExclusiveStartKey: start } = command.input;
      const found = [...items.values()].filter(
        ({ consumer }) => consumer?.S === values?.[':consumer']?.S,
      );
      return page(
        found.map(({ credential_id: id }) => ({ credential_id: { S: id?.S ?? '' } })),
        start,
      );
    }
    if (command instanceof ScanCommand) {
      const { ExpressionAttributeValues: values, ExclusiveStartKey: start } = command.input;
      expect(command.input.ConsistentRead).toBe(true);
      const consumer = values?.[':consumer']?.S;
      const found = [...items.values()].filter(
        (item) =>
          idOf(item).startsWith(values?.[':method']?.S ?? '?') &&
          (consumer === undefined || item['consumer']?.S === consumer),
      );
      return page(found, start);
    }
    if (command instanceof BatchGetItemCommand) {
      const keys = command.input.RequestItems?.['credentials']?.Keys ?? [];
      const [now, later] = [keys.slice(0, 1), keys.slice(1)];
      const found = now.map((key) => items.get(idOf(key))).filter((item) => item !== undefined);
      const Responses = { credentials: found };
      return {
        Responses,
        UnprocessedKeys: later.length > 0 ? { credentials: { Keys: later } } : {},
      };
    }
    throw new TypeError('The table does not know this command');
  };
  const client = {
    send: async (command: unknown) => responseTo(command),
  } as unknown as Pick<DynamoDBClient, 'send'>;
  return { items, keys: apiKeysIn(client, 'credentials') };
};

const request = { prefix: 'shop', consumer: 'acme', scopes: ['orders:read'] };

describe('a new API key', () => {
  it('is one that the gateway accepts, of which the table has only the hash', () => {
    const made = Array.from({ length: 200 }, () => newApiKey(request, nowSeconds));
    for (const { key, item } of made) {
      const read = readKey(key, 'shop') as { publicId: string };
      expect(item.credential_id).toBe(`api-key/${read.publicId}`);
      expect(item.secret_hash).toMatch(/^[0-9a-f]{64}$/);
      expect(JSON.stringify(item)).not.toContain(key.slice(18));
    }
    expect(new Set(made.map(({ key }) => key)).size).toBe(200);
  });

  it('stays in the table for 30 days after it has expired', () => {
    const { item } = newApiKey({ ...request, lifetimeSeconds: 60 }, nowSeconds);
    expect(item).toMatchObject({
      expires_at: nowSeconds + 60,
      ttl: nowSeconds + 60 + 30 * 86_400,
    });
    expect(newApiKey(request, nowSeconds).item).not.toHaveProperty('ttl');
  });
});

describe('the API keys of a table', () => {
  it('are listed by consumer, whatever else the table has', async () => {
    const { items, keys } = tableOf();
    items.set('basic/bob', { credential_id: { S: 'basic/bob' }, consumer: { S: 'acme' } });
    for (const consumer of ['zeta', 'acme', 'acme', 'acme'])
      await keys.put(newApiKey({ ...request, consumer }, nowSeconds).item);
    const all = await keys.list();
    expect(all.map(({ consumer }) => consumer)).toEqual(['acme', 'acme', 'acme', 'zeta']);
    expect(await keys.list('acme')).toHaveLength(3);
    expect(await keys.list('nobody')).toEqual([]);
  });

  it('are never overwritten by a new one', async () => {
    const { keys } = tableOf();
    const { item } = newApiKey(request, nowSeconds);
    await keys.put(item);
    await expect(keys.put(item)).rejects.toThrow();
  });

  it('are removed one by one, or all of a consumer and none of another', async () => {
    const { items, keys } = tableOf();
    const made = [];
    for (const consumer of ['acme', 'acme', 'acme', 'zeta']) {
      const { item } = newApiKey({ ...request, consumer }, nowSeconds);
      await keys.put(item);
      made.push(item);
    }
    const [first] = made;
    expect(await keys.remove(first?.credential_id ?? '')).toMatchObject({ consumer: 'acme' });
    expect(await keys.remove(first?.credential_id ?? '')).toBeUndefined();
    expect(await keys.removeAllOf('acme')).toHaveLength(2);
    expect(items.size).toBe(1);
  });

  it('can be made to expire, if they exist', async () => {
    const { keys } = tableOf();
    const { item } = newApiKey(request, nowSeconds);
    await keys.put(item);
    expect(await keys.expireAt(item.credential_id, nowSeconds + 60)).toBe(true);
    expect(await keys.find(item.credential_id)).toMatchObject({ expires_at: nowSeconds + 60 });
    expect(await keys.expireAt('api-key/none', nowSeconds)).toBe(false);
  });
});

describe('the list of API keys', () => {
  it('names each by its beginning, and says when it was last used', () => {
    const { item } = newApiKey({ ...request, plan: 'partner', lifetimeSeconds: 60 }, nowSeconds);
    const id = `shop_${item.credential_id.slice('api-key/'.length)}`;
    const used = { ...item, last_used_at: Date.UTC(2026, 10, 28) / 1_000 };
    expect(listedKey(used, nowSeconds)).toEqual({
      id,
      consumer: 'acme',
      plan: 'partner',
      scopes: ['orders:read'],
      state: 'active',
      created_at: '2026-11-29T12:00:00Z',
      expires_at: '2026-11-29T12:01:00Z',
      last_used_on: '2026-11-28',
    });
    const rows = describeKeys([listedKey(item, nowSeconds), listedKey(used, nowSeconds + 60)]);
    expect(rows.split('\n').map((row) => row.split(/ {2,}/))).toEqual([
      ['KEY', 'CONSUMER', 'PLAN', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED'],
      [id, 'acme', 'partner', 'orders:read', '2026-11-29', '2026-11-29T12:01:00Z', 'never'],
      [id, 'acme', 'partner', 'orders:read', '2026-11-29', 'expired', '2026-11-28'],
    ]);
    expect(describeKeys([])).toBe('There are no API keys.');
  });

  it('has the key itself only for the command that creates it', () => {
    const created = newApiKey(request, nowSeconds);
    expect(createdKey(created, nowSeconds)).toMatchObject({ key: created.key, plan: null });
    expect(JSON.stringify(listedKey(created.item, nowSeconds))).not.toContain(created.key);
  });
});

describe('a rotation', () => {
  const options = { graceSeconds: 3_600, lifetimeSeconds: undefined, nowSeconds };

  it('gives a key like the former one, which ends after the grace period', () => {
    const { item } = newApiKey({ ...request, plan: 'partner' }, nowSeconds - 60);
    expect(rotationOf(item, ['app', 'shop'], options)).toEqual({
      request: { ...request, plan: 'partner', lifetimeSeconds: undefined },
      formerEndsAtSeconds: nowSeconds + 3_600,
    });
  });

  it('keeps the lifetime, and never makes the former key last longer', () => {
    const { item } = newApiKey({ ...request, lifetimeSeconds: 600 }, nowSeconds - 300);
    const rotation = rotationOf(item, ['shop'], options);
    expect(rotation.formerEndsAtSeconds).toBe(nowSeconds + 300);
    expect(rotation.request.lifetimeSeconds).toBe(600);
    const changed = rotationOf(item, ['shop'], { ...options, lifetimeSeconds: 60 });
    expect(changed.request.lifetimeSeconds).toBe(60);
  });

  it('gives a key with a prefix that the contract has now', () => {
    const { item } = newApiKey(request, nowSeconds);
    expect(rotationOf(item, ['app'], options).request.prefix).toBe('app');
  });
});
