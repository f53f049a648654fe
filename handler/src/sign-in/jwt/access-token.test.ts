import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { nowMs } from '../../../testing/gateway-with.ts';
import {
  accessToken,
  compactToken,
  createIssuerKey,
  type IssuerKey,
  issuer,
  keySetOf,
  policyWith,
} from '../../../testing/token-issuer.ts';
import { verifyAccessToken } from './access-token.ts';
import { type Algorithm, algorithms, chooseKey, parseKeySet } from '../../openid/key-set.ts';
import type { TokenPolicy } from './policy.ts';

const keys = {} as Record<Algorithm, IssuerKey>;
let published: string;
beforeAll(async () => {
  for (const alg of algorithms) keys[alg] = await createIssuerKey(alg, `key-${alg}`);
  published = keySetOf(...Object.values(keys));
});

const judge = async (
  token: string,
  policy: Partial<TokenPolicy> = {},
  keySet: string = published,
): Promise<string> => {
  const verdict = await verifyAccessToken(
    token,
    policyWith(policy),
    async (header) => chooseKey(parseKeySet(keySet), header),
    nowMs,
  );
  return verdict.valid ? 'valid' : verdict.reason;
};

const rs256 = (changes?: Parameters<typeof accessToken>[2]): Promise<string> =>
  accessToken(keys.RS256, nowMs, changes);

const seconds = nowMs / 1_000;

describe('an access token', () => {
  it.each(algorithms)('is valid with a signature by %s', async (alg) => {
    const token = await accessToken(keys[alg], nowMs);
    expect(await judge(token, { algorithms: [alg] })).toBe('valid');
  });

  it.each(algorithms)('is refused if %s is not one of the algorithms', async (alg) => {
    const token = await accessToken(keys[alg], nowMs);
    const others = algorithms.filter((each) => each !== alg);
    expect(await judge(token, { algorithms: others })).toBe('algorithm');
  });

  it.each<[what: string, claims: Record<string, unknown>, reason: string]>([
    ['one of several audiences fits', { aud: ['bank', 'shop'] }, 'valid'],
    ['no audience fits', { aud: ['bank', 'shops'] }, 'audience'],
    ['there is no aud', { aud: undefined }, 'audience'],
    ['aud is an object', { aud: { shop: 1 } }, 'audience'],
    ['the issuer has a slash more', { iss: `${issuer}/` }, 'issuer'],
    ['the issuer is a list', { iss: [issuer] }, 'issuer'],
    ['there is no iss', { iss: undefined }, 'issuer'],
    ['exp is text', { exp: String(seconds + 60) }, 'no-expiry'],
    ['there is no exp', { exp: undefined }, 'no-expiry'],
    ['exp passed within the tolerance', { exp: seconds - 4 }, 'valid'],
    ['exp passed before the tolerance', { exp: seconds - 5 }, 'expired'],
    ['nbf comes within the tolerance', { nbf: seconds + 5 }, 'valid'],
    ['nbf comes after the tolerance', { nbf: seconds + 6 }, 'not-yet-valid'],
    ['nbf is text', { nbf: 'now' }, 'not-yet-valid'],
    ['iat is text', { iat: 'now' }, 'not-yet-valid'],
    ['it is an ID token by token_use', { token_use: 'id' }, 'use'],
    ['it is an access token by token_use', { token_use: 'access' }, 'valid'],
    ['there is no user id', { sub: undefined }, 'user'],
    ['the user id is empty', { sub: '' }, 'user'],
    ['the user id is a number', { sub: 7 }, 'user'],
    ['the user id is too long', { sub: 'a'.repeat(257) }, 'user'],
  ])('is judged where %s', async (_, claims, reason) => {
    expect(await judge(await rs256({ claims }))).toBe(reason);
  });

  it.each<[typ: unknown, usual: string, strict: string]>([
    ['at+jwt', 'valid', 'valid'],
    ['application/at+jwt', 'valid', 'valid'],
    ['AT+JWT', 'valid', 'valid'],
    ['JWT', 'valid', 'type'],
    [undefined, 'valid', 'type'],
    ['logout+jwt', 'type', 'type'],
    ['dpop+jwt', 'type', 'type'],
    ['', 'type', 'type'],
    [1, 'type', 'type'],
  ])('with the typ %j is judged %s, and %s if at+jwt is required', async (typ, usual, strict) => {
    const token = await rs256({ header: { typ } });
    expect(await judge(token)).toBe(usual);
    expect(await judge(token, { type: 'at+jwt' })).toBe(strict);
  });

  it('is refused for another client, or without one, where the contract names clients', async () => {
    const policy = { audiences: [], clients: ['web'] };
    const claims = { aud: undefined };
    expect(await judge(await rs256({ claims: { ...claims, client_id: 'web' } }), policy)).toBe(
      'valid',
    );
    expect(await judge(await rs256({ claims: { ...claims, client_id: 'app' } }), policy)).toBe(
      'client',
    );
    // The audience of an ID token is the client.
    expect(await judge(await rs256({ claims: { aud: 'web' } }), policy)).toBe('client');
  });
});

