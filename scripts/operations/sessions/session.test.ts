import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { readSessionRequest } from './session-arguments.ts';
import { newSession, sessionKeyOf } from './session.ts';

const k = randomBytes(32);
const secret = JSON.stringify({
  active_kid: 'k2',
  keys: [
    { kty: 'oct', kid: 'k1', alg: 'HS256', k: randomBytes(32).toString('base64url') },
    { kty: 'oct', kid: 'k2', alg: 'HS256', k: k.toString('base64url') },
  ],
});
const alice = { userId: 'alice', roles: ['user', 'admin'], lifetimeSeconds: 3600 };

describe('newSession', () => {
  it('signs with the active key a token that names the session, the user and the end', async () => {
    const { token } = await newSession(alice, secret, 1_000);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT', kid: 'k2' });
    const { payload } = await jwtVerify(token, k, { currentDate: new Date(2_000_000) });
    expect(payload).toEqual({
      sid: expect.stringMatching(/^[\w-]{43}$/),
      sub: 'alice',
      iat: 1_000,
      exp: 4_600,
    });
  });

  it('keeps the item under the hash of the session id', async () => {
    const { token, item } = await newSession(alice, secret, 1_000);
    const hash = createHash('sha256').update(decodeJwt<{ sid: string }>(token).sid).digest('hex');
    expect(item).toEqual({
      session_id: hash,
      user_id: 'alice',
      data: { user_id: 'alice', roles: ['user', 'admin'], created_at: 1_000 },
      ttl: 4_600,
    });
    expect(sessionKeyOf(token)).toBe(hash);
  });
});

describe('sessionKeyOf', () => {
  it.each(['eyJhbGciOiJIUzI1NiJ9.e30.x', 'alice'])('refuses %s', (token) => {
    expect(() => sessionKeyOf(token)).toThrow('not a session token');
  });

  it('says what to type if the token is missing', () => {
    expect(() => sessionKeyOf('')).toThrow('make revoke ENV=local TOKEN=');
  });
});

describe('readSessionRequest', () => {
  it('has eight hours and no role by default', () => {
    expect(readSessionRequest({ USER: 'alice' })).toEqual({
      userId: 'alice',
      roles: [],
      lifetimeSeconds: 28_800,
    });
    expect(readSessionRequest({ USER: 'a@b.c', ROLES: 'user, admin,user', TTL: '30m' })).toEqual({
      userId: 'a@b.c',
      roles: ['user', 'admin'],
      lifetimeSeconds: 1_800,
    });
  });

  it.each([
    [{}, 'USER is missing'],
    [{ USER: 'al ice' }, 'USER is "al ice"'],
    [{ USER: 'al\nice' }, 'no spaces'],
    [{ USER: 'alice', ROLES: 'user,,admin' }, 'ROLES has ""'],
    [{ USER: 'alice', ROLES: 'a b' }, 'ROLES has "a b"'],
    [{ USER: 'alice', TTL: '0s' }, 'TTL is "0s"'],
    [{ USER: 'alice', TTL: '8' }, 'TTL is "8"'],
    [{ USER: 'alice', TTL: '31d' }, 'from 1s to 30d'],
  ])('refuses %j', (variables, message) => {
    expect(() => readSessionRequest(variables)).toThrow(message);
  });
});
