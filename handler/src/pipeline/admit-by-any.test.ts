import { describe, expect, it } from '@jest/globals';
import { gatewayWith, route, send, tokenOfAlice } from '../../testing/gateway-with.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { Feature, SignIn } from '../parts.ts';
import type { Session } from '../stores/sessions/session.ts';

/** A second sign-in method: `X-Name` names the user. */
const nameSignIn = (sessionOf: (userId: string) => Promise<Session>) => {
  const verified: string[] = [];
  const authenticate: SignIn['authenticate'] = async (exchange) => {
    const userId = exchange.request.headers['x-name'];
    const headers = { 'www-authenticate': 'Name realm="postern"' };
    if (userId === undefined)
      throw new GatewayError('CREDENTIALS_MISSING', { detail: 'Send your name.', headers });
    verified.push(userId);
    if (userId === 'nobody')
      throw new GatewayError('CREDENTIALS_INVALID', { detail: 'Send another name.', headers });
    exchange.claims = { userId };
    exchange.session = sessionOf(userId);
  };
  return { authenticate, verified };
};

type Headers = Readonly<Partial<Record<'authorization' | 'x-name', string>>>;

/** A request to a route with two sign-in methods. Alice's session has the role `user`; roles of names begin like them. */
const ask = async (
  alternatives: ReadonlyArray<Record<string, readonly string[]>>,
  headers: Headers,
  { aliceIs = async (): Promise<Session> => ({ userId: 'alice', roles: ['user'] }) } = {},
) => {
  const byName = nameSignIn(async (userId) => ({ userId, roles: [`${userId}-role`] }));
  const countedFor: Array<string | undefined> = [];
  const countCaller: Feature = () => ({
    before: ({ context: { exchange } }) => void countedFor.push(exchange.claims?.userId),
  });
  let caller: string | undefined;
  const world = gatewayWith({
    routes: [
      route('GET /', {
        access: { kind: 'signed-in', alternatives: alternatives },
      }),
    ],
    sessions: { find: aliceIs },
    signIn: { name: byName },
    features: { rateLimit: countCaller },
    respond: async (input) => {
      caller = input.caller?.userId;
      return { statusCode: 200, headers: {} };
    },
  });
  const { statusCode, headers: sent, problem } = await send(world, 'GET', '/', { headers });
  return {
    statusCode,
    caller,
    countedFor,
    code: problem['code'],
    detail: problem['detail'],
    challenge: sent?.['www-authenticate'],
    verified: byName.verified,
    cacheControl: sent?.['cache-control'],
    lines: world.lines,
  };
};

const bearer = async (): Promise<Headers> => ({ authorization: `Bearer ${await tokenOfAlice()}` });
const forged: Headers = { authorization: 'Bearer e30.e30.e30' };
const either = [{ session: ['user'] }, { name: [] }];

