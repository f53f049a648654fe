import type { MemorySessions } from './memory-sessions.ts';
import {
  type EndedSession,
  type Listing,
  mostListed,
  type NewSession,
  type SessionRegister,
} from './session-register.ts';

/** Of sessions in the memory of one process. */
export const createMemorySessionRegister = (
  sessions: MemorySessions,
  now: () => number,
): SessionRegister => {
  const begun = new Map<string, NewSession>();
  const end = (sessionId: string): EndedSession | undefined => {
    const session = begun.get(sessionId);
    begun.delete(sessionId);
    sessions.end(sessionId);
    return session !== undefined && session.endsAtMs > now() ? session : undefined;
  };
  const isListed =
    (under: Listing) =>
    ({ listedUnder, lastsAtMostMs }: NewSession): boolean =>
      lastsAtMostMs > now() &&
      listedUnder.some((each) => JSON.stringify(each) === JSON.stringify(under));
  const write = (session: NewSession): void => {
    begun.set(session.sessionId, session);
    const { userId, roles, endsAtMs } = session;
    sessions.begin(session.sessionId, { userId, roles, endsAtMs });
  };
  return {
    begin: async (session) => {
      for (const under of session.listedUnder) {
        const others = [...begun.values()].filter(isListed(under));
        const first = others.toSorted((a, b) => a.lastsAtMostMs - b.lastsAtMostMs);
        for (const { sessionId } of first.slice(0, Math.max(0, others.length + 1 - mostListed)))
          end(sessionId);
      }
      write(session);
    },
    end: async (sessionId) => end(sessionId),
    endListed: async (under, _, issuedUntilMs = Infinity) => {
      const found = [...begun.values()]
        .filter(isListed(under))
        .filter(({ issuedAtMs }) => issuedAtMs <= issuedUntilMs);
      for (const { sessionId } of found) end(sessionId);
      return found.length;
    },
    extend: async (sessionId, endsAtMs) => {
      const session = begun.get(sessionId);
      if (session === undefined || session.endsAtMs <= now()) return false;
      write({ ...session, endsAtMs });
      return true;
    },
  };
};
