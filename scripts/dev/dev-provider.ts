import { createHash, randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { BrowserPolicy } from '../../handler/src/sign-in/browser/policy.ts';

export interface DevProvider {
  /** Its issuer. Signs these users in, by their roles, from now on. */
  serve(policy: BrowserPolicy, users: Users): Promise<string>;
  close(): void;
}

type Users = Readonly<Record<string, readonly string[]>>;

interface Served {
  readonly policy: BrowserPolicy;
  readonly users: Users;
}

/** An OpenID provider in place of one that `dev.yaml` does not name: anyone who sees its page may be any of its users. */
export const createDevProvider = (now: () => number): DevProvider => {
  let served: Served | undefined;
  /** By code: what the browser asked for, and who it chose to be. */
  const codes = new Map<string, URLSearchParams>();
  let started: Promise<string> | undefined;

  const start = async (): Promise<string> => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'dev', alg: 'RS256' };

    const idToken = async (form: URLSearchParams): Promise<string | undefined> => {
      const code = form.get('code') ?? '';
      const asked = codes.get(code);
      codes.delete(code);
      const verifier = form.get('code_verifier') ?? '';
      const challenge = createHash('sha256').update(verifier).digest('base64url');
      if (served === undefined || asked?.get('code_challenge') !== challenge) return undefined;
      const { policy, users } = served;
      const user = asked.get('user') ?? '';
      return new SignJWT({
        sub: user,
        [policy.userId]: user,
        ...(policy.roles !== undefined && { [policy.roles]: users[user] ?? [] }),
        nonce: asked.get('nonce'),
      })
        .setProtectedHeader({ alg: 'RS256', kid: 'dev' })
        .setIssuer(issuer)
        .setAudience(asked.get('client_id') ?? '')
        .setIssuedAt(Math.floor(now() / 1_000))
        .setExpirationTime(Math.floor(now() / 1_000) + 300)
        .sign(privateKey);
    };

    const routes: Readonly<
      Record<string, (response: ServerResponse, given: URLSearchParams) => unknown>
    > = {
      '/.well-known/openid-configuration': (response) =>
        sendJson(response, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/keys`,
          end_session_endpoint: `${issuer}/sign-out`,
        }),
      '/keys': (response) => sendJson(response, { keys: [jwk] }),
      '/authorize': (response, given) => {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(page(served?.users ?? {}, given));
      },
      '/choose': (response, given) => {
        const code = randomBytes(16).toString('base64url');
        codes.set(code, given);
        redirect(response, given.get('redirect_uri'), { code, state: given.get('state') ?? '' });
      },
      '/token': async (response, form) => {
        const token = await idToken(form);
        if (token === undefined) return sendJson(response, { error: 'invalid_grant' }, 400);
        sendJson(response, { access_token: 'none', token_type: 'Bearer', id_token: token });
      },
      '/sign-out': (response, given) => redirect(response, given.get('post_logout_redirect_uri')),
    };

    const handle: RequestListener = (request, response) => {
      void (async () => {
        const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
        const given =
          request.method === 'POST' ? new URLSearchParams(await text(request)) : searchParams;
        const route = routes[pathname];
        if (route === undefined) response.writeHead(404).end();
        else await route(response, given);
      })();
    };
    server.on('request', handle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return issuer;
  };

  const server = createServer();
  return {
    serve: (policy, users) => {
      served = { policy, users };
      return (started ??= start());
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

const sendJson = (response: ServerResponse, value: object, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
};

/** Only to this machine: the page is no way to lead a browser elsewhere. */
const redirect = (
  response: ServerResponse,
  to: string | null,
  parameters: Readonly<Record<string, string>> = {},
): void => {
  const url = to !== null && URL.canParse(to) ? new URL(to) : undefined;
  if (url === undefined || !/^(?:localhost|127\.0\.0\.1)$/.test(url.hostname)) {
    response.writeHead(400).end('The address to return to is not of this machine.');
    return;
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  response.writeHead(303, { location: url.href }).end();
};

const page = (users: Users, given: URLSearchParams): string => {
  const choices = Object.entries(users).map(([user, roles]) => {
    const query = new URLSearchParams([...given, ['user', user]]).toString();
    return `<p><a href="/choose?${escaped(query)}">${escaped(user)}</a> ${escaped(roles.join(', '))}</p>`;
  });
  return `<!doctype html><title>Sign in</title><body style="font: 16px sans-serif; margin: 3em">
    <h1>Sign in as</h1>${choices.join('')}<p>The users are those of <code>sessions</code> in dev.yaml.</p>`;
};

const escaped = (value: string): string =>
  value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
