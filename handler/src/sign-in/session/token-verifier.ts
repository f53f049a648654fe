import type { KeyObject } from 'node:crypto';
import { GatewayError } from '../../http/gateway-error.ts';
import { createRecent } from '../../memory/recent.ts';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';
import { leewaySeconds, verifyToken } from '../../stores/sessions/session-token.ts';
import {
  challenge,
  sessionEnded,
  tooFarAhead,
  type TokenClaims,
} from '../../stores/sessions/session.ts';

export interface TokenVerifier {
  /** Throws CREDENTIALS_INVALID, CREDENTIALS_EXPIRED for a genuine token past its time, or SIGNING_KEY_UNAVAILABLE. */
  verify(token: string, deadlineMs: number): Promise<TokenClaims>;
}

interface Dependencies {
  readonly keys: Pick<SigningKeys, 'find'>;
  readonly now: () => number;
}

/** A token that was found genuine, by a key that must still be current. */
interface Genuine {
  readonly kid: string;
  readonly key: KeyObject;
  readonly claims: TokenClaims;
}

/** About 5 MB. Only genuine tokens are cached, so forged ones cannot displace them. */
const maxTokens = 10_000;

/**
 * Verifies tokens with the current keys. The client learns that a token is not valid, never why: the response is not an
 * oracle for attackers. A token takes 15 µs to verify, and is verified once: after that, only the key and the time
 * can make the token invalid. Verified tokens are found by a hash with a seed per process, so that lookup time does not
 * reveal a prefix.
 */
export const createTokenVerifier = ({ keys, now }: Dependencies): TokenVerifier => {
  const recent = createRecent<Genuine>(maxTokens);

  const stillGenuine = async (
    token: string,
    deadlineMs: number,
  ): Promise<TokenClaims | undefined> => {
    const known = recent.find(token);
    if (known === undefined || now() >= known.claims.expiresAtMs + leewaySeconds * 1000)
      return undefined;
    return (await keys.find(known.kid, deadlineMs)) === known.key ? known.claims : undefined;
  };

  return {
    verify: async (token, deadlineMs) => {
      const known = await stillGenuine(token, deadlineMs);
      if (known !== undefined) return known;
      const verdict = await verifyToken(token, (kid) => keys.find(kid, deadlineMs), now());
      if (verdict.valid) {
        recent.keep(token, verdict);
        return verdict.claims;
      }
      if (verdict.reason === 'expired') throw sessionEnded("the token's exp has passed");
      throw tokenInvalid(verdict.reason === 'too-far-ahead' ? tooFarAhead('exp') : undefined);
    },
  };
};

const tokenInvalid = (note: string | undefined): GatewayError =>
  new GatewayError('CREDENTIALS_INVALID', { detail: 'Sign in again.', headers: challenge, note });
