import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  AuthorizationResponseError,
  type AuthorizationServer,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  clockSkew,
  clockTolerance,
  customFetch,
  None,
  OperationProcessingError,
  processAuthorizationCodeResponse,
  ResponseBodyError,
  UnsupportedOperationError,
  validateAuthResponse,
  WWWAuthenticateChallengeError,
} from 'oauth4webapi';
import { GatewayError } from '../../http/gateway-error.ts';
import {
  type Description,
  endpointIn,
  ProviderFailure,
  reasonOf,
  type SendToProvider,
} from '../../openid/provider.ts';
import { unavailable } from './description.ts';
import type { PendingSignIn } from './pending-sign-in.ts';
import type { BrowserPolicy } from './policy.ts';

/** The provider did not sign the user in. */
export interface Refusal {
  /** As RFC 6749 §4.1.2.1 and OpenID Connect Core 1.0 §3.1.2.6 list them, such as `access_denied`. */
  readonly error: string;
}

export interface Issued {
  /** Not yet verified by its signature. */
  readonly idToken: string;
}

interface Dependencies {
  readonly policy: Pick<BrowserPolicy, 'clientId' | 'clientSecret' | 'clientAuthentication'>;
  /** Reads the client secret; not called for a public client. */
  readonly readSecret: (deadlineMs: number) => Promise<string>;
  readonly discoveryUrl: URL;
  readonly send: SendToProvider;
  readonly now: () => number;
}

interface Callback {
  readonly description: Description;
  readonly parameters: URLSearchParams;
  readonly pending: PendingSignIn;
  readonly redirectUri: string;
}

/**
 * Exchanges the code of a callback for an ID token, and checks the response by OAuth 2.0 and OpenID Connect, `iss`
 * (RFC 9207) and nonce among it. Access and refresh tokens are dropped: the session needs none. Throws SIGN_IN_EXPIRED for
 * a code that was used or is too old, IDENTITY_PROVIDER_BAD_RESPONSE or IDENTITY_PROVIDER_UNAVAILABLE.
 */
export const createCodeExchange =
  ({ policy, readSecret, discoveryUrl, send, now }: Dependencies) =>
  async (callback: Callback, deadlineMs: number): Promise<Issued | Refusal> => {
    const { description, parameters, pending, redirectUri } = callback;
    const server = description as AuthorizationServer; // The library checks what it uses.
    const client = {
      client_id: policy.clientId,
      [clockSkew]: Math.round((now() - Date.now()) / 1_000),
      [clockTolerance]: 30,
    };
    const request = async (
      url: string,
      { headers, body }: { headers: Record<string, string>; body: URLSearchParams },
    ): Promise<Response> => {
      const to = new URL(url);
      const response = await send(
        { method: 'POST', url: to, headers, body: body.toString() },
        deadlineMs,
      );
      const { statusCode, rawHeaders } = response;
      if (statusCode >= 500)
        throw new ProviderFailure('The provider failed', `STATUS_${statusCode}`, to.host);
      const pairs: [string, string][] = [];
      for (let at = 0; at + 1 < rawHeaders.length; at += 2)
        pairs.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
      const isEmpty = statusCode === 204 || statusCode === 205 || statusCode === 304;
      return new Response(isEmpty ? null : new Uint8Array(response.body), {
        status: statusCode,
        headers: pairs,
      });
    };
    try {
      const checked = validateAuthResponse(server, client, parameters, pending.state);
      endpointIn(description, 'token_endpoint', discoveryUrl);
      const response = await authorizationCodeGrantRequest(
        server,
        client,
        await authenticationBy(policy, () => readSecret(deadlineMs)),
        checked,
        redirectUri,
        pending.codeVerifier,
        {
          [customFetch]: request,
          [allowInsecureRequests]: discoveryUrl.protocol === 'http:',
        },
      );
      const { id_token: idToken } = await processAuthorizationCodeResponse(
        server,
        client,
        response,
        { expectedNonce: pending.nonce, requireIdToken: true },
      );
      return { idToken: idToken ?? '' };
    } catch (error) {
      if (error instanceof AuthorizationResponseError) return { error: nameIn(error.error) };
      throw gatewayErrorOf(error);
    }
  };

const authenticationBy = async (
  { clientSecret, clientAuthentication }: Dependencies['policy'],
  readSecret: () => Promise<string>,
): Promise<ClientAuth> => {
  if (clientSecret === undefined) return None();
  const secret = await readSecret().catch(secretUnavailable);
  return clientAuthentication === 'basic' ? ClientSecretBasic(secret) : ClientSecretPost(secret);
};

const secretUnavailable = (cause: unknown): never => {
  throw new GatewayError('IDENTITY_PROVIDER_UNAVAILABLE', {
    detail: 'Try again later.',
    headers: { 'retry-after': '5' },
    note: 'the client secret of the sign-in for browsers cannot be read',
    cause,
  });
};

/** Errors have names of these characters; anything else says nothing. */
const nameIn = (error: string): string => (/^[a-z_]{1,64}$/.test(error) ? error : 'unknown');

/** The library's errors have what they are about in their `cause`, which must not reach the log; their messages are fixed. */
const gatewayErrorOf = (error: unknown): unknown => {
  if (error instanceof GatewayError) return error;
  if (reasonOf(error) !== undefined) return unavailable(error);
  if (error instanceof ResponseBodyError && error.error === 'invalid_grant')
    return signInExpired('the provider refused the code: it was used, or is too old');
  if (error instanceof ResponseBodyError)
    return badResponse(`the provider refused the request for tokens: ${nameIn(error.error)}`);
  if (error instanceof WWWAuthenticateChallengeError)
    return badResponse("the provider refused the client's id or secret");
  if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError)
    return badResponse(error.message);
  return error;
};

export const badResponse = (note: string): GatewayError =>
  new GatewayError('IDENTITY_PROVIDER_BAD_RESPONSE', { detail: 'Sign in again.', note });

export const signInExpired = (note: string): GatewayError =>
  new GatewayError('SIGN_IN_EXPIRED', {
    detail: 'Begin the sign-in again. The browser must accept cookies.',
    note,
  });
