import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { fitsHash, readHash } from '../../../handler/src/sign-in/basic/password-hash.ts';
import { newPassword, readPasswordRequest, userFrom } from './new-password.ts';
import { passwordsIn } from './passwords.ts';

const nowSeconds = 1_800_000_000;

const tableOf = () => {
  const items = new Map<string, Record<string, unknown>>();
  const send = async (command: unknown): Promise<object> => {
    if (command instanceof PutItemCommand) {
      expect(command.input.ConditionExpression).toBe('attribute_not_exists(credential_id)');
      const item = unmarshall(command.input.Item ?? {});
      const id = String(item['credential_id']);
      if (items.has(id))
        throw Object.assign(new Error(), { name: 'ConditionalCheckFailedException' });
      items.set(id, item);
      return {};
    }
    if (!(command instanceof DeleteItemCommand)) throw new TypeError('Another command');
    const id = command.input.Key?.['credential_id']?.S ?? '';
    const found = items.has(id);
    items.delete(id);
    return found ? { Attributes: {} } : {};
  };
  return { items, passwords: passwordsIn({ send }, 'credentials') };
};

describe('the password of a consumer', () => {
  it('is random, and the table has its hash only, as the gateway reads it', async () => {
    const { items, passwords } = tableOf();
    const args = { CONSUMER: 'acme', SCOPES: 'orders:read', PLAN: 'partner', EXPIRES: '90d' };
    const { password, item } = await newPassword(readPasswordRequest(args), nowSeconds);
    expect(await passwords.put(item)).toBe(true);
    expect(items.get('basic/acme')).toMatchObject({
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
    expect(await passwords.remove('orders@acme.example')).toBe(true);
    expect(await passwords.remove('orders@acme.example')).toBe(false);
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
