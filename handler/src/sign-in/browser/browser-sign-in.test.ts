import { createHash } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import {
  type Browser,
  type BrowserWorld,
  clientSecret,
  clientSecretArn,
  host,
  ownLink,
  startBrowserWorld,
} from '../../../testing/browser-world.ts';
import {
  type IdentityProvider,
  startIdentityProvider,
} from '../../../testing/identity-provider.ts';
import { loadModule } from '../../../testing/load-contract.ts';
import { compactToken, createIssuerKey } from '../../../testing/token-issuer.ts';
import type { CompiledContract } from '../../parts.ts';
import { sessionKey } from '../../stores/sessions/session-store.ts';

// Whole requests through the gateway of a compiled contract, with a fake AWS and a scriptable provider.

const contract = `
openapi: 3.1.0
info: { title: Orders, version: '1' }
x-postern:
  version: 1
  failureLimit: false
  builtIn:
    signIn:
      issuer: '\${issuer}'
      clientId: web
      clientSecret: '\${client_secret}'
      scopes: [openid, profile]
      returnTo: [/app/*, 'https://app.example.com/*']
      roles: groups
      session: { idle: 30m, absolute: 8h }
      backChannelLogout: allow
  upstreams: { orders: { http: {} } }
  defaults: { upstream: orders, rateLimits: [] }
security: [{ session: [user] }]
paths:
  /orders:
    get: { responses: { '200': { description: Orders } } }
    post: { responses: { '200': { description: Order } } }
components:
  securitySchemes: { session: { type: http, scheme: bearer, x-postern: { session: {} } } }
`;

type Fields = Readonly<Record<string, unknown>>;

const minuteMs = 60_000;
const base = `https://${host}/v1`;

let compiled: CompiledContract;
let provider: IdentityProvider;
let world: BrowserWorld;
let browser: Browser;
beforeAll(async () => {
  compiled = await loadModule({ 'gateway.yaml': contract });
});
beforeEach(async () => {
  provider = await startIdentityProvider({ now: () => world.nowMs, clientId: 'web' });
  world = await startBrowserWorld(compiled, {
    issuer: provider.issuer,
    client_secret: clientSecretArn,
  });
  browser = world.openBrowser();
});
afterEach(async () => {
  await provider.stop();
  await world.stop();
});

const locationOf = ({ headers = {} }: Awaited<ReturnType<Browser['get']>>): string =>
  String(headers['location']);

/** The path and query of the callback to which the provider leads. */
const authorize = async (
  target = '/auth/sign-in',
  answer?: Record<string, string>,
  by: Browser = browser,
): Promise<string> => {
  const begun = await by.get(target);
  const back = provider.authorize(locationOf(begun), answer);
  return `${back.pathname.replace(/^\/v1/, '')}${back.search}`;
};

const signIn = async (target?: string, by: Browser = browser) =>
  by.get(await authorize(target, undefined, by));

const statusOf = async (by: Browser = browser): Promise<number | undefined> =>
  (await by.get('/orders')).statusCode;

const problemOf = ({ statusCode, body }: Awaited<ReturnType<Browser['get']>>) => ({
  statusCode,
  code: (JSON.parse(body ?? '{}') as { code?: string }).code,
  note: world.lastNote(),
});

const sessionIn = (by: Browser = browser) => {
  const token = by.cookies.find((cookie) => cookie.startsWith('__Host-session_token='));
  const { sid, sub, exp } = decodeJwt(token?.split('=')[1] ?? '');
  return { sub, exp, item: world.aws.dynamoDb.peek('sessions', sessionKey(String(sid))) };
};

