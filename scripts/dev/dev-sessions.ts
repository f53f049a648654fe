import { createSecretKey, randomBytes } from 'node:crypto';
import { signToken } from '../../handler/src/stores/sessions/session-token.ts';
import type { MemorySessions } from '../../handler/src/stores/sessions/memory-sessions.ts';

export interface DevSessions {
  /** The JSON of the signing secret; another one for each process. */
  readonly signingSecret: string;
  /** A session token, the same one for the same user with the same roles. */
  tokenOf(userId: string, roles: readonly string[]): Promise<string>;
}

interface Dependencies {
  readonly sessions: MemorySessions;
  readonly now: () => number;
}

const lifetimeMs = 24 * 3_600_000;

/** Signs users in as a login service does. */
export const createDevSessions = ({ sessions, now }: Dependencies): DevSessions => {
  const kid = 'dev';
  const bytes = randomBytes(32);
  const key = createSecretKey(bytes);
  const tokens = new Map<string, Promise<string>>();
  const begin = (userId: string, roles: readonly string[]): Promise<string> => {
    const sessionId = randomBytes(32).toString('base64url');
    const nowMs = now();
    const expiresAtMs = nowMs + lifetimeMs;
    sessions.begin(sessionId, { userId, roles, endsAtMs: expiresAtMs });
    return signToken({ sessionId, userId, expiresAtMs }, { kid, key, nowMs });
  };
  return {
    signingSecret: JSON.stringify({
      active_kid: kid,
      keys: [{ kty: 'oct', kid, k: bytes.toString('base64url') }],
    }),
    tokenOf: (userId, roles) => {
      const name = JSON.stringify([userId, roles]);
      const token = tokens.get(name) ?? begin(userId, roles);
      tokens.set(name, token);
      return token;
    },
  };
};
