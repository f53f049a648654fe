import { hash } from 'node:crypto';
import { GatewayError } from '../../http/gateway-error.ts';
import { createRecent } from '../../memory/recent.ts';
import { challenge, type Session, sessionEnded } from '../../stores/sessions/session.ts';
import { reasons, type TokenVerdict, verifyAccessToken } from './access-token.ts';
import type { TokenPolicy } from './policy.ts';
import type { ProviderKeys } from '../../openid/provider-keys.ts';

export interface TokenVerifier {
  /** The user of a token that was verified and needs nothing to be awaited. */
  recall(token: string): Session | undefined;
  /**
   * The user of a genuine token. Throws CREDENTIALS_INVALID, CREDENTIALS_EXPIRED for a genuine token past its time, or
   * SIGNING_KEY_UNAVAILABLE.
   */
  verify(token: string, deadlineMs: number): Promise<Session>;
}

interface Dependencies {
  readonly policy: TokenPolicy;
  readonly keys: Pick<ProviderKeys, 'find' | 'holds'>;
  readonly now: () => number;
}

type Genuine = Extract<TokenVerdict, { valid: true }>;

/** 2 µs for a token of 1,000 characters, as much as to look up the token itself; some have 8 KB. */
const idOf = (token: string): string => hash('sha256', token, 'base64url');

/** About 10 MB. Only genuine tokens are remembered, so forged ones cannot displace them. */
const maxTokens = 5_000;

/**
 * Verifies a token once. After that, only the time and its key, which the provider may withdraw, can make it invalid.
 * Tokens are remembered by their SHA-256. The client learns that a token is not valid, never why.
 */
export const createTokenVerifier = ({ policy, keys, now }: Dependencies): TokenVerifier => {
  const recent = createRecent<Genuine>(maxTokens);

  const knownBy = (token: string): Genuine | undefined => {
    const known = recent.find(idOf(token));
    return known !== undefined && now() < known.endsAtMs ? known : undefined;
  };

  return {
    recall: (token) => {
      const known = knownBy(token);
      return known !== undefined && keys.holds(known.key) ? known.user : undefined;
    },
    verify: async (token, deadlineMs) => {
      const known = knownBy(token);
      if (known !== undefined && (await keys.find(known.header, deadlineMs)) === known.key)
        return known.user;
      const verdict = await verifyAccessToken(
        token,
        policy,
        (header) => keys.find(header, deadlineMs),
        now(),
      );
      if (verdict.valid) {
        recent.keep(idOf(token), verdict);
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
