import { GatewayError } from '../../http/gateway-error.ts';
import { createRecent } from '../../memory/recent.ts';
import type { SessionStore } from './session-store.ts';
import type { TokenClaims, Session } from './session.ts';

/** The sessions as the pipeline uses them. */
export interface Sessions {
  /** Whether this execution environment recently found that the session has ended. Needs no read. */
  hasEnded(claims: TokenClaims): boolean;
  /** As `SessionStore.find`. */
  find(claims: TokenClaims, deadlineMs: number): Promise<Session>;
}

interface Ended {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** About 2 MB. Only genuine tokens get here, so forged ones cannot displace entries. */
const maxSessions = 10_000;

/** How long an ended session is refused before it is read again. */
const refusal = { leastMs: 1_000, mostMs: 60_000 };

/**
 * Remembers ended sessions, so that their tokens cost no read and no rate-limit write until `exp`.
 *
 * This memory can only refuse. That is safe: session ids are random and never reused, so an ended session cannot become
 * valid again. One case looks the same: a login service that writes the item after it issued the token. So a session is
 * refused without a read for as long as it has been found ended so far, from one second to one minute. A new session
 * waits at most as long again as its item took, and an item repaired by hand is effective after a minute.
 */
export const rememberEnded = (
  store: SessionStore,
  { now }: { readonly now: () => number },
): Sessions => {
  const ended = createRecent<Ended>(maxSessions);
  return {
    hasEnded: (claims) => now() < (ended.find(keyOf(claims))?.untilMs ?? 0),
    find: async (claims, deadlineMs) => {
      const readAtMs = now();
      try {
        return await store.find(claims, deadlineMs);
      } catch (error) {
        if (error instanceof GatewayError && error.code === 'CREDENTIALS_EXPIRED') {
          const sinceMs = ended.find(keyOf(claims))?.sinceMs ?? readAtMs;
          const forMs = Math.max(refusal.leastMs, Math.min(refusal.mostMs, readAtMs - sinceMs));
          ended.keep(keyOf(claims), { sinceMs, untilMs: readAtMs + forMs });
        }
        throw error;
      }
    },
  };
};

/** Includes the user, because another user's token for the same session is refused separately. */
const keyOf = ({ sessionId, userId }: TokenClaims): string => `${sessionId} ${userId}`;
