import { describe, expect, it } from '@jest/globals';
import { credentialId, isKeyOf, readKey } from '../../handler/src/sign-in/api-key/api-key.ts';
import { fitsHash, readHash } from '../../handler/src/sign-in/basic/password-hash.ts';
import type { Credential } from '../../handler/src/stores/credentials/credential-store.ts';
import { createMemoryCredentials } from '../../handler/src/stores/credentials/memory-credentials.ts';
import { createDevCredentials } from './dev-credentials.ts';

const alice = { name: 'alice', scopes: ['orders:read'], plan: 'free' };

describe('an API key of the development server', () => {
  it('is one that the gateway accepts, and the same for the same consumer', async () => {
    const credentials = createMemoryCredentials();
    const { keyOf } = createDevCredentials({ credentials, now: Date.now });
    const policy = { in: 'header', name: 'X-Api-Key', prefix: 'shop', others: [] } as const;
    const { options } = keyOf(policy, alice);
    const key = /^-H 'X-Api-Key: (\w+)'$/.exec(options[0] ?? '')?.[1] ?? '';
    const { publicId } = readKey(key, 'shop') as { publicId: string };
    const found = (await credentials.find(credentialId(publicId), 0)) as Credential;
    expect(found).toMatchObject({ consumer: 'alice', scopes: ['orders:read'], plan: 'free' });
    expect(isKeyOf(key, found.secretHash)).toBe(true);
    expect(keyOf(policy, { ...alice }).options).toEqual(options);
    expect(keyOf(policy, { ...alice, name: 'bob' }).options).not.toEqual(options);
  });
});

describe('a password of the development server', () => {
  it('is one that the gateway accepts, and the same for the same consumer', async () => {
    const credentials = createMemoryCredentials();
    const { passwordOf } = createDevCredentials({ credentials, now: Date.now });
    const { options } = await passwordOf(alice);
    const password = /^-u alice:([\w-]{16})$/.exec(options[0] ?? '')?.[1] ?? '';
    const found = (await credentials.find('basic/alice', 0)) as Credential;
    expect(found).toMatchObject({ consumer: 'alice', scopes: ['orders:read'], plan: 'free' });
    const hash = readHash(found.secretHash ?? '');
    expect(hash && (await fitsHash(password, hash))).toBe(true);
    expect((await passwordOf({ ...alice })).options).toEqual(options);
  });

  it('has a user name of its own where the name of the consumer can be none', async () => {
    const credentials = createMemoryCredentials();
    const { passwordOf } = createDevCredentials({ credentials, now: Date.now });
    const { options } = await passwordOf({ ...alice, name: 'Alice: the first' });
    expect(options[0]).toMatch(/^-u user-1:/);
    expect(await credentials.find('basic/user-1', 0)).toMatchObject({
      consumer: 'Alice: the first',
    });
  });
});
