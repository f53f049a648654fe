import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { ProviderKeys } from '../../openid/provider-keys.ts';
import type { Listing, SessionRegister } from '../../stores/sessions/session-register.ts';
import type { Log } from '../../telemetry/logger.ts';
import type { Act } from './browser-sign-in.ts';
import type { BrowserPolicy } from './policy.ts';
import { UnusableToken, verifyProviderToken } from './provider-token.ts';

interface Dependencies {
  readonly policy: BrowserPolicy;
  readonly providerKeys: Pick<ProviderKeys, 'find'>;
  readonly sessionRegister: SessionRegister;
  readonly log: Log;
  readonly now: () => number;
}

const event = 'http://schemas.openid.net/event/backchannel-logout';

/** Providers issue a logout token when they send it. */
const maxAgeSeconds = 300;

/**
 * Ends the sessions that a logout token names (OpenID Connect Back-Channel Logout 1.0): those of a session at the
 * provider (`sid`) or, without one, of a user (`sub`). Throws LOGOUT_TOKEN_INVALID. Only those end whose ID token was
 * issued before the logout token, by the same clock: one that is sent again ends nothing that began since, and no `jti`
 * needs to be remembered (§2.6).
 */
export const createBackChannelLogout = ({
  policy,
  providerKeys,
  sessionRegister,
  log,
  now,
}: Dependencies): Act => {
  const verified = async (
    token: string,
    deadlineMs: number,
  ): Promise<{ readonly listing: Listing; readonly issuedAtMs: number }> => {
    const {
      sub,
      sid,
      nonce,
      events,
      iat = 0,
    } = await verifyProviderToken(token, {
      ...{ policy, keys: providerKeys, nowMs: now(), deadlineMs },
      ...{ types: ['logout+jwt', 'jwt'], requiredClaims: ['iat', 'jti'], maxAgeSeconds },
    });
    // §2.4: so that an ID token is not taken for a logout token.
    if (nonce !== undefined) throw new UnusableToken('the token has a nonce');
    if (typeof events !== 'object' || events === null || !Object.hasOwn(events, event))
      throw new UnusableToken('the token has no event of a logout');
    const issuedAtMs = iat * 1_000;
    if (typeof sid === 'string') return { listing: ['sid', policy.issuer, sid], issuedAtMs };
    if (typeof sub !== 'string') throw new UnusableToken('the token has neither sid nor sub');
    const isListedAsUser = policy.userId === 'sub';
    return { listing: isListedAsUser ? ['user', sub] : ['sub', policy.issuer, sub], issuedAtMs };
  };

  return async (request, deadlineMs) => {
    const { listing, issuedAtMs } = await verified(logoutTokenOf(request), deadlineMs).catch(
      asInvalid,
    );
    const count = await sessionRegister.endListed(listing, deadlineMs, issuedAtMs);
    log.info('the identity provider signed a user out', {
      correlation_id: request.id,
      sessions: count,
    });
    return { statusCode: 200, headers: { 'cache-control': 'no-store' } };
  };
};

const logoutTokenOf = ({ headers, body }: GatewayRequest): string => {
  const type = headers['content-type'] ?? '';
  const isForm = /^application\/x-www-form-urlencoded *(?:;|$)/i.test(type);
  const [token, ...more] = isForm
    ? new URLSearchParams(body?.toString() ?? '').getAll('logout_token')
    : [];
  if (token !== undefined && more.length === 0) return token;
  throw invalid('the body is not a form with one logout_token');
};

const asInvalid = (error: unknown): never => {
  throw error instanceof UnusableToken ? invalid(error.message) : error;
};

const invalid = (note: string): GatewayError =>
  new GatewayError('LOGOUT_TOKEN_INVALID', { detail: 'Send a valid logout token.', note });