describe('a browser that signs in', () => {
  it('is led to the provider with a code challenge, a state and a nonce, and a cookie for the state', async () => {
    const begun = await browser.get('/auth/sign-in?return_to=/app/orders%3Fpage%3D2');
    expect(begun.statusCode).toBe(303);
    expect(begun.headers?.['cache-control']).toBe('no-store');
    const url = new URL(locationOf(begun));
    expect(url.origin + url.pathname).toBe(`${provider.issuer}/authorize`);
    const { state, nonce, code_challenge, ...others } = Object.fromEntries(url.searchParams);
    expect(others).toEqual({
      tenant: '1',
      response_type: 'code',
      client_id: 'web',
      redirect_uri: `${base}/auth/callback`,
      scope: 'openid profile',
      code_challenge_method: 'S256',
    });
    for (const random of [state, nonce, code_challenge]) expect(random).toMatch(/^[\w-]{43}$/);
    expect(begun.cookies).toEqual([
      expect.stringMatching(
        /^__Host-sign_in_[\w-]{8}=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=900$/,
      ),
    ]);
    expect(begun.cookies?.[0]).not.toContain(nonce);
  });

  it('gets a session with the roles of its ID token, and calls the API with the cookie', async () => {
    expect(await statusOf()).toBe(401);
    const signedIn = await signIn('/auth/sign-in?return_to=/app/orders%3Fpage%3D2');
    expect(signedIn.statusCode).toBe(303);
    expect(locationOf(signedIn)).toBe(`${base}/app/orders?page=2`);
    expect(signedIn.cookies).toEqual([
      expect.stringMatching(
        /^__Host-session_token=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=28800$/,
      ),
      expect.stringMatching(/^__Host-sign_in_[\w-]{8}=; .*Max-Age=0$/),
    ]);
    expect(browser.cookies).toHaveLength(1);
    expect(await statusOf()).toBe(200);
    const nowSeconds = Math.floor(world.nowMs / 1_000);
    const { sub, exp, item } = sessionIn();
    expect({ sub, exp }).toEqual({ sub: 'alice', exp: nowSeconds + 8 * 3_600 });
    expect(item).toMatchObject({
      user_id: { S: 'alice' },
      data: { M: { user_id: { S: 'alice' }, roles: { L: [{ S: 'user' }] } } },
      ttl: { N: String(nowSeconds + 30 * 60) },
    });
  });

  it('proves itself to the provider by the client secret and by the verifier of its challenge', async () => {
    const begun = await browser.get('/auth/sign-in');
    const url = new URL(locationOf(begun));
    const back = provider.authorize(url.href);
    await browser.get(`/auth/callback${back.search}`);
    const [{ headers, form } = { headers: {}, form: new URLSearchParams() }] =
      provider.tokenRequests;
    const credentials = Buffer.from(
      `web:${encodeURIComponent(clientSecret).replaceAll('%20', '+')}`,
    );
    expect(headers['authorization']).toBe(`Basic ${credentials.toString('base64')}`);
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    expect(challenge).toBe(url.searchParams.get('code_challenge'));
    expect(form.get('redirect_uri')).toBe(`${base}/auth/callback`);
  });

  it('must send its state-changing requests from the own origin, as with any session cookie', async () => {
    await signIn();
    const of = async (origin: string) => (await browser.post('/orders', { origin })).statusCode;
    expect([await of(`https://${host}`), await of('https://evil.example')]).toEqual([200, 403]);
  });

  it('does so in two tabs at once', async () => {
    const [first, second] = [
      await authorize('/auth/sign-in?return_to=/app/1'),
      await authorize('/auth/sign-in?return_to=/app/2'),
    ];
    expect(locationOf(await browser.get(second))).toBe(`${base}/app/2`);
    expect(locationOf(await browser.get(first))).toBe(`${base}/app/1`);
  });

  it('keeps the cookies of five sign-ins at most, so that headers stay small', async () => {
    const callbacks: string[] = [];
    for (let index = 0; index < 7; index += 1) callbacks.push(await authorize());
    expect(browser.cookies).toHaveLength(5);
    const statuses = [];
    for (const callback of callbacks) statuses.push((await browser.get(callback)).statusCode);
    expect(statuses).toEqual([400, 400, 303, 303, 303, 303, 303]);
  });

  it('begins a session of its own each time', async () => {
    await signIn();
    const { item } = sessionIn();
    await signIn();
    expect(sessionIn().item?.['session_id']).not.toEqual(item?.['session_id']);
  });

  it('comes back to another execution environment than it left from', async () => {
    const callback = await authorize();
    world.restart();
    expect((await browser.get(callback)).statusCode).toBe(303);
  });
});

describe('a place to return to', () => {
  it.each([
    [undefined, `${base}/app/`],
    ['/app', `${base}/app`],
    ['/app/a?b=c#d', `${base}/app/a?b=c#d`],
    ['https://app.example.com/a', 'https://app.example.com/a'],
  ])('is allowed: %s', async (wanted, place) => {
    const query = wanted === undefined ? '' : `?return_to=${encodeURIComponent(wanted)}`;
    expect(locationOf(await signIn(`/auth/sign-in${query}`))).toBe(place);
  });

  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/app/..//evil.example',
    '/app/../admin',
    '/app/%2e%2e/admin',
    '/.//evil.example',
    '/\t/evil.example',
    '/app/\r\nset-cookie: a=b',
    '/apples',
    '/',
    '',
    'app',
    'https://evil.example/app/',
    'https://app.example.com.evil.example/',
    'https://app.example.com@evil.example/',
    'https://user@app.example.com/',
    'https://app.example.com:444/',
    'https:/evil.example',
    'https:evil.example',
    'http://app.example.com/',
    'javascript:alert(1)',
    'data:text/html,x',
    `/app/${'a'.repeat(512)}`,
  ])('is refused: %j', async (wanted) => {
    const begun = await browser.get(`/auth/sign-in?return_to=${encodeURIComponent(wanted)}`);
    expect(problemOf(begun)).toMatchObject({ statusCode: 400, code: 'VALIDATION_FAILED' });
    expect(begun.cookies).toBeUndefined();
  });
});

