import { describe, expect, it } from '@jest/globals';
import { credentialId, isKeyOf, readKey } from '../../handler/src/sign-in/api-key/api-key.ts';
import type { Credential } from '../../handler/src/stores/credentials/credential-store.ts';
import { createMemoryCredentials } from '../../handler/src/stores/credentials/memory-credentials.ts';
import { createDevKeys } from './dev-keys.ts';

describe('an API key of the development server', () => {
  it('is one that the gateway accepts, and the same for the same consumer and scopes', async () => {
    const credentials = createMemoryCredentials();
    const keys = createDevKeys({ credentials, now: Date.now });
    const policy = { in: 'header', name: 'X-Api-Key', prefix: 'shop', others: [] } as const;
    const { headers } = keys.keyOf(policy, 'alice', ['orders:read']);
    const key = headers[0]?.replace('X-Api-Key: ', '') ?? '';
    const { publicId } = readKey(key, 'shop') as { publicId: string };
    const found = (await credentials.find(credentialId(publicId), 0)) as Credential;
    expect(found).toMatchObject({ consumer: 'alice', scopes: ['orders:read'] });
    expect(isKeyOf(key, found.secretHash)).toBe(true);
    expect(keys.keyOf(policy, 'alice', ['orders:read']).headers).toEqual(headers);
    expect(keys.keyOf(policy, 'bob', ['orders:read']).headers).not.toEqual(headers);
  });
});
