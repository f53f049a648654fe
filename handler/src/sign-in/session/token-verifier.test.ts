import { createSecretKey, Hmac, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { signToken } from '../../stores/sessions/session-token.ts';
import { createTokenVerifier } from './token-verifier.ts';

const key = createSecretKey(randomBytes(32));
const sessionId = randomBytes(32).toString('base64url');
const startMs = 1_800_000_000_000;
const claims = { sessionId, userId: 'alice', expiresAtMs: startMs + 60_000 };

const verifierWith = (byKid: Map<string, typeof key>) => {
  let nowMs = startMs;
  const keys = {
    find: async (kid: string) => byKid.get(kid),
  };
  const verifier = createTokenVerifier({ keys, now: () => nowMs });
  return { verify: (token: string) => verifier.verify(token, 0), at: (ms: number) => (nowMs = ms) };
};

const token = await signToken(claims, { kid: 'k1', key, nowMs: startMs });

const challenge = { 'www-authenticate': 'Bearer realm="postern", error="invalid_token"' };

describe('createTokenVerifier', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('verifies a signature once, and remembers a genuine token until its expiry', async () => {
    const signatures = jest.spyOn(Hmac.prototype, 'digest');
    const { verify, at } = verifierWith(new Map([['k1', key]]));
    expect(await verify(token)).toEqual(claims);
    expect(await verify(token)).toEqual(claims);
    at(claims.expiresAtMs + 4_999);
    expect(await verify(token)).toEqual(claims);
    expect(signatures).toHaveBeenCalledTimes(1);
    at(claims.expiresAtMs + 5_000);
    await expect(verify(token)).rejects.toMatchObject({
      status: 401,
      code: 'CREDENTIALS_EXPIRED',
      detail: 'Sign in again.',
      headers: challenge,
    });
  });

  it('drops a remembered token with its key', async () => {
    const byKid = new Map([['k1', key]]);
    const { verify } = verifierWith(byKid);
    await verify(token);
    byKid.delete('k1');
    await expect(verify(token)).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' });
    byKid.set('k1', createSecretKey(randomBytes(32)));
    await expect(verify(token)).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' });
  });

  it('notes only for the log why a genuine token is not accepted', async () => {
    const { verify, at } = verifierWith(new Map([['k1', key]]));
    const expiresAtMs = startMs + 20 * 365 * 86_400_000;
    const farAhead = await signToken(
      { ...claims, expiresAtMs },
      { kid: 'k1', key, nowMs: startMs },
    );
    await expect(verify(farAhead)).rejects.toMatchObject({
      code: 'CREDENTIALS_INVALID',
      detail: 'Sign in again.',
      note: expect.stringContaining('exp') as unknown,
    });
    await expect(verify(`${token}x`)).rejects.toMatchObject({ note: undefined });
    at(claims.expiresAtMs + 5_000);
    await expect(verify(token)).rejects.toMatchObject({ note: "the token's exp has passed" });
  });

  it('throws the same error for every invalid token', async () => {
    const { verify } = verifierWith(new Map([['k1', key]]));
    await verify(token);
    const wrong = [`${token}x`, token.slice(0, -1), 'a.b.c', '', token.replace(/\.[^.]*$/, '.')];
    for (const each of wrong) {
      await expect(verify(each)).rejects.toMatchObject({
        status: 401,
        code: 'CREDENTIALS_INVALID',
        detail: 'Sign in again.',
        headers: challenge,
      });
    }
  });
});