describe('attacks of RFC 8725 are refused', () => {
  const claims = () => ({ iss: issuer, aud: 'shop', sub: 'eve', exp: seconds + 60 });

  const signedBy = (header: object, makeSignature: (input: string) => Buffer): string => {
    const token = compactToken(header, claims(), '');
    return token + makeSignature(token.slice(0, -1)).toString('base64url');
  };

  it.each(['none', 'None', 'NONE', '', null, undefined])('the algorithm %j (§2.1)', async (alg) => {
    const token = compactToken({ alg, kid: 'key-RS256' }, claims(), '');
    expect(await judge(token)).toBe('algorithm');
  });

  it('the public key as the secret of HMAC (§2.1)', async () => {
    const pem = createPublicKey({ key: keys.RS256.jwk as never, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    });
    const token = signedBy({ alg: 'HS256', kid: 'key-RS256' }, (input) =>
      createHmac('sha256', pem).update(input).digest(),
    );
    expect(await judge(token)).toBe('algorithm');
  });

  it('a key that is meant for another algorithm (§3.1)', async () => {
    const policy = { algorithms };
    const asPs256 = { ...keys.RS256, alg: 'PS256' as const };
    const { privateKey } = keys.PS256;
    expect(await judge(await accessToken({ ...asPs256, privateKey }, nowMs), policy)).toBe(
      'unknown-key',
    );
  });

  it('a key of the attacker in the header: jwk, x5c (§2.1 and RFC 7515 §4.1.3)', async () => {
    const eve = await createIssuerKey('RS256', 'key-RS256');
    for (const header of [{ jwk: eve.jwk }, { jwk: eve.jwk, kid: undefined }, { x5c: ['MII'] }])
      expect(await judge(await accessToken(eve, nowMs, { header }), {}, keySetOf(keys.RS256))).toBe(
        'forged',
      );
  });

  it('an address of keys in the header: jku, x5u (§3.10)', async () => {
    const eve = await createIssuerKey('RS256', 'eve');
    for (const header of [{ jku: 'https://eve.example/jwks' }, { x5u: 'https://eve.example/x' }])
      expect(await judge(await accessToken(eve, nowMs, { header }))).toBe('unknown-key');
  });

  it.each([
    "' OR 1=1 --",
    '../../dev/null',
    '__proto__',
    '',
    'key-RS256\u0000',
    ['key-RS256'],
    null,
  ])('the kid %j (§3.10)', async (kid) => {
    const eve = await createIssuerKey('ES256', 'eve');
    const token = await accessToken(eve, nowMs, { header: { kid } });
    expect(await judge(token, { algorithms: ['ES256'] })).toMatch(/^(unknown-key|malformed)$/);
  });

  it('extensions in crit, known or not (RFC 7515 §4.1.11)', async () => {
    const of = (header: object): Promise<string> =>
      judge(signedBy({ alg: 'RS256', kid: 'key-RS256', ...header }, () => Buffer.alloc(256)));
    expect(await of({ crit: ['exp'], exp: 1 })).toBe('critical');
    expect(await of({ crit: ['b64'], b64: false })).toBe('critical');
    expect(await of({ crit: [] })).toBe('critical');
  });

  it('an RSA key of less than 2048 bits (RFC 7518 §3.3)', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1_024 });
    const weak = { jwk: { ...publicKey.export({ format: 'jwk' }), kid: 'weak' } as never };
    const token = signedBy({ alg: 'RS256', kid: 'weak' }, (input) =>
      sign('sha256', Buffer.from(input), privateKey),
    );
    expect(await judge(token, {}, keySetOf(keys.RS256, weak))).toBe('unknown-key');
    expect(() => parseKeySet(keySetOf(weak))).toThrow('no key that verifies signatures');
  });

  it('a point that is not on the curve (§2.5)', async () => {
    const { jwk } = keys.ES256;
    const x = Buffer.from(String(jwk.x), 'base64url');
    x[31] = (x[31] ?? 0) ^ 1;
    const off = keySetOf({ jwk: { ...jwk, x: x.toString('base64url') } });
    const policy = { algorithms: ['ES256'] as const };
    expect(await judge(await accessToken(keys.ES256, nowMs), policy, off)).toBe('forged');
  });

  it('an ECDSA signature of zeros (CVE-2022-21449), of DER form, or of another curve', async () => {
    const policy = { algorithms: ['ES256', 'ES384'] as const };
    const header = { alg: 'ES256', kid: 'key-ES256' };
    expect(
      await judge(
        signedBy(header, () => Buffer.alloc(64)),
        policy,
      ),
    ).toBe('forged');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const der = (input: string): Buffer => sign('sha256', Buffer.from(input), privateKey);
    expect(await judge(signedBy(header, der), policy)).toBe('forged');
    const header384 = { alg: 'ES384', kid: 'key-ES256' };
    expect(
      await judge(
        signedBy(header384, () => Buffer.alloc(96, 1)),
        policy,
      ),
    ).toBe('unknown-key');
  });

  it('an encrypted token, which the log calls so', async () => {
    expect(await judge('eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d')).toBe('encrypted');
  });

  it('another spelling of the same bytes, padding, white space, and the JSON form', async () => {
    const token = await rs256();
    const last = token.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // 256 bytes leave four bits of the last character unused.
    const respelled = token.slice(0, -1) + alphabet[alphabet.indexOf(last) ^ 1];
    const [header, payload, signature] = token.split('.');
    for (const text of [
      respelled,
      `${token}==`,
      ` ${token}`,
      `${token}\n`,
      `${header}.${payload}`,
      `${token}.`,
      JSON.stringify({ protected: header, payload, signature }),
      '',
      '..',
      'a'.repeat(20_000),
    ])
      expect(await judge(text)).toBe('malformed');
  });

  it('changed claims under a genuine signature', async () => {
    const [header, , signature] = (await rs256()).split('.');
    const payload = Buffer.from(JSON.stringify(claims())).toString('base64url');
    expect(await judge(`${header}.${payload}.${signature}`)).toBe('forged');
  });
});

describe('a provider whose keys have no kid', () => {
  const withoutKid = (...of: readonly IssuerKey[]): string =>
    keySetOf(...of.map(({ jwk: { kid: _, ...jwk } }) => ({ jwk })));

  it('has its tokens verified with the only key that fits', async () => {
    const token = await rs256({ header: { kid: undefined } });
    expect(await judge(token, {}, withoutKid(keys.RS256, keys.ES256))).toBe('valid');
  });

  it('has its tokens refused if several keys fit', async () => {
    const other = await createIssuerKey('RS256', 'other');
    const token = await rs256({ header: { kid: undefined } });
    expect(await judge(token, {}, withoutKid(keys.RS256, other))).toBe('unknown-key');
  });
});
