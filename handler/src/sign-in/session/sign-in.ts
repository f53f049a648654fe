import type { SignInMethod } from '../../parts.ts';
import { openSigningKeys } from '../../stores/keys/signing-secret.ts';
import { rememberEnded } from '../../stores/sessions/ended-sessions.ts';
import { cacheSessions } from '../../stores/sessions/session-cache.ts';
import { createAuthenticate } from './authenticate.ts';
import { readSettings } from './settings.ts';
import { createTokenVerifier } from './token-verifier.ts';

declare module '../../contract.ts' {
  interface SignInNames {
    readonly session: true;
  }
}

/** Callers with a session token, whose sessions are in the store. */
export const sessionSignIn: SignInMethod = (reader) => {
  const { signingSecret, cacheSeconds: seconds, allowedOrigins } = readSettings(reader);
  return ({ sessions, secrets, log, now, startEndsMs }) => {
    const keys = openSigningKeys(signingSecret, { secrets, log, now });
    // Asked for now, while Lambda gives a starting environment a whole core, and not awaited.
    keys.load(startEndsMs).catch(() => undefined);
    return {
      authenticate: createAuthenticate({
        tokens: createTokenVerifier({ keys, now }),
        sessions: rememberEnded(cacheSessions(sessions, { seconds, now }), { now }),
        allowedOrigins,
      }),
      checks: {
        token_signing_key: (deadlineMs) => keys.load(deadlineMs),
      },
    };
  };
};
