import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { httpApiEvent, lambdaContext } from '../../testing/events.ts';
import { loadModule } from '../../testing/load-contract.ts';
import { recordLog } from '../../testing/recorded-log.ts';
import { selfSignedCertificate } from '../../testing/self-signed-certificate.ts';
import { startCompiled } from '../../testing/start-compiled.ts';
import {
  accessToken,
  compactToken,
  createIssuerKey,
  type IssuerKey,
  keySetOf,
} from '../../testing/token-issuer.ts';
import type { Gateway } from '../gateway.ts';
import type { OpenStore, StoreKind, StoreKinds } from '../parts.ts';
import { createMemoryCredentials } from '../stores/credentials/memory-credentials.ts';
import { rememberCredentials } from '../stores/credentials/remember-credentials.ts';
import { createMemoryIssuerKeys } from '../stores/issuer-keys/memory-issuer-keys.ts';
import { createMemorySessions } from '../stores/sessions/memory-sessions.ts';
import { signToken } from '../stores/sessions/session-token.ts';
import { checksumOf, hashOf } from './api-key/api-key.ts';
import { hashPassword } from './basic/password-hash.ts';

const contract = `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: {}
  failureLimit: false
  defaults: { rateLimits: [], respond: { status: 204 } }
paths:
  /session: { post: { security: [{ session: [] }] } }
  /jwt: { post: { security: [{ jwt: [] }] } }
  /api-key: { post: { security: [{ apiKey: [] }] } }
  /basic: { post: { security: [{ basic: [] }] } }
  /iam: { post: { security: [{ iam: [] }] } }
  /mutual-tls: { post: { security: [{ mutualTls: [] }] } }
  /webhook/github: { post: { security: [{ github: [] }] } }
  /webhook/stripe: { post: { security: [{ stripe: [] }] } }
  /webhook/standard: { post: { security: [{ standard: [] }] } }
components:
  securitySchemes:
    session: { type: http, scheme: bearer, x-postern: { session: {} } }
    jwt: { type: oauth2, flows: {}, x-postern: { jwt: { issuer: https://login.example.com, audiences: [shop], algorithms: [RS256] } } }
    apiKey: { type: apiKey, in: header, name: X-Api-Key, x-postern: { apiKey: { prefix: shop } } }
    basic: { type: http, scheme: basic, x-postern: { basic: {} } }
    iam: { type: apiKey, in: header, name: Authorization, x-postern: { iam: { accounts: ['123456789012'] } } }
    mutualTls: { type: mutualTLS, x-postern: { mutualTls: {} } }
    github: { type: apiKey, in: header, name: X-Hub-Signature-256, x-postern: { webhook: { scheme: github, secret: '\${hook}' } } }
    stripe: { type: apiKey, in: header, name: Stripe-Signature, x-postern: { webhook: { scheme: stripe, secret: '\${hook}' } } }
    standard: { type: apiKey, in: header, name: webhook-signature, x-postern: { webhook: { scheme: standard-webhooks, secret: '\${hook}' } } }
`;

const nowMs = 1_800_000_000_000;
const seconds = nowMs / 1_000;

const ready = <S>(store: S): StoreKind<S> => {
  const open: OpenStore<S> = { store, checks: {} };
  return () => () => open;
};

const publicId = 'A1b2C3d4E5f6';
const keyWith = (id: string, letter: string, prefix = 'shop'): string => {
  const text = `${prefix}_${id}_${letter.repeat(43)}`;
  return text + checksumOf(text);
};
const apiKey = keyWith(publicId, 'a');
const password = 'correct horse battery staple';
const hookSecret = `whsec_${randomBytes(32).toString('base64')}`;
const signingKey = randomBytes(32);
const { cert: unknownCertificate } = selfSignedCertificate();
const { cert: futureCertificate } = selfSignedCertificate({
  notBefore: '400101000000Z',
  notAfter: '490101000000Z',
});

let issuerKey: IssuerKey;
let gateway: Gateway;
const { log, lastNote } = recordLog();