describe('a route with alternative sign-in methods', () => {
  it.each([
    ['the first', async () => bearer(), 'alice'],
    ['the second', async () => ({ 'x-name': 'bob' }), 'bob'],
    [
      'both, of which the first counts',
      async () => ({ ...(await bearer()), 'x-name': 'bob' }),
      'alice',
    ],
    ['the second, beside a forged first', async () => ({ ...forged, 'x-name': 'bob' }), 'bob'],
    [
      'the first, beside an invalid second',
      async () => ({ ...(await bearer()), 'x-name': 'nobody' }),
      'alice',
    ],
  ])('admits a caller with credentials of %s', async (_, headers, caller) => {
    const observed = await ask(either, await headers());
    expect(observed).toMatchObject({ statusCode: 200, caller, countedFor: [caller] });
    expect(observed.cacheControl).toBe('private, no-store');
  });

  it('admits by the second a caller whom the first knows, but without the role', async () => {
    const headers = { ...(await bearer()), 'x-name': 'bob' };
    expect(await ask([{ session: ['admin'] }, { name: [] }], headers)).toMatchObject({
      statusCode: 200,
      caller: 'bob',
      countedFor: ['bob'],
    });
  });

  it('admits by the second a caller whose session has ended or cannot be read', async () => {
    const headers = { ...(await bearer()), 'x-name': 'bob' };
    for (const code of ['CREDENTIALS_EXPIRED', 'SESSION_STORE_UNAVAILABLE'] as const) {
      const aliceIs = () => Promise.reject(new GatewayError(code, { detail: 'No.' }));
      expect(await ask(either, headers, { aliceIs })).toMatchObject({ caller: 'bob' });
    }
  });

  it('names every way to sign in to a caller without credentials', async () => {
    expect(await ask([...either, { name: ['bob-role'] }], {})).toMatchObject({
      statusCode: 401,
      code: 'CREDENTIALS_MISSING',
      detail: expect.stringMatching(/^Send a session token as .*\. Or: Send your name\.$/),
      challenge: 'Bearer realm="postern", Name realm="postern"',
      countedFor: [],
    });
  });

  it.each([
    ['invalid credentials, not missing ones', forged, 401, 'CREDENTIALS_INVALID', 'Bearer'],
    [
      'invalid credentials of the second',
      { 'x-name': 'nobody' },
      401,
      'CREDENTIALS_INVALID',
      'Name',
    ],
    [
      'the first of two refusals',
      { ...forged, 'x-name': 'nobody' },
      401,
      'CREDENTIALS_INVALID',
      'Bearer',
    ],
  ])('responds with %s', async (_, headers, statusCode, code, scheme) => {
    expect(await ask(either, headers)).toMatchObject({
      statusCode,
      code,
      challenge: expect.stringMatching(`^${scheme} `),
    });
  });

  it('responds 403 to a known caller without the role, who has no other credentials', async () => {
    expect(await ask([{ session: ['admin'] }, { name: [] }], await bearer())).toMatchObject({
      statusCode: 403,
      code: 'ACCESS_DENIED',
      detail: 'Required: admin.',
    });
  });

  it('responds 503, not 401, if one method cannot decide and the other has no credentials', async () => {
    const down = new GatewayError('SESSION_STORE_UNAVAILABLE', { detail: 'Try again later.' });
    expect(
      await ask(either, await bearer(), { aliceIs: () => Promise.reject(down) }),
    ).toMatchObject({ statusCode: 503, code: 'SESSION_STORE_UNAVAILABLE' });
  });

  it('verifies the credentials of a method once, however many alternatives ask for it', async () => {
    const alternatives = [
      { name: ['x'] },
      { name: ['y'] },
      { session: [] },
      { name: ['bob-role'] },
    ];
    const { statusCode, verified } = await ask(alternatives, { 'x-name': 'bob' });
    expect(statusCode).toBe(200);
    expect(verified).toEqual(['bob']);
  });
});

describe('a route that needs two sign-in methods at once', () => {
  const both = [{ name: ['bob-role'], session: ['user'] }];

  it('admits a request that has both, as the caller of the first', async () => {
    expect(await ask(both, { ...(await bearer()), 'x-name': 'bob' })).toMatchObject({
      statusCode: 200,
      caller: 'bob',
      countedFor: ['bob'],
    });
  });

  it.each([
    ['the first is missing', async () => bearer(), 401, 'CREDENTIALS_MISSING'],
    ['the second is missing', async () => ({ 'x-name': 'bob' }), 401, 'CREDENTIALS_MISSING'],
    [
      'the second is forged',
      async () => ({ ...forged, 'x-name': 'bob' }),
      401,
      'CREDENTIALS_INVALID',
    ],
    [
      'the first lacks its role',
      async () => ({ ...(await bearer()), 'x-name': 'eve' }),
      403,
      'ACCESS_DENIED',
    ],
  ])('refuses a request of which %s', async (_, headers, statusCode, code) => {
    expect(await ask(both, await headers())).toMatchObject({ statusCode, code, caller: undefined });
  });

  it('refuses a request whose second caller lacks its role', async () => {
    const aliceIs = async () => ({ userId: 'alice', roles: ['bob-role'] });
    const headers = { ...(await bearer()), 'x-name': 'bob' };
    expect(await ask(both, headers, { aliceIs })).toMatchObject({
      statusCode: 403,
      detail: 'Required: user.',
    });
  });
});
