import { hash, randomBytes } from 'node:crypto';
import { GatewayError } from '../../http/gateway-error.ts';
import { sessionCookieName } from '../../http/own-credentials.ts';
import { claimIn, namesIn, userIdIn } from '../../openid/claims.ts';
import { UnusableKeys } from '../../openid/key-set.ts';
import { endpointIn } from '../../openid/provider.ts';
import type { ProviderKeys } from '../../openid/provider-keys.ts';
import { signToken } from '../../stores/sessions/session-token.ts';
import type { Listing, SessionRegister } from '../../stores/sessions/session-register.ts';
import type { Log } from '../../telemetry/logger.ts';
import type { FindActiveKey } from './active-key.ts';
import { baseUrlOf } from './base-url.ts';
import type { Act } from './browser-sign-in.ts';
import { badResponse, type createCodeExchange, signInExpired } from './code-exchange.ts';
import { setCookie } from './cookie.ts';
import { type Describe, unavailable } from './description.ts';
import type { PendingSignIns } from './pending-sign-in.ts';
import type { BrowserPolicy } from './policy.ts';
import { UnusableToken, verifyProviderToken } from './provider-token.ts';
import { redirect } from './redirect.ts';
import { type ReturnPlace, returnUrl } from './return-to.ts';

interface Dependencies {
  readonly policy: BrowserPolicy;
  readonly places: readonly ReturnPlace[];
  readonly discoveryUrl: URL;
  readonly describe: Describe;
  readonly pendingSignIns: PendingSignIns;
  readonly exchange: ReturnType<typeof createCodeExchange>;
  readonly providerKeys: Pick<ProviderKeys, 'find'>;
  readonly activeKey: FindActiveKey;
  readonly sessionRegister: SessionRegister;
  readonly log: Log;
  readonly now: () => number;
}

/** A longer one would make each read of the session cost more (DynamoDB counts by 4 KB). */
const maxIdTokenChars = 3_000;