describe('a callback is refused', () => {
  const expired = { statusCode: 400, code: 'SIGN_IN_EXPIRED' };
  const noSuchState = {
    ...expired,
    note: 'the browser has begun no sign-in with this state, or too long ago, or keeps no cookies',
  };

  it('in another browser than the one that began the sign-in', async () => {
    const callback = await authorize();
    const other = world.openBrowser();
    expect(problemOf(await other.get(callback))).toEqual(noSuchState);
    await authorize('/auth/sign-in', undefined, other);
    expect(problemOf(await other.get(callback))).toEqual(noSuchState);
    expect(provider.tokenRequests).toEqual([]);
  });

  it('with another state, or none', async () => {
    const callback = new URL(await authorize(), base);
    for (const state of ['', 'a', 'x'.repeat(43), `${callback.searchParams.get('state')}x`]) {
      callback.searchParams.set('state', state);
      expect(problemOf(await browser.get(`${callback.pathname}${callback.search}`))).toEqual(
        noSuchState,
      );
    }
  });

  it('after 15 minutes', async () => {
    const callback = await authorize();
    world.nowMs += 15 * minuteMs - 1_000;
    const cookies = browser.cookies;
    expect((await browser.get(callback)).statusCode).toBe(303);
    const late = await authorize();
    browser.cookies = [...cookies, ...browser.cookies];
    world.nowMs += 15 * minuteMs + 1_000;
    expect(problemOf(await browser.get(late))).toEqual(noSuchState);
  });

  it('where the browser keeps no cookies', async () => {
    const callback = await authorize();
    browser.cookies = [];
    expect(problemOf(await browser.get(callback))).toEqual(noSuchState);
  });

  it('where a cookie is sent twice, is changed, or was signed by somebody else', async () => {
    const callback = await authorize();
    const [cookie = ''] = browser.cookies;
    const [name = '', token = ''] = cookie.split('=');
    const { kid } = decodeProtectedHeader(token);
    const forged = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ alg: 'HS256', typ: 'postern-sign-in+jwt', kid: kid ?? '' })
      .sign(new Uint8Array(32));
    for (const cookies of [
      [cookie, cookie],
      [`${cookie}x`],
      [`${name}=x`],
      [`${name}=${forged}`],
    ]) {
      browser.cookies = cookies;
      expect(problemOf(await browser.get(callback))).toEqual(noSuchState);
    }
  });

  it('with a session token in place of the cookie', async () => {
    await signIn();
    const session = browser.cookies[0]?.split('=')[1] ?? '';
    const callback = await authorize();
    browser.cookies = browser.cookies.map((cookie) =>
      cookie.replace(/^(__Host-sign_in_.{8}=).*/, `$1${session}`),
    );
    expect(problemOf(await browser.get(callback))).toEqual(noSuchState);
  });

  it('with a code that was used', async () => {
    const callback = await authorize();
    const before = browser.cookies;
    expect((await browser.get(callback)).statusCode).toBe(303);
    browser.cookies = before;
    expect(problemOf(await browser.get(callback))).toEqual({
      ...expired,
      note: 'the provider refused the code: it was used, or is too old',
    });
  });

  it.each<[what: string, claims: Fields, note: string]>([
    ['another nonce', { nonce: 'another' }, 'unexpected ID Token "nonce" claim value'],
    ['no nonce', { nonce: undefined }, 'JWT "nonce" (nonce) claim missing'],
    ['another audience', { aud: 'other' }, 'unexpected JWT "aud" (audience) claim value'],
    [
      'another issuer',
      { iss: 'https://evil.example' },
      'unexpected JWT "iss" (issuer) claim value',
    ],
    [
      'a time that has passed',
      { exp: 1 },
      'unexpected JWT "exp" (expiration time) claim value, expiration is past current timestamp',
    ],
    [
      'several audiences without azp',
      { aud: ['web', 'other'] },
      'ID Token "aud" (audience) claim includes additional untrusted audiences',
    ],
    ['no user', { sub: undefined }, 'JWT "sub" (subject) claim missing'],
    [
      'a user id that is too long',
      { sub: 'a'.repeat(257) },
      'the claim with the user id is missing, or not a text of up to 256 characters',
    ],
    [
      'roles that are no list',
      { groups: { admin: true } },
      'the claim with the roles is not a text or a list of texts',
    ],
  ])('for an ID token with %s', async (_, claims, note) => {
    provider.claims = claims;
    const result = await signIn();
    expect(problemOf(result)).toEqual({
      statusCode: 502,
      code: 'IDENTITY_PROVIDER_BAD_RESPONSE',
      note,
    });
    expect(result.cookies).toBeUndefined();
    expect(result.body).not.toContain(note);
  });

  it('for an ID token that the provider did not sign', async () => {
    provider.signingKey = await createIssuerKey('RS256', 'key-1');
    expect(problemOf(await signIn())).toMatchObject({
      code: 'IDENTITY_PROVIDER_BAD_RESPONSE',
      note: "ID token: the token's signature does not fit the provider's key",
    });
    provider.signingKey = await createIssuerKey('ES256', 'key-1');
    expect(problemOf(await signIn())).toMatchObject({ code: 'IDENTITY_PROVIDER_BAD_RESPONSE' });
  });

  it('for an ID token without a signature', async () => {
    provider.tokenEndpoint = (_, response) => {
      const nonce = new URL(provider.requests.at(-1) ?? '', base).searchParams.get('nonce');
      const seconds = Math.floor(world.nowMs / 1_000);
      const claims = {
        ...{ iss: provider.issuer, aud: 'web', sub: 'alice', nonce },
        ...{ iat: seconds, exp: seconds + 60 },
      };
      response.setHeader('content-type', 'application/json');
      const idToken = compactToken({ alg: 'none' }, claims, '');
      response.end(JSON.stringify({ access_token: 'a', token_type: 'bearer', id_token: idToken }));
    };
    const result = problemOf(await signIn());
    expect(result).toMatchObject({ statusCode: 502, code: 'IDENTITY_PROVIDER_BAD_RESPONSE' });
  });

  it('that names another issuer (RFC 9207), whose code is not sent', async () => {
    const callback = `${await authorize()}&iss=https://evil.example`;
    expect(problemOf(await browser.get(callback))).toMatchObject({
      code: 'IDENTITY_PROVIDER_BAD_RESPONSE',
      note: 'unexpected "iss" (issuer) response parameter value',
    });
    expect(provider.tokenRequests).toEqual([]);
  });
});

