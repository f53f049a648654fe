import { describe, expect, it } from '@jest/globals';
import { gatewayWith, nowMs, route, send } from '../../../testing/gateway-with.ts';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import type { RateLimitRule, Requirement, Route } from '../../contract.ts';
import type { SettingsReader } from '../../environment.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { SignInTools } from '../../parts.ts';
import type { Credential } from '../../stores/credentials/credential-store.ts';
import { createMemoryCredentials } from '../../stores/credentials/memory-credentials.ts';
import { rememberCredentials } from '../../stores/credentials/remember-credentials.ts';
import { checksumOf, credentialId, hashOf } from './api-key.ts';
import { apiKeySignIn } from './api-key-sign-in.ts';
import type { ApiKeyPolicy } from './policy.ts';
import { withoutKeys } from './without-keys.ts';

const keyOf = (publicId: string, secret = 'S', prefix = 'shop'): string => {
  const text = `${prefix}_${publicId.padEnd(12, '0')}_${secret.padEnd(43, '0')}`;
  return text + checksumOf(text);
};

const key = keyOf('acme');

const credential = (changes: Partial<Credential> = {}): Credential => ({
  id: credentialId('acme'.padEnd(12, '0')),
  consumer: 'acme',
  plan: 'partner',
  scopes: ['orders:read'],
  secretHash: hashOf(key),
  expiresAtMs: undefined,
  lastUsedDayMs: undefined,
  ...changes,
});

const perCaller: RateLimitRule = {
  name: 'member',
  per: ['caller'],
  limit: 10,
  windowSeconds: 60,
  burst: 10,
  onStoreFailure: 'allow',
  mode: 'enforce',
};
const perIp: RateLimitRule = { ...perCaller, name: 'visitor', per: ['ip'] };

interface Options {
  readonly policies?: Readonly<Record<string, Partial<ApiKeyPolicy>>>;
  readonly alternatives?: readonly Requirement[];
  readonly rateLimits?: readonly RateLimitRule[];
  readonly credentials?: readonly Credential[];
}

/** The real pipeline and store for `GET /`. The response's body is the request as the upstream would get it. */
const gateway = ({
  policies = { partner: {} },
  alternatives = [{ 'apiKey:partner': ['orders:read'] }],
  rateLimits = [],
  credentials = [credential()],
}: Options = {}) => {
  const clock = { nowMs };
  const now = () => clock.nowMs;
  const memory = createMemoryCredentials();
  for (const each of credentials) memory.put(each);
  const events: string[] = [];
  const state: { failure?: Error } = {};
  const remembered = rememberCredentials(
    {
      noteUse: (id, dayMs, deadlineMs) => memory.noteUse(id, dayMs, deadlineMs),
      find: async (id, deadlineMs) => {
        events.push('read');
        if (state.failure !== undefined) throw state.failure;
        await new Promise((resolve) => setImmediate(resolve));
        events.push('found');
        return memory.find(id, deadlineMs);
      },
    },
    { now },
  );
  const tools = { credentials: remembered, now } as unknown as SignInTools;
  const reader: SettingsReader = {
    variables: {},
    misconfigurations: [],
    read: (_name, _wanted, _parse, missing) => missing as NonNullable<typeof missing>,
  };
  const methods = Object.keys(alternatives[0] ?? {});
  const access: Route['access'] = {
    kind: 'signed-in',
    alternatives,
    ...(alternatives.length === 1 && methods.length === 1 && { method: methods[0] as 'session' }),
  };
  const taken: string[] = [];
  const world = gatewayWith({
    routes: [
      route('GET /', { access, rateLimits }),
      route('POST /', { access, rateLimits }),
      route('GET /open'),
    ],
    signIn: Object.fromEntries(
      Object.entries(policies).map(([name, policy]) => [
        `apiKey:${name}`,
        apiKeySignIn({ in: 'header', name: 'X-Api-Key', prefix: 'shop', others: [], ...policy })(
          reader,
        )(tools),
      ]),
    ),
    features: { apiKey: withoutKeys(['shop']) },
    buckets: {
      take: async (bucket) => {
        events.push('take');
        taken.push(bucket);
        return { allowed: true, remaining: 9, resetSeconds: 6, takenAtMicros: 0 };
      },
    },
    respond: async ({ request, caller }) => ({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...request, caller }),
    }),
    now,
  });
  return {
    ...{ memory, state, clock, events, taken, lines: world.lines },
    reads: () => events.filter((event) => event === 'read').length,
    get: async (request: Parameters<typeof send>[3] = {}, path = '/', method = 'GET') => {
      const response = await send(world, method, path, request);
      const isJson = response.headers?.['content-type'] === 'application/json';
      return { ...response, forwarded: isJson ? JSON.parse(response.body ?? '') : undefined };
    },
    note: world.lastNote,
  };
};

const header = (value = key) => ({ headers: { 'X-Api-Key': value } });

