import type { Session } from './session.ts';
import type { SessionStore } from './session-store.ts';

interface Options {
  readonly seconds: number;
  readonly now: () => number;
}

/** Some 3 MB. The one read longest ago makes room. */
const maxSessions = 10_000;

/**
 * Trusts a session that was read for so many seconds, and so accepts a revoked one for up to as long. Never past the
 * token's own end. What was refused or could not be read is not kept.
 */
export const cacheSessions = (store: SessionStore, { seconds, now }: Options): SessionStore => {
  if (seconds === 0) return store;
  const kept = new Map<string, { readonly session: Session; readonly untilMs: number }>();
  return {
    find: async (claims, deadlineMs) => {
      const key = `${claims.sessionId} ${claims.userId}`;
      const known = kept.get(key);
      if (known !== undefined && now() < known.untilMs) return known.session;
      kept.delete(key);
      const session = await store.find(claims, deadlineMs);
      const [oldest] = kept.keys();
      if (kept.size >= maxSessions && oldest !== undefined) kept.delete(oldest);
      kept.set(key, { session, untilMs: Math.min(now() + seconds * 1000, claims.expiresAtMs) });
      return session;
    },
  };
};
