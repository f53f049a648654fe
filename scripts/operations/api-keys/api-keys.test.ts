import { describe, expect, it } from '@jest/globals';
import { readKey } from '../../../handler/src/sign-in/api-key/api-key.ts';
import { credentialItemsIn } from './credential-items.ts';
import { createdKey, describeKeys, listedKey } from './describe-api-keys.ts';
import { type ApiKeyItem, newApiKey } from './new-api-key.ts';
import { rotationOf } from './rotate-api-key.ts';
import { credentialsTable } from './testing/credentials-table.ts';

const nowSeconds = Date.UTC(2026, 10, 29, 12) / 1_000;

const tableOf = () => {
  const { items, client } = credentialsTable();
  return { items, keys: credentialItemsIn<ApiKeyItem>(client, 'credentials', 'api-key') };
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
    expect(await keys.put(item)).toBe(false);
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
