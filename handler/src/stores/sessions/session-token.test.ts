import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errors, jwtVerify } from 'jose';
import { casesOf, report } from '../../../testing/effort.ts';
import { leewaySeconds, signToken, verifyToken } from './session-token.ts';
import { farthestEndMs } from './session.ts';

const key = createSecretKey(randomBytes(32));
const sessionId = randomBytes(32).toString('base64url');
const nowMs = 1_800_000_000_000;
const nowSeconds = nowMs / 1000;
const claims = { sessionId, userId: 'alice', expiresAtMs: nowMs + 60_000 };

const verify = (token: string, atMs = nowMs) =>
  verifyToken(token, async (kid) => (kid === 'k1' ? key : undefined), atMs);

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signed = (header: unknown, payload: unknown) => {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
};
const header = { alg: 'HS256', typ: 'JWT', kid: 'k1' };
const payload = { sid: sessionId, sub: 'alice', exp: nowSeconds + 60 };

describe('verifyToken', () => {
  it('reads the claims of a token from signToken', async () => {
    const token = await signToken(claims, { kid: 'k1', key, nowMs });
    expect(await verify(token)).toEqual({ valid: true, claims, kid: 'k1', key });
    const [head, body] = token.split('.').map((each) => Buffer.from(each, 'base64url').toString());
    expect(JSON.parse(head ?? '')).toEqual(header);
    expect(JSON.parse(body ?? '')).toEqual({ ...payload, iat: nowSeconds });
  });

  it('accepts an expiry ten years ahead, and refuses one that is a second later', async () => {
    const farthest = (nowMs + farthestEndMs) / 1000;
    const ending = (exp: number) => verify(signed(header, { ...payload, exp }));
    expect(await ending(farthest)).toMatchObject({ valid: true });
    expect(await ending(farthest + 1)).toEqual({ valid: false, reason: 'too-far-ahead' });
  });

  it('refuses every single-bit flip and every truncation of a valid token', async () => {
    let damaged = 0;
    const refuse = async (text: string): Promise<void> => {
      damaged += 1;
      expect(await verify(text)).toMatchObject({ valid: false });
    };
    for (let count = casesOf(1, 100); count > 0; count -= 1) {
      const sid = randomBytes(32).toString('base64url');
      const token = signed(header, { ...payload, sid });
      for (let length = 0; length < token.length; length += 1) await refuse(token.slice(0, length));
      for (let bit = 0; bit < token.length * 8; bit += 1) {
        const flipped = Buffer.from(token);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await refuse(flipped.toString('latin1'));
      }
    }
    report(damaged);
  }, 600_000);

  it.each([
    ['none', 'forged', { ...header, alg: 'none' }, payload],
    ['HS512', 'forged', { ...header, alg: 'HS512' }, payload],
    ['RS256', 'forged', { ...header, alg: 'RS256' }, payload],
    ['a critical extension', 'forged', { ...header, crit: ['x'], x: 1 }, payload],
    ['a payload that is not encoded', 'forged', { ...header, crit: ['b64'], b64: false }, payload],
    ['no sid', 'unfit', header, { ...payload, sid: undefined }],
    ['a sid of another shape', 'unfit', header, { ...payload, sid: '../../etc/passwd' }],
    ['a sid too short', 'unfit', header, { ...payload, sid: sessionId.slice(1) }],
    ['a sid and more', 'unfit', header, { ...payload, sid: `${sessionId}x` }],
    ['a list of sids', 'unfit', header, { ...payload, sid: [sessionId] }],
    ['no sub', 'unfit', header, { ...payload, sub: undefined }],
    ['an empty sub', 'unfit', header, { ...payload, sub: '' }],
    ['a sub too long', 'unfit', header, { ...payload, sub: 'a'.repeat(257) }],
    ['a list of subs', 'unfit', header, { ...payload, sub: ['alice'] }],
    ['no exp', 'unfit', header, { ...payload, exp: undefined }],
    ['an exp in words', 'unfit', header, { ...payload, exp: 'tomorrow' }],
    ['a time before nbf', 'unfit', header, { ...payload, nbf: nowSeconds + 60 }],
    ['an nbf in words', 'unfit', header, { ...payload, nbf: 'now' }],
    ['an iat in words', 'unfit', header, { ...payload, iat: 'now' }],
    ['no number as nbf', 'unfit', header, { ...payload, nbf: null }],
    ['claims that are no object', 'unfit', header, 'alice'],
    ['claims that are a list', 'unfit', header, [payload]],
    ['a kid of another type', 'malformed', { ...header, kid: ['k1'] }, payload],
    ['no kid', 'malformed', { ...header, kid: undefined }, payload],
    ['no header', 'malformed', null, payload],
  ])('refuses a correctly signed token with %s', async (_, reason, badHeader, badPayload) => {
    expect(await verify(signed(badHeader, badPayload))).toEqual({ valid: false, reason });
  });

  it('accepts no token that jose refuses, and refuses others only for what a session needs', async () => {
    const seconds = fc.constantFrom(-60, -6, -5, -4, 0, 4, 5, 6, 60).map((s) => nowSeconds + s);
    const time = fc.option(fc.oneof(seconds, fc.constantFrom('soon', null, 1e300, 0.5)), {
      nil: undefined,
    });
    const rarely = <T>(usual: T, ...others: readonly T[]) =>
      fc.oneof({ arbitrary: fc.constant(usual), weight: 4 }, fc.constantFrom(...others));
    const heads = fc.record({
      alg: rarely<unknown>('HS256', 'none', 'HS384', 'hs256', ['HS256'], undefined),
      kid: fc.constant('k1'),
      typ: rarely<unknown>('JWT', 'other', 1, undefined),
      crit: rarely<unknown>(undefined, [], ['exp'], 'exp', null),
    });
    const bodies = fc.record({
      sid: rarely<unknown>(sessionId, sessionId.slice(1), 1, undefined),
      sub: rarely<unknown>('alice', '', ['alice'], undefined),
      exp: time,
      nbf: time,
      iat: time,
    });
    const changes = rarely<(token: string) => string>(
      (token) => token,
      (token) => `${token.slice(0, -4)}AAAA`,
      (token) => `${token}AAAA`,
      (token) => token.slice(0, -4),
      (token) => token.slice(0, token.lastIndexOf('.') + 1),
      (token) => `${token}.${token}`,
    );
    const forSessions = ['unfit', 'too-far-ahead'];
    await fc.assert(
      fc.asyncProperty(heads, bodies, changes, async (head, body, change) => {
        const token = change(signed(head, body));
        const options = { algorithms: ['HS256'], clockTolerance: leewaySeconds };
        const byJose = await jwtVerify(token, key, {
          ...options,
          currentDate: new Date(nowMs),
        }).then(
          () => 'valid',
          (error: unknown) => (error instanceof errors.JWTExpired ? 'expired' : 'invalid'),
        );
        const verdict = await verify(token);
        const reason = verdict.valid ? 'valid' : verdict.reason;
        if (byJose === 'valid') expect(['valid', ...forSessions]).toContain(reason);
        else if (byJose === 'expired') expect(reason).toBe('expired');
        else expect(['forged', 'malformed', 'unfit']).toContain(reason);
      }),
      { numRuns: casesOf(500, 100_000) },
    );
  });

  it('accepts a user id of 256 characters and a token of 2,048, and no longer ones', async () => {
    const userId = 'a'.repeat(256);
    expect(await verify(signed(header, { ...payload, sub: userId }))).toMatchObject({
      valid: true,
      claims: { userId },
    });
    // Three characters of a header are four of the token.
    const padded = (chars: number) => signed({ ...header, x: 'x'.repeat(chars) }, payload);
    const fill = Math.floor(((2_048 - padded(0).length) * 3) / 4);
    const longest = [fill - 1, fill, fill + 1].map(padded).find(({ length }) => length === 2_048);
    expect(await verify(longest ?? '')).toMatchObject({ valid: true });
    expect(await verify(padded(fill + 2))).toEqual({ valid: false, reason: 'malformed' });
  });

  it('reports an unknown key separately, so that the keys can be read again', async () => {
    expect(await verify(signed({ ...header, kid: 'k2' }, payload))).toEqual({
      valid: false,
      reason: 'unknown-key',
    });
  });

  it('accepts a token until its expiry plus leeway, and not a second longer', async () => {
    const token = signed(header, { ...payload, exp: nowSeconds });
    expect(await verify(token, nowMs + leewaySeconds * 1000 - 1000)).toMatchObject({ valid: true });
    expect(await verify(token, nowMs + leewaySeconds * 1000)).toEqual({
      valid: false,
      reason: 'expired',
    });
  });

  it.each([
    '',
    '.',
    '..',
    'a.b',
    'a.b.c.d',
    'a'.repeat(5000),
    '\u0000.\u0000.\u0000',
    'e30.e30.e30',
  ])('refuses %j without an exception', async (token) => {
    expect(await verify(token)).toMatchObject({ valid: false });
  });

  it('refuses other spellings of the same bytes', async () => {
    const token = signed(header, payload);
    expect(await verify(`${token}=`)).toMatchObject({ valid: false });
    const last = token.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const sameBytes = alphabet[alphabet.indexOf(last) ^ 1] ?? '';
    const respelled = token.slice(0, -1) + sameBytes;
    expect(Buffer.from(respelled.split('.')[2] ?? '', 'base64url')).toEqual(
      Buffer.from(token.split('.')[2] ?? '', 'base64url'),
    );
    expect(await verify(respelled)).toEqual({ valid: false, reason: 'malformed' });
  });
});
