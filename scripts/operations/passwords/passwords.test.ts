import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { fitsHash, readHash } from '../../../handler/src/sign-in/basic/password-hash.ts';
import type { CredentialItem } from '../api-keys/credential.ts';
import { credentialItemsIn } from '../api-keys/credential-items.ts';
import { newApiKey } from '../api-keys/new-api-key.ts';
import { credentialsTable } from '../api-keys/testing/credentials-table.ts';
import { describePasswords, listedPassword } from './describe-passwords.ts';
import { idOf, newPassword, readPasswordRequest, userFrom } from './new-password.ts';
import { passwordRotationOf, readPasswordRotation } from './rotate-password.ts';

const nowSeconds = 1_800_000_000;

const tableOf = () => {
  const { items, client } = credentialsTable();
  const passwords = credentialItemsIn<CredentialItem>(client, 'credentials', 'basic');
  return { items, client, passwords };
};

describe('the password of a consumer', () => {
  it('is random, and the table has its hash only, as the gateway reads it', async () => {
    const { items, passwords } = tableOf();
    const args = { CONSUMER: 'acme', SCOPES: 'orders:read', PLAN: 'partner', EXPIRES: '90d' };
    const { password, item } = await newPassword(readPasswordRequest(args), nowSeconds);
    expect(await passwords.put(item)).toBe(true);
    expect(unmarshall(items.get('basic/acme') ?? {})).toMatchObject({
      consumer: 'acme',
      plan: 'partner',
      scopes: ['orders:read'],
      created_at: nowSeconds,
      expires_at: nowSeconds + 90 * 86_400,
    });
    expect(password).toMatch(/^[\w-]{32}$/);
    expect(JSON.stringify([...items.values()])).not.toContain(password);
    const hash = readHash(item.secret_hash);
    expect(hash && (await fitsHash(password, hash))).toBe(true);
  });

  it('is never replaced, and can be revoked', async () => {
    const { passwords } = tableOf();
    const request = readPasswordRequest({ CONSUMER: 'acme', USER: 'orders@acme.example' });
    const { item } = await newPassword(request, nowSeconds);
    expect(item).toMatchObject({ credential_id: 'basic/orders@acme.example', consumer: 'acme' });
    expect(item).not.toHaveProperty('expires_at');
    expect(await passwords.put(item)).toBe(true);
    expect(await passwords.put(item)).toBe(false);
    expect(await passwords.remove(idOf('orders@acme.example'))).toMatchObject({ consumer: 'acme' });
    expect(await passwords.remove(idOf('orders@acme.example'))).toBeUndefined();
  });

  it('is listed with its user, and no API key is', async () => {
    const { client, passwords } = tableOf();
    for (const [CONSUMER, USER] of [
      ['globex', 'globex'],
      ['acme', 'orders@acme.example'],
    ] as const) {
      const request = readPasswordRequest({ CONSUMER, USER, SCOPES: 'orders:read' });
      await passwords.put((await newPassword(request, nowSeconds)).item);
    }
    const key = newApiKey({ prefix: 'shop', consumer: 'acme', scopes: [] }, nowSeconds);
    await credentialItemsIn(client, 'credentials', 'api-key').put(key.item);
    const listed = (await passwords.list()).map((item) => listedPassword(item, nowSeconds));
    expect(listed.map(({ user, consumer }) => [user, consumer])).toEqual([
      ['orders@acme.example', 'acme'],
      ['globex', 'globex'],
    ]);
    expect(JSON.stringify(listed)).not.toContain('scrypt');
    expect(await passwords.list('acme')).toHaveLength(1);
    expect(describePasswords(listed)).toMatch(
      /^USER +CONSUMER .*\norders@acme\.example +acme +- +orders:read +2027-01-15 +never +never\n/,
    );
    expect(describePasswords([])).toBe('There are no passwords.');
  });

  it.each([undefined, 'a b', 'a:b', '', '-a', 'a'.repeat(65)])(
    'has no user with the name %j',
    (user) => {
      expect(() => userFrom(user)).toThrow('USER is');
    },
  );

  it('needs a user name of its own where the consumer has one that RFC 7617 does not allow', () => {
    expect(() => readPasswordRequest({ CONSUMER: 'acme:orders' })).toThrow('USER is "acme:orders"');
    expect(readPasswordRequest({ CONSUMER: 'acme:orders', USER: 'acme' }).user).toBe('acme');
  });
});

describe('the rotation of a password', () => {
  it('has another user name, and else what the former one has, which ends after the grace', async () => {
    const request = readPasswordRequest({
      CONSUMER: 'acme',
      SCOPES: 'orders:read',
      EXPIRES: '90d',
    });
    const { item } = await newPassword(request, nowSeconds);
    const rotation = readPasswordRotation({ USER: 'acme', GRACE: '1h' });
    expect(passwordRotationOf(item, rotation, nowSeconds + 60)).toEqual({
      request: { ...request, user: 'acme-2' },
      formerEndsAtSeconds: nowSeconds + 60 + 3_600,
    });
  });

  it('never prolongs the former password', async () => {
    const request = readPasswordRequest({ CONSUMER: 'acme', EXPIRES: '1h' });
    const { item } = await newPassword(request, nowSeconds);
    const rotation = readPasswordRotation({ USER: 'acme' });
    expect(passwordRotationOf(item, rotation, nowSeconds)).toMatchObject({
      formerEndsAtSeconds: nowSeconds + 3_600,
    });
  });

  it.each([
    ['acme', 'acme-2'],
    ['acme-2', 'acme-3'],
    ['acme-orders', 'acme-orders-2'],
    ['acme-9', 'acme-10'],
  ])('of %s is for %s unless another user is named', (USER, newUser) => {
    expect(readPasswordRotation({ USER }).newUser).toBe(newUser);
    expect(readPasswordRotation({ USER, NEW_USER: 'globex' }).newUser).toBe('globex');
  });

  it('needs another user name', () => {
    expect(() => readPasswordRotation({ USER: 'acme', NEW_USER: 'acme' })).toThrow(
      'such as NEW_USER=acme-2',
    );
    expect(() => readPasswordRotation({ USER: 'a'.repeat(64) })).toThrow('NEW_USER is "aaa');
  });
});
