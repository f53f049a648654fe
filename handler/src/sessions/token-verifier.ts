import { GatewayError } from '../http/gateway-error.ts';
import type { SigningKeys } from './signing-keys.ts';
import { type TokenClaims, verifyToken } from './token.ts';

export interface TokenVerifier {
  /** Throws TOKEN_INVALID, SESSION_ENDED for a genuine token past its time, or SIGNING_KEY_UNAVAILABLE. */
  verify(token: string, deadlineMs: number): Promise<TokenClaims>;
}

interface Dependencies {
  readonly keys: SigningKeys;
  readonly now: () => number;
}

/** Verifies tokens with the current keys. The client learns that a token is not valid, never why: no oracle for forgers. */
export const createTokenVerifier = ({ keys, now }: Dependencies): TokenVerifier => ({
  verify: async (token, deadlineMs) => {
    const verdict = await verifyToken(token, (kid) => keys.find(kid, deadlineMs), now());
    if (verdict.valid) return verdict.claims;
    throw verdict.reason === 'expired' ? sessionEnded() : tokenInvalid();
  },
});

/** RFC 6750 §3.1. */
const challenge = { 'www-authenticate': 'Bearer realm="postern", error="invalid_token"' };

export const sessionEnded = (): GatewayError =>
  new GatewayError('SESSION_ENDED', { detail: 'Sign in again.', headers: challenge });

const tokenInvalid = (): GatewayError =>
  new GatewayError('TOKEN_INVALID', { detail: 'Sign in again.', headers: challenge });