/** The authorization code flow with PKCE (RFC 9700 §2.1), from the first redirect to the session. */
export const createSignIn = (dependencies: Dependencies): { signIn: Act; callback: Act } => {
  const { policy, places, discoveryUrl, describe, pendingSignIns, exchange } = dependencies;
  const { providerKeys, activeKey, sessionRegister, log, now } = dependencies;
  const redirectUri = (base: string): string => `${base}${policy.path}/callback`;

  const beginSession = async (
    idToken: string,
    { signedAt, deadlineMs }: { readonly signedAt: Describe; readonly deadlineMs: number },
  ): Promise<string> => {
    const nowMs = now();
    const options = {
      ...{ policy, keys: providerKeys, nowMs, deadlineMs },
      ...{ types: ['jwt'], requiredClaims: ['sub', 'exp', 'iat'] },
    };
    const claims = await verifyProviderToken(idToken, options).catch(asBadResponse);
    const userId = userIdIn(claims, policy.userId);
    if (userId === undefined)
      throw badResponse(
        'the claim with the user id is missing, or not a text of up to 256 characters',
      );
    const roles = policy.roles === undefined ? [] : namesIn(claimIn(claims, policy.roles));
    if (roles === undefined)
      throw badResponse('the claim with the roles is not a text or a list of texts');
    const { kid, key } = await activeKey(deadlineMs);
    const sessionId = randomBytes(32).toString('base64url');
    const lastsAtMostMs = nowMs + policy.absoluteMs;
    const keepsIdToken =
      policy.signOut === 'provider' &&
      idToken.length <= maxIdTokenChars &&
      (await signedAt(deadlineMs))['end_session_endpoint'] !== undefined;
    await sessionRegister.begin(
      {
        sessionId,
        userId,
        roles,
        endsAtMs: nowMs + Math.min(policy.idleMs ?? policy.absoluteMs, policy.absoluteMs),
        lastsAtMostMs,
        issuedAtMs: (claims.iat ?? 0) * 1_000,
        listedUnder: listingsOf(policy, userId, claims),
        ...(keepsIdToken && { idToken }),
      },
      deadlineMs,
    );
    // Sliding expiry changes the end of the item; the token ends with the session's absolute end.
    return signToken({ sessionId, userId, expiresAtMs: lastsAtMostMs }, { kid, key, nowMs });
  };

  return {
    signIn: async (request, deadlineMs) => {
      const base = baseUrlOf(request, policy.baseUrl);
      const wanted = new URLSearchParams(request.query).get('return_to') ?? undefined;
      const returnTo = returnUrl(wanted, places, base);
      if (returnTo === undefined) throw notAllowed();
      const description = await describe(deadlineMs);
      const url = endpointOf(description, 'authorization_endpoint', discoveryUrl);
      const { pending, setCookies } = await pendingSignIns.begin(
        returnTo,
        request.cookies,
        deadlineMs,
      );
      const parameters = {
        response_type: 'code',
        client_id: policy.clientId,
        redirect_uri: redirectUri(base),
        scope: policy.scopes.join(' '),
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: hash('sha256', pending.codeVerifier, 'base64url'),
        code_challenge_method: 'S256',
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return redirect(url.href, setCookies);
    },
    callback: async (request, deadlineMs) => {
      const parameters = new URLSearchParams(request.query);
      const state = parameters.get('state') ?? '';
      const pending = isState.test(state)
        ? await pendingSignIns.find(state, request.cookies, deadlineMs)
        : undefined;
      if (pending === undefined)
        throw signInExpired(
          'the browser has begun no sign-in with this state, or too long ago, or keeps no cookies',
        );
      const callback = {
        description: await describe(deadlineMs),
        parameters,
        pending,
        redirectUri: redirectUri(baseUrlOf(request, policy.baseUrl)),
      };
      const outcome = await exchange(callback, deadlineMs);
      const ended = pendingSignIns.end(state);
      if ('error' in outcome) {
        log.warn('the identity provider signed no user in', {
          correlation_id: request.id,
          reason: outcome.error,
        });
        return redirect(withError(pending.returnTo, outcome.error), [ended]);
      }
      const token = await beginSession(outcome.idToken, { signedAt: describe, deadlineMs });
      const maxAgeSeconds = Math.floor(policy.absoluteMs / 1_000);
      return redirect(pending.returnTo, [
        setCookie(sessionCookieName, token, maxAgeSeconds),
        ended,
      ]);
    },
  };
};

const isState = /^[\w-]{43}$/;

/** What a session can be found by: its user and, for the provider's logout, what its tokens name. */
const listingsOf = (
  { issuer, userId: userIdClaim, backChannelLogout }: BrowserPolicy,
  userId: string,
  { sub, sid }: Readonly<Record<string, unknown>>,
): readonly Listing[] => [
  ['user', userId],
  ...(backChannelLogout === 'allow' && typeof sid === 'string'
    ? [['sid', issuer, sid] as const]
    : []),
  ...(backChannelLogout === 'allow' && userIdClaim !== 'sub' && typeof sub === 'string'
    ? [['sub', issuer, sub] as const]
    : []),
];

const endpointOf = (...of: Parameters<typeof endpointIn>): URL => {
  try {
    return endpointIn(...of);
  } catch (error) {
    if (error instanceof UnusableKeys) throw unavailable(error);
    throw error;
  }
};

const asBadResponse = (error: unknown): never => {
  if (error instanceof UnusableToken) throw badResponse(`ID token: ${error.message}`);
  throw error;
};

const withError = (returnTo: string, error: string): string => {
  const url = new URL(returnTo);
  url.searchParams.set('sign_in_error', error);
  return url.href;
};

const notAllowed = (): GatewayError =>
  new GatewayError('VALIDATION_FAILED', {
    detail: 'Correct what `errors` lists.',
    violations: [
      {
        in: 'query',
        name: 'return_to',
        detail: 'must be a path that the gateway allows after a sign-in',
      },
    ],
  });
