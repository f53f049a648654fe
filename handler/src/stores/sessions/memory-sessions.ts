import { sessionKey, type SessionStore } from './session-store.ts';
import { sessionEnded, type Session, type StoredSession } from './session.ts';

export interface MemorySessions extends SessionStore {
  /** A session as a login service creates it. */
  begin(sessionId: string, session: Omit<Session, 'rolesProblem'> & { endsAtMs: number }): void;
  end(sessionId: string): void;
}

/** Sessions in the memory of one process. Each is dropped when it is read after its end. */
export const createMemorySessions = (now: () => number): MemorySessions => {
  const sessions = new Map<string, StoredSession>();
  return {
    begin: (sessionId, session) => void sessions.set(sessionKey(sessionId), session),
    end: (sessionId) => void sessions.delete(sessionKey(sessionId)),
    find: async ({ sessionId, userId }) => {
      const key = sessionKey(sessionId);
      const session = sessions.get(key);
      if (session === undefined) throw sessionEnded('there is no such session');
      if (session.userId !== userId)
        throw sessionEnded("the session's user differs from the token's sub");
      if (session.endsAtMs > now()) return session;
      sessions.delete(key);
      throw sessionEnded('the session has ended');
    },
  };
};
