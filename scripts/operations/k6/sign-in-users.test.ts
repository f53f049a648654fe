import { randomBytes } from 'node:crypto';
import type { WriteRequest } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { sessionKeyOf } from '../sessions/session.ts';
import { type TemporarySessions, signInUsers } from './temporary-sessions.ts';

const signingSecret = JSON.stringify({
  active_kid: 'k1',
  keys: [{ kty: 'oct', kid: 'k1', alg: 'HS256', k: randomBytes(32).toString('base64url') }],
});

/** A sessions table: the roles of each session by its key. */
const tableOf = (mostPuts = Infinity) => {
  const rolesByKey = new Map<string, readonly (string | undefined)[]>();
  const write: TemporarySessions['write'] = async (requests) => {
    for (const request of requests) apply(request);
  };
  const apply = ({ PutRequest: put, DeleteRequest: deletion }: WriteRequest): void => {
    const item = put?.Item;
    if (item === undefined) return void rolesByKey.delete(deletion?.Key?.['session_id']?.S ?? '');
    if (rolesByKey.size >= mostPuts) throw new Error('the table is full');
    const roles = item['data']?.M?.['roles']?.L?.map(({ S }) => S) ?? [];
    rolesByKey.set(item['session_id']?.S ?? '', roles);
  };
  return { rolesByKey, sessions: { signingSecret, write, nowSeconds: 1_000 } };
};

describe('signInUsers', () => {
  it('creates sessions for fifty members with the requested roles, and for a stranger', async () => {
    const { rolesByKey, sessions } = tableOf();
    const { members, stranger } = await signInUsers(sessions, ['user'], 600);
    const users = new Set([...members, stranger].map(({ token }) => decodeJwt(token).sub));
    expect(members).toHaveLength(50);
    expect(users.size).toBe(51);
    expect(rolesByKey.size).toBe(51);
    for (const { token } of members) expect(rolesByKey.get(sessionKeyOf(token))).toEqual(['user']);
    expect(rolesByKey.get(sessionKeyOf(stranger.token))).toEqual(['loadtest-stranger']);
  });

  it('names users that no earlier run has named', async () => {
    const { sessions } = tableOf();
    const [first, second] = [
      await signInUsers(sessions, [], 600),
      await signInUsers(sessions, [], 600),
    ];
    expect(first.stranger.userId).not.toBe(second.stranger.userId);
  });

  it('lets the sessions end by themselves after their time', async () => {
    const { stranger } = await signInUsers(tableOf().sessions, [], 600);
    expect(decodeJwt(stranger.token).exp).toBe(1_600);
  });

  it('signs all of them out', async () => {
    const { rolesByKey, sessions } = tableOf();
    const { signOut } = await signInUsers(sessions, [], 600);
    await signOut();
    expect(rolesByKey.size).toBe(0);
  });

  it('leaves no session behind when the table refuses some', async () => {
    const { rolesByKey, sessions } = tableOf(20);
    await expect(signInUsers(sessions, [], 600)).rejects.toThrow('the table is full');
    expect(rolesByKey.size).toBe(0);
  });
});
