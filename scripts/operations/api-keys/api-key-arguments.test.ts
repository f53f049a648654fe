import { describe, expect, it } from '@jest/globals';
import {
  credentialIdFrom,
  graceFrom,
  readApiKeyRequest,
  readKeyRevocation,
} from './api-key-arguments.ts';
import { newApiKey } from './new-api-key.ts';

describe('the arguments of apikey create', () => {
  it('are the consumer and, if given, scopes, plan and expiry', () => {
    expect(readApiKeyRequest({ CONSUMER: 'acme' }, ['shop'])).toEqual({
      prefix: 'shop',
      consumer: 'acme',
      plan: undefined,
      scopes: [],
      lifetimeSeconds: undefined,
    });
    const all = {
      CONSUMER: 'billing@acme.example',
      SCOPES: 'orders:read, orders:write,orders:read',
      PLAN: 'partner',
      EXPIRES: '90d',
      PREFIX: 'app',
    };
    expect(readApiKeyRequest(all, ['shop', 'app'])).toEqual({
      prefix: 'app',
      consumer: 'billing@acme.example',
      plan: 'partner',
      scopes: ['orders:read', 'orders:write'],
      lifetimeSeconds: 90 * 86_400,
    });
  });

  it.each([
    [{}, 'CONSUMER is missing: make apikey-create'],
    [{ CONSUMER: 'a b' }, 'CONSUMER is "a b"'],
    [{ CONSUMER: 'acme', SCOPES: 'a,,b' }, 'SCOPES has ""'],
    [{ CONSUMER: 'acme', SCOPES: 'a b' }, 'SCOPES has "a b"'],
    [{ CONSUMER: 'acme', PLAN: '1' }, 'PLAN is "1"'],
    [{ CONSUMER: 'acme', EXPIRES: 'soon' }, 'EXPIRES is "soon"; it is a duration'],
    [
      { CONSUMER: 'acme', PREFIX: 'key' },
      'PREFIX is "key". The contract that is deployed has shop.',
    ],
  ])('%j are refused', (args, message) => {
    expect(() => readApiKeyRequest(args, ['shop'])).toThrow(message);
  });

  it('need a prefix only where the contract has several', () => {
    expect(() => readApiKeyRequest({ CONSUMER: 'acme' }, ['shop', 'app'])).toThrow(
      'PREFIX is missing. The contract that is deployed has shop and app: choose one, such as PREFIX=shop',
    );
  });
});

describe('an API key in the arguments of a command', () => {
  it('is named by its public id, its beginning, or the whole of it', () => {
    const { key, item } = newApiKey({ prefix: 'my_shop', consumer: 'acme', scopes: [] }, 0);
    const beginning = key.slice(0, 'my_shop_'.length + 12);
    for (const name of [key, beginning, beginning.slice('my_shop_'.length)])
      expect(credentialIdFrom(name)).toBe(item.credential_id);
  });

  it.each([undefined, 'acme', 'shop_', '4fQz1X8mT0a', 'shop_4fQz1X8mT0aB_short'])(
    'cannot be %s',
    (text) => {
      expect(() => credentialIdFrom(text)).toThrow('KEY is');
    },
  );

  it('is revoked alone, or with all keys of its consumer', () => {
    expect(readKeyRevocation({ KEY: '4fQz1X8mT0aB' })).toEqual({
      kind: 'key',
      id: 'api-key/4fQz1X8mT0aB',
    });
    expect(readKeyRevocation({ CONSUMER: 'acme' })).toEqual({ kind: 'consumer', consumer: 'acme' });
    expect(() => readKeyRevocation({})).toThrow('KEY or CONSUMER is missing');
    expect(() => readKeyRevocation({ KEY: '4fQz1X8mT0aB', CONSUMER: 'acme' })).toThrow(
      'KEY and CONSUMER are both set',
    );
  });

  it('stays valid for a week after a rotation unless GRACE says otherwise', () => {
    expect(graceFrom(undefined)).toBe(7 * 86_400);
    expect(graceFrom('1h')).toBe(3_600);
    expect(() => graceFrom('0s')).toThrow('GRACE is "0s"');
  });
});