describe('a request with an API key', () => {
  it('names its consumer and plan, by one read a minute', async () => {
    const it = gateway();
    const { statusCode, forwarded } = await it.get(header());
    expect(statusCode).toBe(200);
    expect(forwarded.caller).toEqual({
      userId: 'acme',
      consumer: 'acme',
      plan: 'partner',
      roles: [],
      scopes: ['orders:read'],
    });
    expect(it.lines.at(-1)).toMatchObject({ user_id: 'acme' });
    it.clock.nowMs += 59_999;
    expect((await it.get(header())).statusCode).toBe(200);
    expect(it.reads()).toBe(1);
    it.clock.nowMs += 1;
    await it.get(header());
    expect(it.reads()).toBe(2);
  });

  it('is refused 60 s after the key was revoked, and at once by new execution environments', async () => {
    const it = gateway();
    await it.get(header());
    it.memory.remove(credential().id);
    it.clock.nowMs += 60_000;
    expect(await it.get(header())).toMatchObject({
      statusCode: 401,
      problem: { code: 'CREDENTIALS_INVALID' },
    });
    const fresh = gateway({ credentials: [] });
    expect((await fresh.get(header())).statusCode).toBe(401);
  });

  it('is refused with 403 if the key lacks one of the scopes', async () => {
    const it = gateway({ alternatives: [{ 'apiKey:partner': ['orders:read', 'orders:write'] }] });
    expect(await it.get(header())).toMatchObject({
      statusCode: 403,
      problem: { code: 'ACCESS_DENIED' },
    });
  });

  it.each<[string, Partial<ApiKeyPolicy>, NonNullable<Parameters<typeof send>[3]>]>([
    ['a header', {}, header()],
    ['a query parameter', { in: 'query', name: 'api key' }, { query: `a=1&api%20key=${key}` }],
    ['a cookie', { in: 'cookie', name: 'key' }, { cookies: ['a=1', `key=${key}`] }],
    ['Authorization', { name: 'Authorization' }, { headers: { authorization: key } }],
    [
      'Authorization, after a word',
      { name: 'Authorization' },
      { headers: { authorization: `Bearer ${key}` } },
    ],
  ])('has it in %s, as the scheme says, and nowhere else', async (_, policy, request) => {
    const it = gateway({ policies: { partner: policy } });
    expect((await it.get(request)).statusCode).toBe(200);
    const elsewhere =
      policy.in === undefined && policy.name === undefined ? 'X-Other' : 'X-Api-Key';
    expect(await it.get({ headers: { [elsewhere]: key } })).toMatchObject({
      statusCode: 401,
      problem: { code: 'CREDENTIALS_MISSING' },
    });
  });

  it.each(['', 'Bearer abc', 'Basic YTpi'])(
    'has none in Authorization, where "%s" is for another scheme',
    async (authorization) => {
      const it = gateway({ policies: { partner: { name: 'Authorization' } } });
      expect(await it.get({ headers: { authorization } })).toMatchObject({
        headers: { 'www-authenticate': 'ApiKey realm="postern"' },
        problem: {
          code: 'CREDENTIALS_MISSING',
          detail: 'Send an API key in the header `Authorization`.',
        },
      });
    },
  );

  it.each([
    ['of another prefix', keyOf('acme', 'S', 'shed'), 'the key has another prefix', 0],
    ['that is malformed', 'shop_acme', 'the key has another form', 0],
    ['that is sent twice in one header', `${key}, ${key}`, 'the key has another form', 0],
    ['with a typo', key.replace('S', 's'), 'the checksum of the key is wrong', 0],
    [
      'of another gateway or of a deleted consumer',
      keyOf('other'),
      'there is no such credential',
      1,
    ],
    ['with another secret', keyOf('acme', 'T'), 'the secret of the key is wrong', 1],
  ])('%s is refused, and only the log says why', async (_, wrong, note, reads) => {
    const it = gateway();
    for (let count = 0; count < 3; count += 1) {
      const { statusCode, problem, headers } = await it.get(header(wrong));
      expect({ statusCode, code: problem['code'], detail: problem['detail'] }).toEqual({
        statusCode: 401,
        code: 'CREDENTIALS_INVALID',
        detail: 'Send a valid API key.',
      });
      expect(headers?.['www-authenticate']).toBe('ApiKey realm="postern"');
      expect(it.note()).toBe(note);
    }
    expect(it.reads()).toBe(reads);
    expect(JSON.stringify(it.lines)).not.toContain(wrong.slice(0, 20));
  });

  it('that has expired is refused as such, and the log names its owner', async () => {
    const it = gateway({ credentials: [credential({ expiresAtMs: nowMs })] });
    expect(await it.get(header())).toMatchObject({
      statusCode: 401,
      problem: { code: 'CREDENTIALS_EXPIRED', detail: 'Send an API key that has not expired.' },
    });
    expect(it.note()).toBe('the key has expired');
    expect(it.lines.at(-1)).toMatchObject({ user_id: 'acme' });
    const wrongSecret = keyOf('acme', 'T');
    expect((await it.get(header(wrongSecret))).problem).toMatchObject({
      code: 'CREDENTIALS_INVALID',
    });
  });

  it('expires although it is remembered', async () => {
    const it = gateway({ credentials: [credential({ expiresAtMs: nowMs + 1_000 })] });
    expect((await it.get(header())).statusCode).toBe(200);
    it.clock.nowMs += 1_000;
    expect((await it.get(header())).statusCode).toBe(401);
  });

  it.each([
    ['in one query', { query: `key=${key}&key=${key}` }],
    ['in a query and a header', { query: `key=${key}`, ...header() }],
  ])('that is sent twice %s is refused', async (_, request) => {
    const others = [{ in: 'header', name: 'X-Api-Key' } as const];
    const it = gateway({ policies: { partner: { in: 'query', name: 'key', others } } });
    expect((await it.get(request)).problem).toMatchObject({ code: 'CREDENTIALS_INVALID' });
    expect(it.note()).toBe('the request has several keys');
    expect(it.reads()).toBe(0);
  });

  it('from a page of another site is refused with a key in a cookie, which browsers send by themselves', async () => {
    const it = gateway({ policies: { partner: { in: 'cookie', name: 'key' } } });
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const cookies = [`key=${key}`];
    expect(await it.get({ cookies, headers }, '/', 'POST')).toMatchObject({
      statusCode: 403,
      problem: { code: 'CROSS_SITE_REQUEST' },
    });
    expect((await it.get({ cookies }, '/', 'POST')).statusCode).toBe(200);
    const inHeader = gateway();
    expect(
      (await inHeader.get({ headers: { ...headers, ...header().headers } }, '/', 'POST'))
        .statusCode,
    ).toBe(200);
  });

  it('is a 503 while the store is down, and not a 401', async () => {
    const it = gateway();
    it.state.failure = new GatewayError('CREDENTIAL_STORE_UNAVAILABLE', {
      detail: 'Try again later.',
      cause: new StoreUnavailable('no response'),
    });
    expect(await it.get(header())).toMatchObject({
      statusCode: 503,
      problem: { code: 'CREDENTIAL_STORE_UNAVAILABLE' },
    });
    delete it.state.failure;
    expect((await it.get(header())).statusCode).toBe(200);
  });
});

