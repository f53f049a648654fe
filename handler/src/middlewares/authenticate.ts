import { type Exchange, matchOf } from '../exchange.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import type { TokenVerifier } from '../sessions/token-verifier.ts';
import type { Middleware } from './middleware.ts';

interface Dependencies {
  readonly tokens: TokenVerifier;
  readonly sessions: SessionStore;
}

/**
 * Verifies the token's signature and expiry, then begins the session's read without waiting for it: the signed
 * token already names the user whose limit counts. A forged token never costs a call to DynamoDB.
 */
export const authenticate = ({ tokens, sessions }: Dependencies): Middleware => ({
  before: async ({ context: { exchange } }) => {
    if (matchOf(exchange).route.access.kind === 'public') return;
    const claims = await tokens.verify(tokenOf(exchange.request), exchange.deadlineMs);
    exchange.claims = claims;
    exchange.session = sessions.find(claims, exchange.deadlineMs);
    exchange.session.catch(() => undefined); // Whoever awaits it sees the failure; a refusal before that must not end the process.
  },
  /** No read outlives its invocation: Lambda freezes the process as soon as the answer is given. */
  onError: ({ context: { exchange } }) => settled(exchange),
});

const settled = async ({ session }: Exchange): Promise<void> => {
  await session?.catch(() => undefined);
};

const cookiePrefix = 'session_token=';

const tokenOf = ({ headers, cookies }: GatewayRequest): string => {
  // Whatever stands behind `Bearer` was meant as a token, white space within and all.
  const bearer = /^Bearer +(\S.*)$/is.exec(headers['authorization'] ?? '')?.[1];
  if (bearer !== undefined) return bearer.trimEnd();
  const [first, ...others] = cookies.filter((cookie) => cookie.startsWith(cookiePrefix));
  if (first === undefined) {
    throw new GatewayError('TOKEN_MISSING', {
      detail: 'Send a session token as `Authorization: Bearer …` or in the cookie `session_token`.',
      headers: { 'www-authenticate': 'Bearer realm="postern"' },
    });
  }
  // Two cookies of the name: someone else may have planted one (RFC 6265 §8.6), and none can be trusted.
  return others.length === 0 ? first.slice(cookiePrefix.length) : '';
};