describe('a user whom the provider does not sign in', () => {
  it.each(['access_denied', 'login_required', 'server_error'])(
    'goes to the place of return with the error: %s',
    async (error) => {
      const callback = await authorize('/auth/sign-in?return_to=/app/a?b=c', {
        error,
        error_description: 'private',
      });
      const result = await browser.get(callback);
      expect(locationOf(result)).toBe(`${base}/app/a?b=c&sign_in_error=${error}`);
      expect(browser.cookies).toEqual([]);
      expect(world.lines).toContainEqual({
        level: 'warn',
        message: 'the identity provider signed no user in',
        correlation_id: 'request-1',
        reason: error,
      });
    },
  );

  it('brings nothing else than the name of an error into the place of return', async () => {
    const error = '<script>alert(1)</script>';
    const result = await browser.get(await authorize('/auth/sign-in', { error }));
    expect(locationOf(result)).toBe(`${base}/app/?sign_in_error=unknown`);
  });
});

describe('a provider', () => {
  const unavailable = { statusCode: 503, code: 'IDENTITY_PROVIDER_UNAVAILABLE' };
  const badResponse = { statusCode: 502, code: 'IDENTITY_PROVIDER_BAD_RESPONSE' };

  it('that is down at the start of a sign-in is a 503, and not a misconfigured gateway', async () => {
    provider.isDown = true;
    const result = await browser.get('/auth/sign-in');
    expect(problemOf(result)).toEqual({
      ...unavailable,
      note: 'The provider closed the connection without a response',
    });
    expect(result.headers?.['retry-after']).toBe('5');
    provider.isDown = false;
    expect((await browser.get('/auth/sign-in')).statusCode).toBe(303);
  });

  it('that is down when the code comes back is a 503; its description is still known', async () => {
    const callback = await authorize();
    provider.isDown = true;
    world.nowMs += 11 * minuteMs;
    expect(problemOf(await browser.get(callback))).toMatchObject(unavailable);
    provider.isDown = false;
    expect((await browser.get(callback)).statusCode).toBe(303);
  });

  it('that describes itself as another issuer is not used', async () => {
    provider.description = { issuer: 'https://evil.example' };
    expect(problemOf(await browser.get('/auth/sign-in'))).toEqual({
      ...unavailable,
      note: "The provider's description names another issuer than the contract",
    });
  });

  it('whose endpoints are not https is not used', async () => {
    provider.description = { authorization_endpoint: 'ftp://evil.example/' };
    expect(problemOf(await browser.get('/auth/sign-in'))).toMatchObject(unavailable);
    provider.description = { token_endpoint: 'ftp://evil.example/' };
    world.restart();
    expect(problemOf(await signIn())).toMatchObject(unavailable);
  });

  it.each<
    [what: string, respond: NonNullable<IdentityProvider['tokenEndpoint']>, expected: object]
  >([
    [
      'an error of its own',
      (_, response) => void response.writeHead(500).end('private'),
      { ...unavailable, note: 'The provider failed' },
    ],
    [
      'a refusal of the client',
      (_, response) =>
        void response
          .writeHead(401, { 'www-authenticate': 'Basic realm="x"' })
          .end('{"error":"invalid_client"}'),
      { ...badResponse, note: "the provider refused the client's id or secret" },
    ],
    [
      'an error of OAuth',
      (_, response) =>
        void response
          .writeHead(400, { 'content-type': 'application/json' })
          .end('{"error":"unauthorized_client","error_description":"private"}'),
      {
        ...badResponse,
        note: 'the provider refused the request for tokens: unauthorized_client',
      },
    ],
    [
      'a redirect, which is not followed',
      (_, response) => void response.writeHead(302, { location: 'https://evil.example' }).end(),
      badResponse,
    ],
    [
      'HTML',
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
      badResponse,
    ],
    ['nothing', (_, response) => void response.writeHead(204).end(), badResponse],
    [
      'no ID token',
      (_, response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"access_token":"a","token_type":"Bearer"}'),
      badResponse,
    ],
    [
      '5 MB',
      (_, response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('x'.repeat(5_000_000)),
      { ...unavailable, note: 'The provider responded with more than 1 MiB' },
    ],
  ])('whose token endpoint responds with %s gives no session', async (_, respond, expected) => {
    provider.tokenEndpoint = respond;
    const result = await signIn();
    expect(problemOf(result)).toMatchObject(expected);
    expect(result.cookies).toBeUndefined();
    expect(JSON.stringify(world.lines)).not.toContain('private');
  });

  it('whose client secret cannot be read is asked for nothing', async () => {
    world.aws.secrets.delete(clientSecretArn);
    expect(problemOf(await signIn())).toEqual({
      ...unavailable,
      note: 'the client secret of the sign-in for browsers cannot be read',
    });
    expect(provider.tokenRequests).toEqual([]);
  });
});

describe('a sign-in whose session cannot be stored', () => {
  it('is a 503, and sets no session cookie', async () => {
    const callback = await authorize();
    world.aws.behave((response, request) =>
      request.target.endsWith('UpdateItem') && request.body.includes('"sessions"')
        ? void response.writeHead(500).end()
        : world.aws.sound(response, request),
    );
    const result = await browser.get(callback);
    expect(problemOf(result)).toMatchObject({ statusCode: 503, code: 'SESSION_STORE_UNAVAILABLE' });
    expect(result.cookies).toBeUndefined();
  });
});

describe('the log of sign-ins', () => {
  it('has no code, state, nonce, token or secret', async () => {
    const callback = await authorize();
    const [pending = ''] = browser.cookies;
    await browser.get(callback);
    provider.claims = { nonce: 'another', email: 'alice@example.com' };
    await signIn();
    await browser.get('/auth/sign-out', ownLink);
    const logged = JSON.stringify(world.lines);
    const secrets = [
      ...new URL(callback, base).searchParams.values(),
      pending.split('=')[1] ?? '',
      clientSecret,
      'alice@example.com',
      ...provider.tokenRequests.flatMap(({ form }) => [form.get('code_verifier') ?? '']),
    ];
    expect(secrets.filter((secret) => secret === '' || logged.includes(secret))).toEqual([]);
  });
});

describe('a page that asks whose session its browser has', () => {
  it('is told the user, the roles and the end, which no cache keeps', async () => {
    await signIn();
    const endsAtMs = Math.floor(world.nowMs / 1_000) * 1_000 + 30 * minuteMs;
    const { statusCode, headers, body } = await browser.get('/auth/session');
    expect({ statusCode, headers }).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    });
    expect(JSON.parse(body ?? '')).toEqual({
      user_id: 'alice',
      roles: ['user'],
      ends_at: new Date(endsAtMs).toISOString(),
    });
  });

  it('needs no role', async () => {
    provider.claims = { groups: [] };
    await signIn();
    expect([await statusOf(), (await browser.get('/auth/session')).statusCode]).toEqual([403, 200]);
  });

  it('gets 401 before the sign-in and after the sign-out, which no cache keeps either', async () => {
    const before = await browser.get('/auth/session');
    expect(before.headers?.['cache-control']).toBe('no-store');
    expect(problemOf(before)).toMatchObject({ statusCode: 401, code: 'CREDENTIALS_MISSING' });
    await signIn();
    const { cookies } = browser;
    await browser.get('/auth/sign-out', ownLink);
    browser.cookies = cookies;
    const after = await browser.get('/auth/session');
    expect(problemOf(after)).toMatchObject({ statusCode: 401, code: 'CREDENTIALS_EXPIRED' });
  });

  it('uses the session, which lasts longer then', async () => {
    await signIn();
    world.nowMs += 20 * minuteMs;
    await browser.get('/auth/session');
    world.nowMs += 20 * minuteMs;
    expect(await statusOf()).toBe(200);
  });
});

