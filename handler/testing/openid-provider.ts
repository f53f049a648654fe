import type { RequestListener } from 'node:http';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider from 'oidc-provider';
import { startLocalProvider } from './local-provider.ts';

export interface OpenIdProvider {
  readonly issuer: string;
  /** Requests for the description and the keys so far. */
  readonly reads: number;
  /** A key to sign with, which the provider does not publish yet. */
  createKey(kid: string): Promise<JWK>;
  /** Publishes these keys from now on, and signs with the first. */
  publish(...keys: readonly JWK[]): void;
  /** Of the audience `shop` with the scope `orders:read`, signed with the current key. */
  issueToken(): Promise<string>;
  /** Refuses requests for the description and the keys; tokens are still issued. */
  isDown: boolean;
  stop(): Promise<void>;
}

const client = { client_id: 'tests', client_secret: 'secret' };

/** A real OpenID provider on loopback, with client credentials and access tokens as RFC 9068 defines them. */
export const startOpenIdProvider = async (): Promise<OpenIdProvider> => {
  let handle: RequestListener = (_, response) => void response.writeHead(503).end();
  let reads = 0;
  const server = await startLocalProvider((request, response) => {
    const isRead = request.method === 'GET';
    if (isRead) reads += 1;
    if (isRead && provider.isDown) request.socket.destroy();
    else handle(request, response);
  });
  const issuer = server.url;

  const provider: OpenIdProvider = {
    issuer,
    get reads() {
      return reads;
    },
    isDown: false,
    createKey: async (kid) => {
      const { privateKey } = await generateKeyPair('RS256', { extractable: true });
      return { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' };
    },
    publish: (...keys) => {
      const own = new Provider(issuer, {
        jwks: { keys },
        clients: [
          {
            ...client,
            grant_types: ['client_credentials'],
            redirect_uris: [],
            response_types: [],
            token_endpoint_auth_method: 'client_secret_post',
          },
        ],
        scopes: ['orders:read'],
        features: {
          devInteractions: { enabled: false },
          clientCredentials: { enabled: true },
          resourceIndicators: {
            enabled: true,
            defaultResource: () => 'urn:shop',
            useGrantedResource: () => true,
            getResourceServerInfo: () => ({
              scope: 'orders:read',
              audience: 'shop',
              accessTokenFormat: 'jwt',
              accessTokenTTL: 30 * 24 * 3_600,
              jwt: { sign: { alg: 'RS256' } },
            }),
          },
        },
      });
      handle = own.callback();
    },
    issueToken: async () => {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          scope: 'orders:read',
          resource: 'urn:shop',
          ...client,
        }),
      });
      const { access_token: token } = (await response.json()) as { access_token?: string };
      if (token === undefined) throw new Error(`The provider issued no token: ${response.status}`);
      return token;
    },
    stop: () => server.stop(),
  };
  return provider;
};
