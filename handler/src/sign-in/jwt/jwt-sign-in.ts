import { GatewayError } from '../../http/gateway-error.ts';
import type { SignInMethod } from '../../parts.ts';
import { describeError } from '../../telemetry/logger.ts';
import type { TokenPolicy } from './policy.ts';
import { createProvider, reasonOf, sendingBy } from '../../openid/provider.ts';
import { createProviderKeys } from '../../openid/provider-keys.ts';
import { readSettings } from './settings.ts';
import { createTokenVerifier } from './token-verifier.ts';

declare module '../../contract.ts' {
  interface SignInNames {
    /** One for each security scheme: a token of one issuer says nothing about a route for another. */
    readonly [scheme: `jwt:${string}`]: true;
  }
}

/** Callers with an access token of an OpenID provider, for one security scheme. */
export const jwtSignIn =
  (compiled: TokenPolicy): SignInMethod =>
  (reader) => {
    const { policy, discoveryUrl, jwksUri } = readSettings(compiled, reader);
    const { scheme, issuer } = policy;
    return ({ issuerKeys, connect, log, now, startEndsMs }) => {
      const send = sendingBy(connect, now);
      const provider = createProvider({ issuer, discoveryUrl, jwksUri, send });
      const keys = createProviderKeys({
        source: `${issuer} ${(jwksUri ?? discoveryUrl).href}`,
        store: issuerKeys,
        readProvider: (deadlineMs) => provider.readKeys(deadlineMs),
        now,
        onReadFailure: (error) =>
          log.error('the keys of the token issuer cannot be read', {
            scheme,
            reason: reasonOf(error),
            error: describeError(error),
          }),
        onStoreFailure: (error): undefined => {
          const fields = { scheme, error: describeError(error) };
          log.warn('the keys of the token issuer cannot be shared', fields);
        },
      });
      const tokens = createTokenVerifier({ policy, keys, now });
      // Asked for now, while Lambda gives a starting environment a whole core, and not awaited.
      keys.load(startEndsMs).catch(() => undefined);
      return {
        authenticate: async (exchange) => {
          const token = tokenIn(exchange.request.headers['authorization'] ?? '');
          const user = tokens.recall(token) ?? (await tokens.verify(token, exchange.deadlineMs));
          exchange.claims = user;
          exchange.session = Promise.resolve(user);
        },
        checks: { [`access_token_keys_${scheme}`]: (deadlineMs) => keys.load(deadlineMs) },
      };
    };
  };

/** Everything after `Bearer` is the token (RFC 6750 §2.1), including white space. */
const tokenIn = (authorization: string): string => {
  const start = bearer.exec(authorization)?.[0].length;
  if (start === undefined) throw missing();
  return authorization.slice(start).trimEnd();
};

/** Without the token: matching its characters takes a microsecond. */
const bearer = /^Bearer +(?=\S)/i;

const missing = (): GatewayError =>
  new GatewayError('CREDENTIALS_MISSING', {
    detail: 'Send an access token as `Authorization: Bearer …`.',
    headers: { 'www-authenticate': 'Bearer realm="postern"' },
  });