describe('a browser that signs out', () => {
  it('has no session any more, and is led to the sign-out of the provider', async () => {
    await signIn();
    const { cookies } = browser;
    const result = await browser.get('/auth/sign-out', ownLink);
    expect(result.statusCode).toBe(303);
    const url = new URL(locationOf(result));
    expect(url.origin + url.pathname).toBe(`${provider.issuer}/logout`);
    const { id_token_hint: hint, ...others } = Object.fromEntries(url.searchParams);
    expect(others).toEqual({ client_id: 'web', post_logout_redirect_uri: `${base}/app/` });
    expect(decodeJwt(hint ?? '')).toMatchObject({ sub: 'alice', aud: 'web' });
    expect(browser.cookies).toEqual([]);
    browser.cookies = cookies;
    expect(await statusOf()).toBe(401);
    expect(JSON.stringify(sessionIn().item)).not.toContain(hint);
  });

  it.each<
    [what: string, method: 'get' | 'post', headers: Record<string, string>, isAllowed: boolean]
  >([
    ['a link of its own pages', 'get', ownLink, true],
    ['the address bar', 'get', { ...ownLink, 'sec-fetch-site': 'none' }, true],
    ['a link of another site', 'get', { ...ownLink, 'sec-fetch-site': 'cross-site' }, false],
    [
      'a link of another origin of the site',
      'get',
      { ...ownLink, 'sec-fetch-site': 'same-site' },
      false,
    ],
    ['an image of its own pages', 'get', { ...ownLink, 'sec-fetch-mode': 'no-cors' }, false],
    ['a link that is prefetched', 'get', { ...ownLink, 'sec-purpose': 'prefetch' }, false],
    ['a browser that says nothing', 'get', {}, false],
    ['a form of its own origin', 'post', { origin: `https://${host}` }, true],
    ['a form of an allowed origin', 'post', { origin: 'https://app.example.com' }, true],
    ['a form of another site', 'post', { origin: 'https://evil.example' }, false],
  ])('does so by %s: allowed %#', async (_, method, headers, isAllowed) => {
    world.restart({ GATEWAY_ALLOWED_ORIGINS: 'https://app.example.com' });
    await signIn();
    const result = await browser[method]('/auth/sign-out', headers);
    if (!isAllowed)
      expect(problemOf(result)).toMatchObject({ statusCode: 403, code: 'CROSS_SITE_REQUEST' });
    expect(await statusOf()).toBe(isAllowed ? 401 : 200);
  });

  it('without a session only loses its cookie', async () => {
    browser.cookies = ['__Host-session_token=forged'];
    const result = await browser.get('/auth/sign-out', ownLink);
    expect([result.statusCode, locationOf(result)]).toEqual([303, `${base}/app/`]);
    expect(browser.cookies).toEqual([]);
  });

  it('has no session under the other name of the cookie either, although it may not be dropped', async () => {
    const other = world.openBrowser();
    await signIn(undefined, other);
    const plain = other.cookies.map((cookie) => cookie.replace('__Host-', ''));
    await signIn();
    browser.cookies = [...browser.cookies, ...plain];
    expect((await browser.get('/auth/sign-out', ownLink)).cookies).toEqual([
      expect.stringMatching(/^__Host-session_token=; .*Max-Age=0$/),
      'session_token=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0',
    ]);
    expect(browser.cookies).toEqual([]);
    // One of a parent domain stays.
    browser.cookies = plain;
    expect(await statusOf()).toBe(401);
  });

  it('has none of several sessions whose cookies have the same name', async () => {
    const other = world.openBrowser();
    await signIn(undefined, other);
    await signIn();
    const plain = [...browser.cookies, ...other.cookies].map((cookie) =>
      cookie.replace('__Host-', ''),
    );
    browser.cookies = plain;
    await browser.get('/auth/sign-out', ownLink);
    const statuses = [];
    for (const cookie of plain) {
      browser.cookies = [cookie];
      statuses.push(await statusOf());
    }
    expect(statuses).toEqual([401, 401]);
  });

  it('does so while the provider is down', async () => {
    await signIn();
    const { cookies } = browser;
    world.restart();
    provider.isDown = true;
    expect(locationOf(await browser.get('/auth/sign-out', ownLink))).toBe(`${base}/app/`);
    browser.cookies = cookies;
    expect(await statusOf()).toBe(401);
  });

  it('gets 503 and keeps its cookie while its session cannot be ended', async () => {
    await signIn();
    world.aws.behave((response) => void response.writeHead(500).end());
    const result = await browser.get('/auth/sign-out', ownLink);
    expect(problemOf(result)).toMatchObject({ statusCode: 503, code: 'SESSION_STORE_UNAVAILABLE' });
    expect(browser.cookies).toHaveLength(1);
  });
});

