import { createRecent } from '../../memory/recent.ts';
import type { StoredSession } from './session.ts';
import type { SessionStore } from './session-store.ts';

interface Options {
  readonly seconds: number;
  readonly now: () => number;
}

interface Trusted {
  readonly session: StoredSession;
  readonly untilMs: number;
}

/** Some 3 MB. */
const maxSessions = 10_000;

/**
 * Caches a session for the given number of seconds, and so accepts a revoked one for up to that time, but never past
 * the expiry of the token or the item. Refusals and failed reads are not cached.
 */
export const cacheSessions = (store: SessionStore, { seconds, now }: Options): SessionStore => {
  if (seconds === 0) return store;
  const recent = createRecent<Trusted>(maxSessions);
  return {
    find: async (claims, deadlineMs) => {
      const key = `${claims.sessionId} ${claims.userId}`;
      const known = recent.find(key);
      if (known !== undefined && now() < known.untilMs) return known.session;
      // Not from the time of the response: the session may have been revoked in the meantime.
      const askedAtMs = now();
      const session = await store.find(claims, deadlineMs);
      recent.keep(key, {
        session,
        untilMs: Math.min(askedAtMs + seconds * 1000, claims.expiresAtMs, session.endsAtMs),
      });
      return session;
    },
  };
};
