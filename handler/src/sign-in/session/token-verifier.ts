import type { KeyObject } from 'node:crypto';
import { GatewayError } from '../../http/gateway-error.ts';
import { createRecent } from '../../memory/recent.ts';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';
import { leewaySeconds, verifyToken } from './token.ts';
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

/** A token that was found genuine, by a key that must still stand. */
interface Genuine {
  readonly kid: string;
  readonly key: KeyObject;
  readonly claims: TokenClaims;
}

/** Some 5 MB. Only genuine tokens are kept, so that forgers cannot push them out. */
const maxTokens = 10_000;

/**
 * Verifies tokens with the current keys. The client learns that a token is not valid, never why: no oracle for forgers.
 * A signature costs 100 µs to verify, and is verified once: from then on only the key and the time can make it fail. A
 * token that was verified is found by a hash whose seed is the process's own, so that no prefix of one can be timed.
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
