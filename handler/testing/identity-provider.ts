import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import { respondJson, startLocalProvider } from './local-provider.ts';
import { createIssuerKey, type IssuerKey, keySetOf } from './token-issuer.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface IdentityProvider {
  readonly issuer: string;
  readonly key: IssuerKey;
  /** Changes of its description, of the ID token's claims and header; undefined removes a field. */
  description: Fields;
  claims: Fields;
  header: Fields;
  signingKey: IssuerKey;
  /** In place of the token endpoint. */
  tokenEndpoint: RequestListener | undefined;
  isDown: boolean;
  readonly tokenRequests: ReadonlyArray<{
    readonly headers: IncomingHttpHeaders;
    readonly form: URLSearchParams;
  }>;
  readonly requests: readonly string[];
  /** Where the provider leads a browser that has signed in, or with this error. */
  authorize(location: string, answer?: Readonly<Record<string, string>>): URL;
  /** As OpenID Connect Back-Channel Logout 1.0 §2.4 defines it, with changed claims and header. */
  logoutToken(claims?: Fields, header?: Fields): Promise<string>;
  stop(): Promise<void>;
}

interface Options {
  readonly now: () => number;
  readonly clientId: string;
}

/** One for all tests: it takes a while to make. */
let issuerKey: Promise<IssuerKey> | undefined;

/** A scriptable OpenID provider on loopback, in which alice signs in at once. */
export const startIdentityProvider = async ({
  now,
  clientId,
}: Options): Promise<IdentityProvider> => {
  const key = await (issuerKey ??= createIssuerKey('RS256', 'key-1'));
  const nonces = new Map<string, string>();
  const tokenRequests: Array<IdentityProvider['tokenRequests'][number]> = [];

  const sign = (claims: Fields, header: Fields): Promise<string> =>
    new SignJWT(withoutUndefined(claims))
      .setProtectedHeader({
        ...(withoutUndefined({ kid: provider.signingKey.kid, ...header }) as object),
        alg: provider.signingKey.alg,
      })
      .sign(provider.signingKey.privateKey);

  const seconds = (): number => Math.floor(now() / 1_000);

  const issue = async (form: URLSearchParams): Promise<object> => {
    const code = form.get('code') ?? '';
    const nonce = nonces.get(code);
    nonces.delete(code);
    const idToken = await sign(
      {
        iss: provider.issuer,
        aud: clientId,
        sub: 'alice',
        groups: ['user'],
        sid: 'provider-session-1',
        nonce,
        iat: seconds(),
        exp: seconds() + 300,
        ...provider.claims,
      },
      provider.header,
    );
    return { access_token: 'access', token_type: 'Bearer', id_token: idToken };
  };

  const respond: RequestListener = (request, response) => {
    const path = request.url ?? '';
    if (provider.isDown) return void request.socket.destroy();
    if (path.endsWith('/openid-configuration')) {
      const at = (name: string): string => `${provider.issuer}/${name}`;
      return respondJson({
        issuer: provider.issuer,
        authorization_endpoint: at('authorize?tenant=1'),
        token_endpoint: at('token'),
        jwks_uri: at('jwks'),
        end_session_endpoint: at('logout'),
        ...provider.description,
      })(request, response);
    }
    if (path === '/jwks') return respondJson(keySetOf(key))(request, response);
    void text(request).then(async (body) => {
      const form = new URLSearchParams(body);
      tokenRequests.push({ headers: request.headers, form });
      if (provider.tokenEndpoint) return provider.tokenEndpoint(request, response);
      if (!nonces.has(form.get('code') ?? ''))
        return respondJson({ error: 'invalid_grant' }, 400)(request, response);
      return respondJson(await issue(form))(request, response);
    });
  };

  const server = await startLocalProvider(respond);
  const provider: IdentityProvider = {
    issuer: server.url,
    key,
    signingKey: key,
    description: {},
    claims: {},
    header: {},
    tokenEndpoint: undefined,
    isDown: false,
    tokenRequests,
    requests: server.paths,
    authorize: (location, answer) => {
      const { searchParams } = new URL(location);
      const code = `code-${nonces.size}-${searchParams.get('state')}`;
      nonces.set(code, searchParams.get('nonce') ?? '');
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      const parameters = { state: searchParams.get('state') ?? '', ...(answer ?? { code }) };
      for (const [name, value] of Object.entries(parameters)) back.searchParams.set(name, value);
      return back;
    },
    logoutToken: (claims = {}, header = {}) =>
      sign(
        {
          iss: provider.issuer,
          aud: clientId,
          iat: seconds(),
          exp: seconds() + 120,
          jti: 'logout-1',
          sid: 'provider-session-1',
          events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
          ...claims,
        },
        { typ: 'logout+jwt', ...header },
      ),
    stop: () => server.stop(),
  };
  return provider;
};

const withoutUndefined = (fields: Fields): Record<string, unknown> =>
  JSON.parse(JSON.stringify(fields)) as Record<string, unknown>;
