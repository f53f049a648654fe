import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { sessionKeyOf } from './session.ts';
import { type Sessions, signInUsers } from './open-sessions.ts';

const signingSecret = JSON.stringify({
  active_kid: 'k1',
  keys: [{ kty: 'oct', kid: 'k1', alg: 'HS256', k: randomBytes(32).toString('base64url') }],
});

const request = { lifetimeSeconds: 600, members: 50 };

/** A sessions table: the roles of each session by its key. */
const tableOf = (mostPuts = Infinity) => {
  const rolesByKey = new Map<string, readonly string[]>();
  const sessions: Sessions = {
    signingSecret,
    nowSeconds: 1_000,
    put: async (all) => {
      for (const { item } of all) {
        if (rolesByKey.size >= mostPuts) throw new Error('the table is full');
        rolesByKey.set(item.session_id, item.data.roles);
      }
    },
    remove: async (all) => {
      for (const { item } of all) rolesByKey.delete(item.session_id);
    },
  };
  return { rolesByKey, sessions };
};

describe('signInUsers', () => {
  it('creates sessions for fifty members with the requested roles, and for a stranger', async () => {
    const { rolesByKey, sessions } = tableOf();
    const { members, stranger } = await signInUsers(sessions, ['user'], request);
    const users = new Set([...members, stranger].map(({ token }) => decodeJwt(token).sub));
    expect(members).toHaveLength(50);
    expect(users.size).toBe(51);
    expect(rolesByKey.size).toBe(51);
    for (const { token } of members) expect(rolesByKey.get(sessionKeyOf(token))).toEqual(['user']);
    expect(rolesByKey.get(sessionKeyOf(stranger.token))).toEqual(['temporary-stranger']);
  });

  it('names users that no earlier run has named', async () => {
    const { sessions } = tableOf();
    const [first, second] = [
      await signInUsers(sessions, [], request),
      await signInUsers(sessions, [], request),
    ];
    expect(first.stranger.userId).not.toBe(second.stranger.userId);
  });

  it('lets the sessions end by themselves after their time', async () => {
    const { stranger } = await signInUsers(tableOf().sessions, [], request);
    expect(decodeJwt(stranger.token).exp).toBe(1_600);
  });

  it('signs all of them out', async () => {
    const { rolesByKey, sessions } = tableOf();
    const { signOut } = await signInUsers(sessions, [], request);
    await signOut();
    expect(rolesByKey.size).toBe(0);
  });

  it('leaves no session behind when the table refuses some', async () => {
    const { rolesByKey, sessions } = tableOf(20);
    await expect(signInUsers(sessions, [], request)).rejects.toThrow('the table is full');
    expect(rolesByKey.size).toBe(0);
  });
});
