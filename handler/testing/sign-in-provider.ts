import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { startLocalProvider } from './local-provider.ts';

export interface SignInProvider {
  readonly issuer: string;
  /** Knows a client of this id and secret whose gateway is at this address. */
  register(client: {
    readonly id: string;
    readonly secret: string;
    readonly gateway: string;
  }): void;
  stop(): Promise<void>;
}

/** A real OpenID provider on loopback, with pages on which anybody signs in by any name. All have the role `user`. */
export const startSignInProvider = async (): Promise<SignInProvider> => {
  const server = await startLocalProvider((_, response) => void response.writeHead(503).end());
  const issuer = server.url;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  return {
    issuer,
    register: ({ id, secret, gateway }) => {
      const provider = new Provider(issuer, {
        jwks: { keys: [key] },
        cookies: { keys: ['cookies'] },
        clients: [
          {
            client_id: id,
            client_secret: secret,
            redirect_uris: [`${gateway}/auth/callback`],
            post_logout_redirect_uris: [`${gateway}/app/`],
            backchannel_logout_uri: `${gateway}/auth/back-channel-logout`,
            backchannel_logout_session_required: true,
          },
        ],
        claims: { openid: ['sub', 'groups'] },
        conformIdTokenClaims: false,
        findAccount: (_: unknown, name: string) => ({
          accountId: name,
          claims: () => ({ sub: name, groups: ['user'] }),
        }),
        features: {
          devInteractions: { enabled: true },
          backchannelLogout: { enabled: true },
          rpInitiatedLogout: { enabled: true },
        },
      });
      server.respond = provider.callback();
    },
    stop: () => server.stop(),
  };
};
