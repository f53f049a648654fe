import { randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { signToken } from '../../../handler/src/stores/sessions/session-token.ts';
import { parseKeySet } from '../../../handler/src/stores/keys/signing-keys.ts';
import { sessionKey } from '../../../handler/src/stores/sessions/session-store.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import type { SessionRequest } from './session-arguments.ts';

export interface NewSession {
  /** For the client: it is the complete credential. */
  readonly token: string;
  /** For the sessions table, which never sees the session's id itself. */
  readonly item: {
    readonly session_id: string;
    /** For the index by which `make revoke USER=…` finds a user's sessions. */
    readonly user_id: string;
    readonly data: {
      readonly user_id: string;
      readonly roles: readonly string[];
      readonly created_at: number;
    };
    readonly ttl: number;
  };
}

/** Makes a session as a login service does: a random id, the item under its hash, the token signed with the active key. */
export const newSession = async (
  { userId, roles, lifetimeSeconds }: SessionRequest,
  signingSecret: string,
  nowSeconds: number,
): Promise<NewSession> => {
  const { activeKid, byKid } = parseKeySet(signingSecret);
  const active = byKid.get(activeKid);
  if (active === undefined) throw new Error('The signing secret has no active key');
  const sessionId = randomBytes(32).toString('base64url');
  const endsAtSeconds = nowSeconds + lifetimeSeconds;
  const token = await signToken(
    { sessionId, userId, expiresAtMs: endsAtSeconds * 1000 },
    { kid: activeKid, key: active.key, nowMs: nowSeconds * 1000 },
  );
  const data = { user_id: userId, roles, created_at: nowSeconds };
  const key = sessionKey(sessionId);
  return { token, item: { session_id: key, user_id: userId, data, ttl: endsAtSeconds } };
};

/** The key of a token's session in the table. The token may be invalid: its session is ended anyway. */
export const sessionKeyOf = (token: string): string => {
  if (token === '') throw new CommandError('TOKEN is missing: make revoke ENV=local TOKEN=eyJ…');
  const sessionId = sessionIdOf(token);
  if (typeof sessionId === 'string') return sessionKey(sessionId);
  throw new CommandError(
    'TOKEN is not a session token; it is what `make session` prints, of the form eyJ….eyJ….…',
  );
};

const sessionIdOf = (token: string): unknown => {
  try {
    return decodeJwt(token)['sid'];
  } catch {
    return undefined;
  }
};
