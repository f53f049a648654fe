import { createHmac, createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { gatewayWith, nowMs, route, send, signedIn } from '../../../testing/gateway-with.ts';
import type { DynamoDb, Item } from '../../stores/dynamodb/dynamodb.ts';
import { createSessionStore, sessionKey } from '../../stores/sessions/session-store.ts';
import { createTokenVerifier } from './token-verifier.ts';

const secret = randomBytes(32);
const key = createSecretKey(secret);
const nowSeconds = nowMs / 1000;

const newSessionId = (): string => randomBytes(32).toString('base64url');
const alices = newSessionId();
const genuine = {
  header: { alg: 'HS256', typ: 'JWT', kid: 'k1' } as object,
  payload: { sid: alices, sub: 'alice', iat: nowSeconds, exp: nowSeconds + 60 } as object,
};

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Signing {
  readonly hash?: string;
  readonly by?: Buffer | string;
}

/** A token with a correct signature for any header and payload. */
const signed = ({ header, payload } = genuine, { hash = 'sha256', by = secret }: Signing = {}) => {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${createHmac(hash, by).update(input).digest('base64url')}`;
};
const withHeader = (changes: object, signing?: Signing): string =>
  signed({ ...genuine, header: { ...genuine.header, ...changes } }, signing);
const withPayload = (changes: object): string =>
  signed({ ...genuine, payload: { ...genuine.payload, ...changes } });

/** The whole pipeline with the real session store over a table of alice's one session. */
const gatewayOfAlice = () => {
  const table = new Map<string, Item>();
  const put = (sessionId: string, userId: string): void =>
    void table.set(sessionKey(sessionId), {
      data: { M: { user_id: { S: userId }, roles: { L: [{ S: 'user' }] } } },
      ttl: { N: String(nowSeconds + 60) },
    });
  put(alices, 'alice');
  let reads = 0;
  const getItem: DynamoDb['getItem'] = async ({ Key }) => {
    reads += 1;
    const id = Key['session_id'];
    return id && 'S' in id ? table.get(id.S) : undefined;
  };
  const now = () => nowMs;
  const keys = {
    find: async (kid: string) => (kid === 'k1' ? key : undefined),
  };
  const it = gatewayWith({
    routes: [route('GET /users', signedIn('user'))],
    tokens: createTokenVerifier({ keys, now }),
    sessions: createSessionStore({ dynamoDb: { getItem } as DynamoDb, tableName: 'sessions', now }),
  });
  const ask = async (token: string) => {
    const readsBefore = reads;
    const response = await send(it, 'GET', '/users', {
      headers: { authorization: `Bearer ${token}` },
    });
    return { ...response, reads: reads - readsBefore };
  };
  return { ask, table, put };
};

const publicPem = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
  type: 'spki',
  format: 'pem',
}) as string;
const ownJwk = { kty: 'oct', k: Buffer.alloc(32, 7).toString('base64url') };
const [h = '', p = '', s = ''] = signed().split('.');
const lastBitChanged = (text: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + (alphabet[alphabet.indexOf(text.at(-1) ?? '') ^ 1] ?? '');
};

/** Every kind of invalid token. The responses must be indistinguishable. */
const invalid: ReadonlyArray<readonly [name: string, token: string]> = [
  ['alg none without a signature', `${part({ ...genuine.header, alg: 'none' })}.${p}.`],
  ['alg none with the right signature', withHeader({ alg: 'none' })],
  ['alg None', withHeader({ alg: 'None' })],
  ['alg nOnE', withHeader({ alg: 'nOnE' })],
  ['alg hs256', withHeader({ alg: 'hs256' })],
  ['alg HS384', withHeader({ alg: 'HS384' }, { hash: 'sha384' })],
  ['alg HS512', withHeader({ alg: 'HS512' }, { hash: 'sha512' })],
  ['alg RS256, signed with the secret', withHeader({ alg: 'RS256' })],
  ['alg RS256, signed with a public key', withHeader({ alg: 'RS256' }, { by: publicPem })],
  ['HS256 by a public key', withHeader({}, { by: publicPem })],
  ['HS256 by an empty key', withHeader({}, { by: '' })],
  ['HS256 by the key’s base64url', withHeader({}, { by: secret.toString('base64url') })],
  ['alg as a list', withHeader({ alg: ['HS256'] })],
  ['alg null', withHeader({ alg: null })],
  ['no alg', withHeader({ alg: undefined })],
  ['an unknown kid', withHeader({ kid: 'k2' })],
  ['a kid in capitals', withHeader({ kid: 'K1' })],
  ['a kid with a space', withHeader({ kid: 'k1 ' })],
  ['a kid with NUL', withHeader({ kid: 'k1\u0000' })],
  ['a kid that is a path', withHeader({ kid: '../../../../dev/null' }, { by: '' })],
  ['a kid that is SQL', withHeader({ kid: "k1' UNION SELECT 'x" }, { by: 'x' })],
  ['a kid that is a URL', withHeader({ kid: 'https://evil.example/k1' })],
  ['a kid of a prototype', withHeader({ kid: '__proto__' })],
  ['a kid of a method', withHeader({ kid: 'constructor' })],
  ['an empty kid', withHeader({ kid: '' })],
  ['a kid as a list', withHeader({ kid: ['k1'] })],
  ['a kid as an object', withHeader({ kid: { k1: 'k1' } })],
  ['a kid as a number', withHeader({ kid: 1 })],
  ['no kid', withHeader({ kid: undefined })],
  ['a huge kid', withHeader({ kid: 'k1'.repeat(2_000) })],
  ['a key of its own', withHeader({ kid: undefined, jwk: ownJwk }, { by: Buffer.alloc(32, 7) })],
  ['its own key under our kid', withHeader({ jwk: ownJwk }, { by: Buffer.alloc(32, 7) })],
  ['a jku', withHeader({ jku: 'https://evil.example/jwks.json' }, { by: 'evil' })],
  ['an x5u and an x5c', withHeader({ x5u: 'https://evil.example/', x5c: ['MII'] }, { by: 'evil' })],
  ['an unencoded payload', withHeader({ crit: ['b64'], b64: false })],
  ['a critical extension', withHeader({ crit: ['exp'], exp: nowSeconds + 60 })],
  ['an empty crit', withHeader({ crit: [] })],
  ['a header that is a list', signed({ ...genuine, header: ['HS256', 'k1'] })],
  ['a payload that is a list', signed({ ...genuine, payload: [alices] })],
  ['padding', `${h}.${p}.${s}=`],
  ['standard base64', `${h}.${p}.${s.replaceAll('-', '+').replaceAll('_', '/')}+`],
  ['a second spelling of the signature', `${h}.${p}.${lastBitChanged(s)}`],
  ['a line break', `${h}.${p}.${s.slice(0, 9)}\n${s.slice(9)}`],
  ['characters outside the alphabet', `${h}.${p}?.${s}`],
  ['four parts', `${h}.${p}.${s}.${s}`],
  ['the five parts of a JWE', `${h}.${s}.${s}.${p}.${s}`],
  ['an empty payload', `${h}..${s}`],
  ['no signature', `${h}.${p}.`],
  ['another’s signature', `${h}.${part({ ...genuine.payload, sub: 'root' })}.${s}`],
  ['no sid', withPayload({ sid: undefined })],
  ['a sid that is a path', withPayload({ sid: '../../../../../../../../../../../../../../a' })],
  ['a sid as a list', withPayload({ sid: [alices] })],
  ['no sub', withPayload({ sub: undefined })],
  ['a sub as an object', withPayload({ sub: { user: 'alice' } })],
  ['no exp', withPayload({ exp: undefined })],
  ['an exp in words', withPayload({ exp: '9999999999' })],
  ['an exp beyond all numbers', `${h}.${part('x')}.${s}`],
  ['an nbf beyond the leeway', withPayload({ nbf: nowSeconds + 6 })],
];

describe('a request whose token is not valid', () => {
  it.each(invalid)('is refused with the same response: %s', async (_, token) => {
    const { ask } = gatewayOfAlice();
    const { problem, reads, statusCode, headers } = await ask(token);
    expect({ problem, reads, statusCode }).toEqual({
      statusCode: 401,
      problem: {
        type: 'https://docs.example.com/errors#CREDENTIALS_INVALID',
        title: 'The credentials are not valid',
        status: 401,
        detail: 'Sign in again.',
        code: 'CREDENTIALS_INVALID',
        request_id: 'request-1',
      },
      reads: 0, // A forged token never costs a call to DynamoDB.
    });
    expect(headers?.['www-authenticate']).toBe('Bearer realm="postern", error="invalid_token"');
  });

  it('is refused at every truncation and at every single-bit flip', async () => {
    const { ask } = gatewayOfAlice();
    const token = signed();
    const damaged = Array.from({ length: token.length }, (_, length) => token.slice(0, length));
    for (let bit = 0; bit < token.length * 8; bit += 1) {
      const bytes = Buffer.from(token);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      damaged.push(bytes.toString('latin1'));
    }
    const responses = new Set<string>();
    for (const each of damaged) {
      const { statusCode, problem, reads } = await ask(each);
      responses.add(`${statusCode} ${String(problem['code'])} ${reads}`);
    }
    // An empty token is no token.
    expect([...responses].sort()).toEqual([
      '401 CREDENTIALS_INVALID 0',
      '401 CREDENTIALS_MISSING 0',
    ]);
    expect((await ask(token)).statusCode).toBe(200);
  }, 30_000);
});

describe('a token’s expiry', () => {
  const leewaySeconds = 5;

  it.each([
    ['ends in a minute', withPayload({}), 200],
    ['ended just within the leeway', withPayload({ exp: nowSeconds - leewaySeconds + 1 }), 200],
    ['ended the leeway ago', withPayload({ exp: nowSeconds - leewaySeconds }), 401],
    ['ended at the epoch', withPayload({ exp: 0 }), 401],
    ['ended before the epoch', withPayload({ exp: -1 }), 401],
    ['begins just within the leeway', withPayload({ nbf: nowSeconds + leewaySeconds }), 200],
    ['begins after the leeway', withPayload({ nbf: nowSeconds + leewaySeconds + 1 }), 401],
    ['was issued by a clock that is ahead', withPayload({ iat: nowSeconds + 3_600 }), 200],
    ['ends in ten years', withPayload({ exp: nowSeconds + 315_576_000 }), 200],
    ['ends a second after ten years', withPayload({ exp: nowSeconds + 315_576_001 }), 401],
    ['ends in milliseconds instead of seconds', withPayload({ exp: nowMs + 60_000 }), 401],
    ['ends in the year 275760', withPayload({ exp: 8.64e12 }), 401],
  ])('is exact to the second when it %s', async (_, token, status) => {
    expect((await gatewayOfAlice().ask(token)).statusCode).toBe(status);
  });
});

describe('a session', () => {
  it('that was revoked is refused at once, for every replay of its token', async () => {
    const { ask, table } = gatewayOfAlice();
    const token = signed();
    expect((await ask(token)).statusCode).toBe(200);
    table.clear();
    for (let replay = 0; replay < 20; replay += 1) {
      expect(await ask(token)).toMatchObject({
        statusCode: 401,
        problem: { code: 'CREDENTIALS_EXPIRED' },
      });
    }
  });

  it('results in the same response whether it was revoked, never existed, is another’s or has expired', async () => {
    const { ask, table } = gatewayOfAlice();
    const responses = [
      await ask(withPayload({ sid: newSessionId() })),
      await ask(withPayload({ sub: 'mallory' })),
      await ask(withPayload({ exp: nowSeconds - 60 })),
    ];
    table.clear();
    responses.push(await ask(signed()));
    expect(new Set(responses.map(({ body }) => body)).size).toBe(1);
    expect(responses[0]).toMatchObject({
      statusCode: 401,
      problem: { code: 'CREDENTIALS_EXPIRED' },
    });
  });

  it('is safe from session fixation: an id that a client chose gives no access', async () => {
    const { ask } = gatewayOfAlice();
    const chosen = newSessionId();
    for (const token of [
      withPayload({ sid: chosen }), // Correctly signed, but not by a login service.
      chosen,
      sessionKey(alices), // The hash in the table cannot be used as an id.
      alices,
    ]) {
      expect((await ask(token)).statusCode).toBe(401);
    }
  });

  it('that another user’s token names is refused, whether it is in the table or not', async () => {
    const { ask, put } = gatewayOfAlice();
    const bobs = newSessionId();
    put(bobs, 'bob');
    expect((await ask(withPayload({ sid: bobs }))).statusCode).toBe(401);
    expect((await ask(withPayload({ sid: bobs, sub: 'bob' }))).statusCode).toBe(200);
  });
});

describe('two session cookies', () => {
  it('are both ignored, because an attacker may have set one of them', async () => {
    const it = gatewayWith({ routes: [route('GET /users', signedIn('user'))] });
    const cookies = [`session_token=${signed()}`, `session_token=${signed()}`];
    expect(await send(it, 'GET', '/users', { cookies })).toMatchObject({
      statusCode: 401,
      problem: { code: 'CREDENTIALS_INVALID' },
    });
  });
});
