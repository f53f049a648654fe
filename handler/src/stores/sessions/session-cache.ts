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
 * Trusts a session that was read for so many seconds, and so accepts a revoked one for up to as long. Never past the
 * end of the token or of the item. What was refused or could not be read is not kept.
 */
export const cacheSessions = (store: SessionStore, { seconds, now }: Options): SessionStore => {
  if (seconds === 0) return store;
  const recent = createRecent<Trusted>(maxSessions);
  return {
    find: async (claims, deadlineMs) => {
      const key = `${claims.sessionId} ${claims.userId}`;
      const known = recent.find(key);
      if (known !== undefined && now() < known.untilMs) return known.session;
      // Not from the answer on: the session may have been revoked while that was under way.
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