describe('sign out everywhere', () => {
  it('ends the sessions of the user in all browsers, and nobody else’s', async () => {
    const [second, bobs] = [world.openBrowser(), world.openBrowser()];
    await signIn();
    await signIn(undefined, second);
    provider.claims = { sub: 'bob' };
    await signIn(undefined, bobs);
    await browser.get('/auth/sign-out?everywhere', ownLink);
    expect([await statusOf(second), await statusOf(bobs)]).toEqual([401, 200]);
  });

  it('ends nothing else for a session that has ended', async () => {
    const second = world.openBrowser();
    await signIn();
    await signIn(undefined, second);
    const { cookies } = browser;
    await browser.get('/auth/sign-out', ownLink);
    browser.cookies = cookies;
    await browser.get('/auth/sign-out?everywhere', ownLink);
    expect(await statusOf(second)).toBe(200);
  });
});

describe('a logout token of the provider', () => {
  const send = async (token: string, type = 'application/x-www-form-urlencoded') =>
    world
      .openBrowser()
      .post(
        '/auth/back-channel-logout',
        { 'content-type': type },
        new URLSearchParams({ logout_token: token }).toString(),
      );

  it('ends the sessions that began with a session there', async () => {
    const other = world.openBrowser();
    await signIn();
    provider.claims = { sid: 'provider-session-2' };
    await signIn(undefined, other);
    const result = await send(await provider.logoutToken());
    expect([result.statusCode, result.headers?.['cache-control']]).toEqual([200, 'no-store']);
    expect([await statusOf(), await statusOf(other)]).toEqual([401, 200]);
  });

  it('without a session there ends all sessions of the user', async () => {
    const other = world.openBrowser();
    await signIn();
    await signIn(undefined, other);
    await send(await provider.logoutToken({ sid: undefined, sub: 'alice' }));
    expect([await statusOf(), await statusOf(other)]).toEqual([401, 401]);
  });

  it.each([
    ['a session there', {}],
    ['a user', { sid: undefined, sub: 'alice' }],
  ])('of %s that is sent again ends no session that began since', async (_, claims) => {
    await signIn();
    const token = await provider.logoutToken(claims);
    await send(token);
    expect(await statusOf()).toBe(401);
    world.nowMs += 1_000;
    await signIn();
    expect((await send(token)).statusCode).toBe(200);
    expect(await statusOf()).toBe(200);
    await send(await provider.logoutToken(claims));
    expect(await statusOf()).toBe(401);
  });

  it('is accepted again, and for sessions that nobody has', async () => {
    const token = await provider.logoutToken({ sid: 'unknown' });
    expect((await send(token)).statusCode).toBe(200);
    expect((await send(token)).statusCode).toBe(200);
  });

  it.each<[what: string, claims: Fields, header: Fields, note: RegExp]>([
    ['another audience', { aud: 'other' }, {}, /aud is missing or another/],
    ['another issuer', { iss: 'https://evil.example' }, {}, /iss is missing or another/],
    ['a nonce, as an ID token has it', { nonce: 'n' }, {}, /has a nonce/],
    ['no event', { events: undefined }, {}, /no event/],
    ['another event', { events: { 'https://example.com/e': {} } }, {}, /no event/],
    ['neither sid nor sub', { sid: undefined }, {}, /neither sid nor sub/],
    ['a time that has passed', { exp: 1 }, {}, /exp has passed/],
    ['an old time of issue', { iat: 1, exp: undefined }, {}, /exp has passed|iat/],
    ['no jti', { jti: undefined }, {}, /jti is missing/],
    ['another type', {}, { typ: 'at+jwt' }, /typ is another/],
    ['an unknown key', {}, { kid: 'key-2' }, /publishes no key/],
  ])('with %s is refused', async (_, claims, header, note) => {
    await signIn();
    const result = problemOf(await send(await provider.logoutToken(claims, header)));
    expect(result).toMatchObject({ statusCode: 400, code: 'LOGOUT_TOKEN_INVALID' });
    expect(result.note).toMatch(note);
    expect(await statusOf()).toBe(200);
  });

  it('that somebody else signed, without a signature, or not in a form is refused', async () => {
    const { signingKey } = provider;
    provider.signingKey = await createIssuerKey('RS256', 'key-1');
    const forged = await provider.logoutToken();
    provider.signingKey = signingKey;
    const claims = decodeJwt(forged);
    const refused = [
      await send(forged),
      await send(compactToken({ alg: 'none' }, claims, '')),
      await send('x'),
      await send(await provider.logoutToken(), 'text/plain'),
      await world.openBrowser().post('/auth/back-channel-logout'),
    ];
    for (const result of refused)
      expect(problemOf(result)).toMatchObject({ statusCode: 400, code: 'LOGOUT_TOKEN_INVALID' });
  });

  it('is 503 while the provider’s keys cannot be read, so that it is sent again', async () => {
    await signIn();
    const token = await provider.logoutToken({}, { kid: 'key-2' });
    provider.isDown = true;
    world.nowMs += 2 * minuteMs;
    expect((await send(token)).statusCode).toBe(503);
  });
});

