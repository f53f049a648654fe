import { type Exchange, matchOf } from '../../exchange.ts';
import { assertNotCrossSite } from './cross-site.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import { sessionCookieName, sessionCookieOf } from '../../http/own-credentials.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { Sessions } from '../../stores/sessions/ended-sessions.ts';
import type { TokenVerifier } from './token-verifier.ts';
import type { Middleware } from '../../middleware.ts';
import { sessionEnded } from '../../stores/sessions/session.ts';

interface Dependencies {
  readonly tokens: TokenVerifier;
  readonly sessions: Sessions;
  /** Whose pages may have a browser send its cookie with a request that changes something. */
  readonly allowedOrigins: ReadonlySet<string>;
}

/**
 * Verifies the token's signature and expiry, then begins the session's read without waiting for it: the signed
 * token already names the user whose limit counts. A forged token never costs a call to DynamoDB, nor does one of a
 * session that was found ended here before, nor a request that another site had a browser send.
 */
export const authenticate = ({ tokens, sessions, allowedOrigins }: Dependencies): Middleware => ({
  before: async ({ context: { exchange } }) => {
    if (matchOf(exchange).route.access.kind === 'public') return;
    const claims = await tokens.verify(
      tokenOf(exchange.request, allowedOrigins),
      exchange.deadlineMs,
    );
    exchange.claims = claims;
    if (sessions.hasEnded(claims)) throw sessionEnded('this session had ended a moment ago');
    exchange.session = sessions.find(claims, exchange.deadlineMs);
    exchange.session.catch(() => undefined); // Whoever awaits it sees the failure; a refusal before that must not end the process.
  },
  /** No read outlives its invocation: Lambda freezes the process as soon as the answer is given. */
  onError: ({ context: { exchange } }) => settled(exchange),
});

const settled = async ({ session }: Exchange): Promise<void> => {
  await session?.catch(() => undefined);
};

const tokenOf = (request: GatewayRequest, allowedOrigins: ReadonlySet<string>): string => {
  // Whatever stands behind `Bearer` was meant as a token, white space within and all.
  const bearer = /^Bearer +(\S.*)$/is.exec(request.headers['authorization'] ?? '')?.[1];
  if (bearer !== undefined) return bearer.trimEnd();
  const cookie = sessionCookieOf(request.cookies);
  if (cookie === undefined) {
    throw new GatewayError('CREDENTIALS_MISSING', {
      detail: `Send a session token as \`Authorization: Bearer …\` or in the cookie \`__Host-${sessionCookieName}\`.`,
      headers: { 'www-authenticate': 'Bearer realm="postern"' },
    });
  }
  assertNotCrossSite(request, allowedOrigins);
  return cookie;
};
