import type { SignInMethod } from '../../middleware.ts';
import { createSigningKeys } from '../../stores/keys/signing-keys.ts';
import { rememberEnded } from '../../stores/sessions/ended-sessions.ts';
import { cacheSessions } from '../../stores/sessions/session-cache.ts';
import { createSessionStore } from '../../stores/sessions/session-store.ts';
import { describeError } from '../../telemetry/logger.ts';
import { createAuthenticate } from './authenticate.ts';
import { readSettings } from './settings.ts';
import { createTokenVerifier } from './token-verifier.ts';

/** Callers with a session token, whose sessions are in a table of DynamoDB. */
export const sessionSignIn: SignInMethod = (reader) => {
  const { tableName, signingSecret, cacheSeconds: seconds, allowedOrigins } = readSettings(reader);
  return ({ dynamoDb, secrets, log, now, startEndsMs }) => {
    const keys = createSigningKeys({
      readSecret: async (deadlineMs) =>
        signingSecret.kind === 'inline'
          ? signingSecret.json
          : secrets.getSecretString(signingSecret.arn, { deadlineMs }),
      now,
      onReadFailure: (error) =>
        log.error('the signing keys cannot be read', { error: describeError(error) }),
    });
    // Asked for now, while Lambda gives a starting environment a whole core, and not awaited.
    keys.load(startEndsMs).catch(() => undefined);
    const store = createSessionStore({ dynamoDb, tableName, now });
    return {
      authenticate: createAuthenticate({
        tokens: createTokenVerifier({ keys, now }),
        sessions: rememberEnded(cacheSessions(store, { seconds, now }), { now }),
        allowedOrigins,
      }),
      checks: {
        session_table: (deadlineMs) =>
          dynamoDb.getItem(
            { TableName: tableName, Key: { session_id: { S: 'readiness-probe' } } },
            { deadlineMs },
          ),
        token_signing_key: (deadlineMs) => keys.load(deadlineMs),
      },
    };
  };
};
