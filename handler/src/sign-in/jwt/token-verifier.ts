import { hash } from 'node:crypto';
import { GatewayError } from '../../http/gateway-error.ts';
import { createRecent } from '../../memory/recent.ts';
import { challenge, type Session, sessionEnded } from '../../stores/sessions/session.ts';
import { reasons, type TokenVerdict, verifyAccessToken } from './access-token.ts';
import type { TokenPolicy } from './policy.ts';
import type { ProviderKeys } from '../../openid/provider-keys.ts';

export interface TokenVerifier {
  /**
   * The user of a genuine token. Throws CREDENTIALS_INVALID, CREDENTIALS_EXPIRED for a genuine token past its time, or
   * SIGNING_KEY_UNAVAILABLE.
   */
  verify(token: string, deadlineMs: number): Promise<Session>;
}

interface Dependencies {
  readonly policy: TokenPolicy;
  readonly keys: Pick<ProviderKeys, 'find'>;
  readonly now: () => number;
}

type Genuine = Extract<TokenVerdict, { valid: true }>;

/** About 10 MB. Only genuine tokens are remembered, so forged ones cannot displace them. */
const maxTokens = 5_000;

/**
 * Verifies a token once. After that, only the time and its key, which the provider may withdraw, can make it invalid.
 * Tokens are remembered by their SHA-256: some have 8 KB. The client learns that a token is not valid, never why.
 */
export const createTokenVerifier = ({ policy, keys, now }: Dependencies): TokenVerifier => {
  const recent = createRecent<Genuine>(maxTokens);

  const stillGenuine = async (id: string, deadlineMs: number): Promise<Session | undefined> => {
    const known = recent.find(id);
    if (known === undefined || now() >= known.endsAtMs) return undefined;
    return (await keys.find(known.header, deadlineMs)) === known.key ? known.user : undefined;
  };

  return {
    verify: async (token, deadlineMs) => {
      const id = hash('sha256', token, 'base64url');
      const known = await stillGenuine(id, deadlineMs);
      if (known !== undefined) return known;
      const verdict = await verifyAccessToken(
        token,
        policy,
        (header) => keys.find(header, deadlineMs),
        now(),
      );
      if (verdict.valid) {
        recent.keep(id, verdict);
        return verdict.user;
      }
      const note = reasons[verdict.reason];
      if (verdict.reason === 'expired') throw sessionEnded(note);
      throw new GatewayError('CREDENTIALS_INVALID', {
        detail: 'Sign in again.',
        headers: challenge,
        note,
      });
    },
  };
};
