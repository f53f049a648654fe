import { assertNotCrossSite } from '../../http/cross-site.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import { sessionCookieName, sessionCookieOf } from '../../http/own-credentials.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { Sessions } from '../../stores/sessions/ended-sessions.ts';
import type { TokenVerifier } from './token-verifier.ts';
import type { SignIn } from '../../parts.ts';
import { sessionEnded } from '../../stores/sessions/session.ts';

interface Dependencies {
  readonly tokens: TokenVerifier;
  readonly sessions: Sessions;
  /** The origins whose pages can send state-changing requests with the session cookie. */
  readonly allowedOrigins: ReadonlySet<string>;
}

/**
 * Verifies the token's signature and expiry, then starts the read of the session without waiting for it: the signed
 * token already names the user for the rate limit. No call to DynamoDB is made for a forged token, for a session that
 * is known to have ended, or for a cross-site request.
 */
export const createAuthenticate =
  ({ tokens, sessions, allowedOrigins }: Dependencies): SignIn['authenticate'] =>
  async (exchange) => {
    const { request, deadlineMs } = exchange;
    const token = bearerTokenOf(request) ?? cookieTokenOf(request, allowedOrigins);
    const claims = await tokens.verify(token, deadlineMs);
    exchange.claims = claims;
    if (sessions.hasEnded(claims)) throw sessionEnded('this session had ended a moment ago');
    exchange.session = sessions.find(claims, deadlineMs);
    exchange.session.catch(() => undefined); // The step that awaits it handles the failure; an earlier refusal must not end the process.
  };

/** Everything after `Bearer` is the token, including white space. */
const bearerTokenOf = ({ headers }: GatewayRequest): string | undefined =>
  /^Bearer +(\S.*)$/is.exec(headers['authorization'] ?? '')?.[1]?.trimEnd();

/** Throws CROSS_SITE_REQUEST: a browser sends the cookie also for a page of another site. */
const cookieTokenOf = (request: GatewayRequest, allowedOrigins: ReadonlySet<string>): string => {
  const token = sessionCookieOf(request.cookies);
  if (token === undefined) {
    throw new GatewayError('CREDENTIALS_MISSING', {
      detail: `Send a session token as \`Authorization: Bearer …\` or in the cookie \`__Host-${sessionCookieName}\`.`,
      headers: { 'www-authenticate': 'Bearer realm="postern"' },
    });
  }
  assertNotCrossSite(request, allowedOrigins);
  return token;
};