beforeAll(async () => {
  issuerKey = await createIssuerKey('RS256', 'k1');
  const issuerKeys = createMemoryIssuerKeys();
  const source =
    'https://login.example.com https://login.example.com/.well-known/openid-configuration';
  await issuerKeys.keep(source, { json: keySetOf(issuerKey), readAtMs: nowMs }, 0);
  const credentials = createMemoryCredentials();
  const consumer = {
    consumer: 'acme',
    plan: undefined,
    scopes: [],
    expiresAtMs: undefined,
    lastUsedDayMs: undefined,
  };
  credentials.put({ ...consumer, id: `api-key/${publicId}`, secretHash: hashOf(apiKey) });
  credentials.put({ ...consumer, id: 'basic/bob', secretHash: await hashPassword(password) });
  credentials.put({ ...consumer, id: 'basic/broken', secretHash: 'plain' });
  const now = (): number => nowMs;
  const compiled = await loadModule({ 'gateway.yaml': contract });
  const stores: StoreKinds = {
    ...compiled.stores,
    sessions: ready(createMemorySessions(now)),
    issuerKeys: ready(issuerKeys),
    credentials: ready(rememberCredentials(credentials, { now })),
  };
  const never = async (): Promise<never> => {
    throw new Error('No call to AWS is expected');
  };
  gateway = startCompiled(
    { ...compiled, stores },
    {
      clients: () => ({
        dynamoDb: { getItem: never, updateItem: never },
        secrets: { getSecretString: async () => hookSecret },
      }),
      variables: {
        GATEWAY_NAME: 'test',
        GATEWAY_ENV: 'test',
        AWS_REGION: 'us-east-1',
        GATEWAY_VALUE_hook: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:hook-AbCdEf',
        GATEWAY_TOKEN_SIGNING_SECRET: JSON.stringify({
          active_kid: 'k1',
          keys: [{ kty: 'oct', kid: 'k1', k: signingKey.toString('base64url') }],
        }),
      },
      now,
      log,
    },
  );
});

type Headers = Readonly<Record<string, string>>;

/** What a request proves itself with: headers, or what API Gateway says of it. */
interface Credential {
  readonly what: string;
  readonly headers?: Headers;
  readonly platform?: object;
}

const send = async (path: string, { headers = {}, platform = {} }: Omit<Credential, 'what'>) => {
  const event = httpApiEvent('POST', path, { headers: { ...headers }, body: 'body' });
  const requestContext = { ...event.requestContext, ...platform };
  const {
    statusCode,
    body,
    headers: sent,
  } = await gateway({ ...event, requestContext }, lambdaContext());
  const problem = { ...(JSON.parse(body || '{}') as object), request_id: undefined };
  return {
    statusCode,
    told: JSON.stringify([statusCode, problem, sent?.['www-authenticate']]),
    note: lastNote(),
  };
};

