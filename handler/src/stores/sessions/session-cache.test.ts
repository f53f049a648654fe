import { describe, expect, it, jest } from '@jest/globals';
import { cacheSessions } from './session-cache.ts';
import type { SessionStore } from './session-store.ts';

const claims = { sessionId: 'sid', userId: 'alice', expiresAtMs: 60_000 };
const alice = { userId: 'alice', roles: ['user'], endsAtMs: 4_000_000 };

const cacheOf = (seconds: number) => {
  let nowMs = 0;
  const find = jest.fn<SessionStore['find']>(async () => alice);
  const store = cacheSessions({ find }, { seconds, now: () => nowMs });
  return { store, find, at: (ms: number) => (nowMs = ms) };
};

describe('cacheSessions', () => {
  it('is the store itself when it is off', () => {
    const store = { find: async () => alice };
    expect(cacheSessions(store, { seconds: 0, now: () => 0 })).toBe(store);
  });

  it('trusts a session for the given seconds and not longer', async () => {
    const { store, find, at } = cacheOf(10);
    await store.find(claims, 0);
    at(9_999);
    expect(await store.find(claims, 0)).toBe(alice);
    expect(find).toHaveBeenCalledTimes(1);
    at(10_000);
    await store.find(claims, 0);
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('counts its seconds from before the read, during which a session may be revoked', async () => {
    const { store, find, at } = cacheOf(10);
    find.mockImplementationOnce(async () => {
      at(3_000);
      return alice;
    });
    await store.find(claims, 0);
    at(10_000);
    await store.find(claims, 0);
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('never trusts a session past the expiry of the token', async () => {
    const { store, find, at } = cacheOf(3_600);
    await store.find(claims, 0);
    at(60_000);
    await store.find(claims, 0);
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('never trusts a session past the expiry of its item', async () => {
    const { store, find, at } = cacheOf(3_600);
    find.mockResolvedValueOnce({ ...alice, endsAtMs: 30_000 });
    await store.find(claims, 0);
    at(29_999);
    await store.find(claims, 0);
    expect(find).toHaveBeenCalledTimes(1);
    at(30_000);
    await store.find(claims, 0);
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('caches neither a refusal nor another user’s session', async () => {
    const { store, find } = cacheOf(10);
    find.mockRejectedValueOnce(new Error('ended'));
    await expect(store.find(claims, 0)).rejects.toThrow('ended');
    expect(await store.find(claims, 0)).toBe(alice);
    await store.find({ ...claims, userId: 'bob' }, 0);
    expect(find).toHaveBeenCalledTimes(3);
  });

  it('keeps a limited number', async () => {
    const { store, find } = cacheOf(3_600);
    await store.find(claims, 0);
    for (let other = 0; other < 10_000; other += 1) {
      await store.find({ ...claims, sessionId: `sid-${other}` }, 0);
    }
    find.mockClear();
    await store.find(claims, 0);
    expect(find).toHaveBeenCalledTimes(1);
  });
});
