import { cookieValues } from '../../http/cookie-values.ts';
import { assertNotCrossSite } from '../../http/cross-site.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import { sessionCookieName } from '../../http/own-credentials.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { endpointIn } from '../../openid/provider.ts';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';
import type { EndedSession, SessionRegister } from '../../stores/sessions/session-register.ts';
import { verifyToken } from '../../stores/sessions/session-token.ts';
import { describeError, type Log } from '../../telemetry/logger.ts';
import { baseUrlOf } from './base-url.ts';
import type { Act } from './browser-sign-in.ts';
import { dropCookie, dropPlainCookie } from './cookie.ts';
import type { Describe } from './description.ts';
import type { BrowserPolicy } from './policy.ts';
import { redirect } from './redirect.ts';
import { type ReturnPlace, returnUrl } from './return-to.ts';

interface Dependencies {
  readonly policy: BrowserPolicy;
  readonly places: readonly ReturnPlace[];
  readonly allowedOrigins: ReadonlySet<string>;
  readonly discoveryUrl: URL;
  readonly describe: Describe;
  readonly keys: Pick<SigningKeys, 'find'>;
  readonly sessionRegister: SessionRegister;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Ends the session of the browser or, with `?everywhere`, all of its user, and leads to the provider's own sign-out.
 * Without a session, it only drops the cookie. The session ends even if the provider is down. A browser may have several:
 * the session cookie has two names, and one of a parent domain or of a path cannot be dropped here.
 */
export const createSignOut = (dependencies: Dependencies): Act => {
  const { policy, places, allowedOrigins, discoveryUrl, describe, keys } = dependencies;
  const { sessionRegister, log, now } = dependencies;

  const endSession = async (
    token: string,
    { query }: GatewayRequest,
    deadlineMs: number,
  ): Promise<EndedSession | undefined> => {
    const verdict = await verifyToken(token, (kid) => keys.find(kid, deadlineMs), now());
    if (!verdict.valid) return undefined;
    const { sessionId, userId } = verdict.claims;
    const ended = await sessionRegister.end(sessionId, deadlineMs);
    // A token whose session was ended, perhaps because it was stolen, ends no others.
    if (ended !== undefined && new URLSearchParams(query).has('everywhere'))
      await sessionRegister.endListed(['user', userId], deadlineMs);
    return ended;
  };

  /** OpenID Connect RP-Initiated Logout 1.0 §2. Undefined: the provider has none, or cannot be reached. */
  const providerSignOut = async (
    idToken: string | undefined,
    backTo: string,
    deadlineMs: number,
  ): Promise<string | undefined> => {
    if (policy.signOut === 'gateway') return undefined;
    try {
      const description = await describe(deadlineMs);
      if (description['end_session_endpoint'] === undefined) return undefined;
      const url = endpointIn(description, 'end_session_endpoint', discoveryUrl);
      const parameters = {
        client_id: policy.clientId,
        post_logout_redirect_uri: backTo,
        // Cognito has its own name for it.
        ...(policy.issuer.startsWith('https://cognito-idp.') && { logout_uri: backTo }),
        ...(idToken !== undefined && { id_token_hint: idToken }),
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return url.href;
    } catch (error) {
      log.warn('the user is signed out here, but not at the identity provider', {
        error: describeError(error),
      });
      return undefined;
    }
  };

  return async (request, deadlineMs) => {
    assertOwnPage(request, allowedOrigins);
    const own = cookieValues(request.cookies, `__Host-${sessionCookieName}`);
    const plain = cookieValues(request.cookies, sessionCookieName);
    const all = await Promise.all(
      [...new Set([...own, ...plain])].map((token) => endSession(token, request, deadlineMs)),
    );
    const ended = all.find((each) => each !== undefined);
    const backTo = returnUrl(undefined, places, baseUrlOf(request, policy.baseUrl)) ?? '/';
    const next =
      ended === undefined ? undefined : await providerSignOut(ended.idToken, backTo, deadlineMs);
    return redirect(next ?? backTo, [
      dropCookie(sessionCookieName),
      ...(plain.length > 0 ? [dropPlainCookie(sessionCookieName)] : []),
    ]);
  };
};

/**
 * Other sites must not sign users out. A form (POST) may come from the gateway's own origin and from the allowed ones. A
 * link (GET) has no `Origin`: it counts if the browser says that a page of the very origin led there, or the address
 * bar; not if it only prefetches. A browser that says nothing needs a form.
 */
const assertOwnPage = (request: GatewayRequest, allowedOrigins: ReadonlySet<string>): void => {
  const { method, headers } = request;
  if (method === 'POST') return assertNotCrossSite(request, allowedOrigins);
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-purpose': purpose } = headers;
  const isOwn = site === 'same-origin' || site === 'none';
  if (method === 'GET' && isOwn && mode === 'navigate' && purpose === undefined) return;
  throw new GatewayError('CROSS_SITE_REQUEST', {
    detail: 'Follow a link of a page of the API’s own origin, or send a form with POST.',
  });
};