const bearer = (what: string, token: string): Credential => ({
  what,
  headers: { authorization: `Bearer ${token}` },
});
const basic = (what: string, text: string): Credential => ({
  what,
  headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` },
});
const certificate = (what: string, clientCertPem: string): Credential => ({
  what,
  platform: { authentication: { clientCert: { clientCertPem } } },
});
const signedBy = (what: string, userArn: string, routeKey = 'POST /iam'): Credential => ({
  what,
  platform: { routeKey, authorizer: { iam: { userArn } } },
});
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text);
const hookKey = Buffer.from(hookSecret.slice(6), 'base64');
const stripeSignature = (at: number, key: string): string =>
  `t=${at},v1=${hmac(key, `${at}.body`).digest('hex')}`;
const standard = (
  what: string,
  { id = 'msg_1', at = seconds, key = hookKey, version = 'v1' },
): Credential => ({
  what,
  headers: {
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': `${version},${hmac(key, `${id}.${at}.body`).digest('base64')}`,
  },
});

const sessionToken = (key: Buffer, kid = 'k1'): Promise<string> =>
  signToken(
    {
      sessionId: randomBytes(32).toString('base64url'),
      userId: 'alice',
      expiresAtMs: nowMs + 60_000,
    },
    { kid, key: createSecretKey(key), nowMs },
  );

/** By route: one credential that is right, and others with another wrong part each. */
const methods: Readonly<
  Record<
    string,
    {
      readonly right?: () => Promise<Credential>;
      readonly wrong: () => Promise<readonly Credential[]>;
    }
  >
> = {
  '/session': {
    wrong: async () => [
      bearer('no token', 'x'),
      bearer('three parts of nothing', 'a.b.c'),
      bearer('another signature', await sessionToken(randomBytes(32))),
      bearer('an unknown key', await sessionToken(signingKey, 'k2')),
      bearer('no algorithm', compactToken({ alg: 'none', kid: 'k1' }, { sub: 'alice' }, '')),
    ],
  },
  '/jwt': {
    right: async () => bearer('', await accessToken(issuerKey, nowMs)),
    wrong: async () => {
      const eve = await createIssuerKey('RS256', 'k1');
      const with_ = async (what: string, claims: object, header: object = {}) =>
        bearer(
          what,
          await accessToken(issuerKey, nowMs, { claims: { ...claims }, header: { ...header } }),
        );
      return [
        bearer('no token', 'x'),
        bearer('an encrypted token', 'a.b.c.d.e'),
        bearer('another signature', await accessToken(eve, nowMs)),
        await with_('another issuer', { iss: 'https://evil.example' }),
        await with_('no issuer', { iss: undefined }),
        await with_('no audience', { aud: undefined }),
        await with_('other audiences', { aud: ['bank', 'shops'] }),
        await with_('exp as text', { exp: String(seconds + 60) }),
        await with_('no exp', { exp: undefined }),
        await with_('nbf in the future', { nbf: seconds + 60 }),
        await with_('an ID token', { token_use: 'id' }),
        await with_('no user', { sub: undefined }),
        await with_('another type', {}, { typ: 'logout+jwt' }),
        bearer('an extension', compactToken({ alg: 'RS256', kid: 'k1', crit: ['b64'] }, {}, 'AA')),
      ];
    },
  },
  '/api-key': {
    right: async () => ({ what: '', headers: { 'x-api-key': apiKey } }),
    wrong: async () =>
      Object.entries({
        'no key': 'x',
        'another secret': keyWith(publicId, 'b'),
        'an unknown id': keyWith('B1b2C3d4E5f6', 'a'),
        'another checksum': `${apiKey.slice(0, -1)}${apiKey.endsWith('0') ? '1' : '0'}`,
        'another prefix': keyWith(publicId, 'a', 'bank'),
      }).map(([what, key]) => ({ what, headers: { 'x-api-key': key } })),
  },
  '/basic': {
    right: async () => basic('', `bob:${password}`),
    wrong: async () => [
      basic('another password', `bob:${password}!`),
      basic('an unknown user', `eve:${password}`),
      basic('a user that there cannot be', `b b:${password}`),
      basic('an item without a hash', `broken:${password}`),
      basic('no colon', 'bob'),
      { what: 'no base64', headers: { authorization: 'Basic ?' } },
    ],
  },
  '/iam': {
    right: async () => signedBy('', 'arn:aws:iam::123456789012:user/ci'),
    wrong: async () => [
      signedBy('another account', 'arn:aws:iam::210987654321:user/ci'),
      signedBy('another route', 'arn:aws:iam::123456789012:user/ci', 'POST /other'),
      signedBy('no principal', 'ci'),
    ],
  },
  '/mutual-tls': {
    wrong: async () => [
      certificate('an unknown certificate', unknownCertificate),
      certificate('one that is not valid yet', futureCertificate),
      certificate('none at all', 'x'),
    ],
  },
  '/webhook/github': {
    right: async () => ({
      what: '',
      headers: { 'x-hub-signature-256': `sha256=${hmac(hookSecret, 'body').digest('hex')}` },
    }),
    wrong: async () =>
      Object.entries({
        'another secret': `sha256=${hmac('x', 'body').digest('hex')}`,
        'another body': `sha256=${hmac(hookSecret, 'bodies').digest('hex')}`,
        base64: `sha256=${hmac(hookSecret, 'body').digest('base64')}`,
        'no signature': 'x',
      }).map(([what, value]) => ({ what, headers: { 'x-hub-signature-256': value } })),
  },
  '/webhook/stripe': {
    right: async () => ({
      what: '',
      headers: { 'stripe-signature': stripeSignature(seconds, hookSecret) },
    }),
    wrong: async () =>
      Object.entries({
        'another secret': stripeSignature(seconds, 'x'),
        'an old time': stripeSignature(seconds - 3_600, hookSecret),
        'a time in the future': stripeSignature(seconds + 3_600, hookSecret),
        'no time': 'v1=00',
        'no signature': `t=${seconds}`,
      }).map(([what, value]) => ({ what, headers: { 'stripe-signature': value } })),
  },
  '/webhook/standard': {
    right: async () => standard('', {}),
    wrong: async () => [
      standard('another secret', { key: randomBytes(32) }),
      standard('an old time', { at: seconds - 3_600 }),
      standard('a dot in the id', { id: 'a.b' }),
      standard('another version', { version: 'v2' }),
    ],
  },
};

describe('what a client is told never says which part of a credential was wrong', () => {
  it.each(Object.entries(methods))('at %s', async (path, { right, wrong }) => {
    if (right !== undefined) expect((await send(path, await right())).statusCode).toBe(204);
    const told = new Set<string>();
    const notes: unknown[] = [];
    for (const credential of await wrong()) {
      const response = await send(path, credential);
      expect(`${credential.what}: ${response.told}`).toContain('"code":"CREDENTIALS_INVALID"');
      told.add(response.told);
      notes.push(response.note);
    }
    expect(told.size).toBe(1);
    // The log tells what the client is not told; the session's verifier knows one reason for all.
    if (path !== '/session') {
      expect(notes.every((note) => typeof note === 'string')).toBe(true);
      expect(new Set(notes).size).toBeGreaterThan(1);
    }
  });

  it('is compared for every sign-in method', () => {
    const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'browser') // It ends in a session.
      .map(({ name }) => name);
    const compared = new Set(Object.keys(methods).map((path) => path.split('/')[1]));
    expect(folders.filter((folder) => !compared.has(folder))).toEqual([]);
  });
});
