import { describe, expect, it, jest } from '@jest/globals';
import { GatewayError } from '../../http/gateway-error.ts';
import { rememberEnded } from './ended-sessions.ts';
import type { SessionStore } from './session-store.ts';
import { sessionEnded } from './session.ts';

const claims = { sessionId: 'sid', userId: 'alice', expiresAtMs: 900_000 };
const alice = { userId: 'alice', roles: [], endsAtMs: 900_000 };

const world = () => {
  let nowMs = 0;
  const find = jest.fn<SessionStore['find']>(async () => {
    throw sessionEnded('gone');
  });
  const sessions = rememberEnded({ find }, { now: () => nowMs });
  return {
    find,
    at: (ms: number) => (nowMs = ms),
    /** As the pipeline does it. */
    ask: async (asked = claims) => {
      if (sessions.hasEnded(asked)) return 'refused unread';
      return sessions.find(asked, 0).then(
        () => 'holds',
        (error: GatewayError) => error.code,
      );
    },
  };
};

describe('rememberEnded', () => {
  it('refuses an ended session without a read: eight reads in the first two minutes, then one per minute', async () => {
    const { ask, find, at } = world();
    for (let second = 0; second < 120; second += 0.1) {
      at(second * 1000);
      expect(await ask()).not.toBe('holds');
    }
    expect(find.mock.calls.length).toBeLessThanOrEqual(8);
    find.mockClear();
    for (let second = 120; second < 720; second += 0.1) {
      at(second * 1000);
      await ask();
    }
    expect(find.mock.calls.length).toBeLessThanOrEqual(11);
  });

  it.each([
    [0.1, 1],
    [3, 6],
    [20, 40],
    [300, 360],
  ])(
    'lets a session in whose item came %d s after its token was first used, by %d s',
    async (itemAtSeconds, heldBySeconds) => {
      const { ask, find, at } = world();
      for (let second = 0; second < itemAtSeconds; second += 0.1) {
        at(second * 1000);
        expect(await ask()).not.toBe('holds');
      }
      find.mockImplementation(async () => alice);
      at(heldBySeconds * 1000 + 200);
      expect(await ask()).toBe('holds');
    },
  );

  it('does not remember a failed read', async () => {
    const { ask, find } = world();
    find.mockRejectedValueOnce(new GatewayError('SESSION_STORE_UNAVAILABLE', { detail: 'Later.' }));
    expect(await ask()).toBe('SESSION_STORE_UNAVAILABLE');
    find.mockImplementation(async () => alice);
    expect(await ask()).toBe('holds');
  });

  it('reads the session for another user’s token', async () => {
    const { ask, find } = world();
    await ask();
    find.mockImplementation(async () => alice);
    expect(await ask({ ...claims, userId: 'bob' })).toBe('holds');
    expect(await ask({ ...claims, sessionId: 'other' })).toBe('holds');
    expect(await ask()).toBe('refused unread');
  });

  it('remembers a limited number', async () => {
    const { ask, find } = world();
    await ask();
    for (let other = 0; other < 10_000; other += 1) await ask({ ...claims, sessionId: `${other}` });
    find.mockClear();
    await ask();
    expect(find).toHaveBeenCalledTimes(1);
  });
});
