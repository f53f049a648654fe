import { describe, expect, it } from '@jest/globals';
import { call, revoke, revokeUser, signIn, someone, withoutUserId } from './stack.ts';

const users = '/api/v1/users';

describe('a session', () => {
  it('is taken from the Authorization header or the cookie', async () => {
    const token = await signIn(['user']);
    expect(await call('GET', users, { token })).toMatchObject({ status: 200 });
    const headers = { cookie: `theme=dark; session_token=${token}` };
    expect(await call('GET', users, { headers })).toMatchObject({ status: 200 });
  });

  it('ends at once when it is revoked, for good', async () => {
    const token = await signIn(['user']);
    expect(await call('GET', users, { token })).toMatchObject({ status: 200 });
    await revoke(token);
    for (let request = 0; request < 5; request += 1) {
      expect(await call('GET', users, { token })).toMatchObject({
        status: 401,
        json: { code: 'CREDENTIALS_EXPIRED' },
      });
    }
  });

  it('ends with all others of its user, whether its item names the user for the index or not', async () => {
    const userId = someone();
    const tokens = await Promise.all([1, 2, 3].map(() => signIn(['user'], { userId })));
    const [first = ''] = tokens;
    await withoutUserId(first);
    const others = await signIn(['user']);
    expect(await revokeUser(userId)).toBe(3);
    for (const token of tokens)
      expect(await call('GET', users, { token })).toMatchObject({ status: 401 });
    expect(await call('GET', users, { token: others })).toMatchObject({ status: 200 });
    expect(await revokeUser(userId)).toBe(0);
  });

  it('ends with its ttl, although the item is still in the table', async () => {
    const token = await signIn(['user'], { ttlSeconds: -1 });
    expect(await call('GET', users, { token })).toMatchObject({
      status: 401,
      json: { code: 'CREDENTIALS_EXPIRED' },
    });
  });

  it('ends with its token', async () => {
    const token = await signIn(['user'], { lifetimeSeconds: -60, ttlSeconds: 600 });
    expect(await call('GET', users, { token })).toMatchObject({ status: 401 });
  });

  it('is not opened by a token that was changed', async () => {
    const token = await signIn(['user']);
    const [header, payload, signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'admin' })).toString('base64url');
    expect(await call('GET', users, { token: `${header}.${forged}.${signature}` })).toMatchObject({
      status: 401,
      json: { code: 'CREDENTIALS_INVALID' },
    });
  });
});