describe('a session with an idle time', () => {
  it('lasts while it is used, and is written once in half of that time', async () => {
    await signIn();
    const writes = (): number => world.aws.dynamoDb.calls.writes;
    const before = writes();
    for (let minute = 0; minute < 60; minute += 1) {
      world.nowMs += minuteMs;
      expect(await statusOf()).toBe(200);
    }
    expect(writes() - before).toBe(4);
    world.nowMs += 31 * minuteMs;
    expect(await statusOf()).toBe(401);
  });

  it('ends at its absolute end, however much it is used', async () => {
    await signIn();
    const endMs = world.nowMs + 8 * 60 * minuteMs;
    while (world.nowMs < endMs - 10 * minuteMs) {
      world.nowMs += 10 * minuteMs;
      expect(await statusOf()).toBe(200);
    }
    world.nowMs = endMs + 5_000;
    expect(await statusOf()).toBe(401);
  });

  it('that has ended is not extended by a request that comes at the same time', async () => {
    await signIn();
    const { cookies } = browser;
    world.nowMs += 20 * minuteMs;
    await browser.get('/auth/sign-out', ownLink);
    browser.cookies = cookies;
    expect(await statusOf()).toBe(401);
    expect(await statusOf()).toBe(401);
  });

  it('serves requests while it cannot be extended', async () => {
    await signIn();
    world.nowMs += 20 * minuteMs;
    world.aws.behave((response, request) =>
      request.target.endsWith('UpdateItem')
        ? void response.writeHead(500).end()
        : world.aws.sound(response, request),
    );
    expect(await statusOf()).toBe(200);
    expect(world.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'a session cannot be extended' }),
    );
  });
});

describe('settings of the sign-in for browsers that are wrong', () => {
  it.each([
    [
      { GATEWAY_VALUE_issuer: 'http://login.example.com' },
      'GATEWAY_VALUE_issuer makes no https URL',
    ],
    [{ GATEWAY_VALUE_client_secret: 'secret' }, 'GATEWAY_VALUE_client_secret makes no ARN'],
    [{ GATEWAY_VALUE_issuer: '' }, 'GATEWAY_VALUE_issuer is missing'],
  ])('are a misconfiguration that names the variable: %j', async (variables, message) => {
    world.restart(variables);
    const { misconfigurations } = (world.lines.at(-1) ?? {}) as { misconfigurations?: string[] };
    expect(misconfigurations?.join()).toContain(message);
    expect(problemOf(await browser.get('/auth/sign-in'))).toMatchObject({
      statusCode: 503,
      code: 'GATEWAY_MISCONFIGURED',
    });
  });
});