describe('the read of an API key', () => {
  it('runs in parallel with the write of a limit that does not count by caller', async () => {
    const it = gateway({ rateLimits: [perIp] });
    await it.get(header());
    expect(it.events).toEqual(['read', 'take', 'found']);
  });

  it('comes before the write of a limit by caller, which counts for the consumer', async () => {
    const it = gateway({ rateLimits: [perCaller] });
    await it.get(header());
    expect(it.events).toEqual(['read', 'found', 'take']);
    expect(it.taken).toEqual(['member#caller#acme']);
    await it.get(header(keyOf('made-up'.replace('-', ''))));
    expect(it.taken).toHaveLength(1);
  });

  it('is awaited where a session would do as well', async () => {
    const it = gateway({ alternatives: [{ 'apiKey:partner': [] }, { session: [] }] });
    expect((await it.get(header())).forwarded.caller).toMatchObject({ userId: 'acme' });
  });
});

describe('an API key', () => {
  it.each([
    ['a header', { headers: { 'x-api-key': key, 'x-other': 'kept' } }],
    ['another header', { ...header(), headers: { ...header().headers, 'x-copy': `a ${key}` } }],
    ['the query', { ...header(), query: `a=1&key=${key}&b=%zz` }],
    ['the query, percent-encoded', { ...header(), query: `a=1&k=%73${key.slice(1)}&b=%zz` }],
    ['a cookie', { ...header(), cookies: [`key=${key}`, 'a=1'] }],
  ])('in %s is not sent to the upstream', async (_, request) => {
    const it = gateway();
    const { statusCode, forwarded, body } = await it.get(request);
    expect(statusCode).toBe(200);
    expect(body).not.toContain(key.slice(1));
    if ('query' in request) expect(forwarded.query).toBe('a=1&b=%zz');
    if ('cookies' in request) expect(forwarded.cookies).toEqual(['a=1']);
  });

  it('is not sent to the upstream by a route that needs none', async () => {
    const { statusCode, body } = await gateway().get(header(), '/open');
    expect(statusCode).toBe(200);
    expect(body).not.toContain(key);
  });

  it('of an upstream passes through a route that needs none', async () => {
    const { forwarded } = await gateway().get(header('sk_live_1'), '/open');
    expect(forwarded.headers).toMatchObject({ 'x-api-key': 'sk_live_1' });
  });

  it('is noted as used once a day', async () => {
    const it = gateway();
    await it.get(header());
    await it.get(header());
    const day = nowMs - (nowMs % 86_400_000);
    expect(await it.memory.find(credential().id, 0)).toMatchObject({ lastUsedDayMs: day });
  });
});
