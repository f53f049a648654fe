import type { Exchange } from '../../exchange.ts';
import { createRecent } from '../../memory/recent.ts';
import type { Feature } from '../../parts.ts';
import type { StoredSession, TokenClaims } from '../../stores/sessions/session.ts';
import { describeError } from '../../telemetry/logger.ts';

/** A few megabytes. */
const maxSessions = 10_000;

/**
 * Sliding expiry: a session that is used lasts for `idleMs` from then on, but not beyond its token. It is written at most
 * once in half of that time, while the upstream responds. If it cannot be written, the request goes on.
 */
export const extendSession =
  (idleMs: number): Feature =>
  ({ sessionRegister, log, now }) => {
    /** When an execution environment may try to extend a session again, by its id. */
    const next = createRecent<number>(maxSessions);
    const writes = new WeakMap<Exchange, Promise<unknown>>();

    const extend = (exchange: Exchange): void => {
      const { caller, claims, deadlineMs } = exchange;
      if (!isStored(caller) || !isOfToken(claims)) return;
      const nowMs = now();
      const endsAtMs = Math.min(nowMs + idleMs, claims.expiresAtMs);
      const isDue = caller.endsAtMs - nowMs <= idleMs / 2 && endsAtMs > caller.endsAtMs;
      if (!isDue || nowMs < (next.find(claims.sessionId) ?? 0)) return;
      next.keep(claims.sessionId, nowMs + idleMs / 4);
      const write = sessionRegister
        .extend(claims.sessionId, endsAtMs, deadlineMs)
        .catch((error: unknown) =>
          log.warn('a session cannot be extended', { error: describeError(error) }),
        );
      writes.set(exchange, write);
    };
    /** Lambda freezes the process as soon as the response is sent. */
    const finish = async (exchange: Exchange): Promise<void> => {
      await writes.get(exchange);
    };
    return {
      before: ({ context: { exchange } }) => extend(exchange),
      after: ({ context: { exchange } }) => finish(exchange),
      onError: ({ context: { exchange } }) => finish(exchange),
    };
  };

const isStored = (caller: Exchange['caller']): caller is StoredSession =>
  caller !== undefined && 'endsAtMs' in caller;

const isOfToken = (claims: Exchange['claims']): claims is TokenClaims =>
  claims !== undefined && 'sessionId' in claims;
