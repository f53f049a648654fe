import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { signToken } from '../stores/sessions/session-token.ts';
import { holdsSessionToken, isSessionCookie, sessionCookieOf } from './own-credentials.ts';

const key = createSecretKey(randomBytes(32));
const nowMs = 1_800_000_000_000;
const tokenOf = (kid: string, userId: string): Promise<string> =>
  signToken(
    { sessionId: randomBytes(32).toString('base64url'), userId, expiresAtMs: nowMs + 60_000 },
    { kid, key, nowMs },
  );
const encoded = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (header: unknown, claims: unknown): string =>
  `${encoded(header)}.${encoded(claims)}.c2ln`;
const sid = 'A'.repeat(43);

describe('a session token in Authorization', () => {
  it('is recognized with any key, user, scheme and surrounding text', async () => {
    const around = fc.constantFrom('', ' ', '\t', ', ', '"', "'", '=', 'Basic eDp5, ', 'a.b.c, ');
    const scheme = fc.constantFrom('Bearer ', 'bearer  ', 'BEARER\t', 'Token token=', 'JWT ', '');
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.string({ minLength: 1 }),
        scheme,
        around,
        around,
        async (kid, userId, before, left, right) => {
          const token = await tokenOf(kid, userId);
          expect(holdsSessionToken(`${before}${left}${token}${right}`)).toBe(true);
        },
      ),
    );
  });

  it('is recognized when it is damaged, so that a service cannot repair it', async () => {
    const [header = '', claims = '', signature = ''] = (await tokenOf('k1', 'alice')).split('.');
    expect(holdsSessionToken(`Bearer ${header}. ${claims} .${signature}`)).toBe(true);
    expect(holdsSessionToken(`Bearer ${header.slice(0, 5)} ${header.slice(5)}.${claims}.x`)).toBe(
      true,
    );
    expect(holdsSessionToken(`Bearer ${header}==.${claims}==.${signature}==`)).toBe(true);
    expect(holdsSessionToken(`Bearer ${header}.${claims}.`)).toBe(true);
    expect(holdsSessionToken(`Bearer x.${header}.${claims}.${signature}`)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['Basic', 'Basic eDp5'],
    ['an opaque token', 'Bearer 2YotnFZFEjr1zCsicMWpAA'],
    ['dots alone', 'Bearer ..'],
    ['many dots', '.'.repeat(10_000)],
    ['another algorithm', `Bearer ${jwt({ alg: 'RS256', kid: 'k1' }, { sid })}`],
    ['no key', `Bearer ${jwt({ alg: 'HS256' }, { sid })}`],
    ['no session', `Bearer ${jwt({ alg: 'HS256', kid: 'k1' }, { sub: 'alice' })}`],
    [
      'a session of another kind',
      `Bearer ${jwt({ alg: 'HS256', kid: 'k1' }, { sid: 'A'.repeat(42) })}`,
    ],
    ['a session that is no text', `Bearer ${jwt({ alg: 'HS256', kid: 'k1' }, { sid: 1 })}`],
    ['claims that are none', `Bearer ${jwt({ alg: 'HS256', kid: 'k1' }, null)}`],
    ['an encrypted token', `Bearer ${encoded({ alg: 'dir', enc: 'A128GCM' })}..aXY.Y2lwaGVy.dGFn`],
    [
      'a signature of AWS',
      'AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host;x-amz-date, Signature=1',
    ],
  ])('is not mistaken for %s', (_, authorization) => {
    expect(holdsSessionToken(authorization)).toBe(false);
  });
});

describe('the session cookie', () => {
  it.each([
    'session_token=t',
    '__Host-session_token=t',
    'Session_Token=t',
    ' session_token =t',
    '"session_token"=t',
    'a=1,session_token=t',
    'a=1, __Host-session_token=t',
    'a=1 session_token=t',
    'a="1; session_token=t"',
    '=session_token=t',
    '\tsession_token\t=',
  ])('is found in %j', (cookie) => {
    expect(isSessionCookie(cookie)).toBe(true);
  });

  it.each([
    'session_token',
    'session_tokens=t',
    'my_session_token=t',
    'a=session_token',
    '__Secure-session_token=t',
    'session_token_id=t',
    '',
  ])('is not mistaken for %j', (cookie) => {
    expect(isSessionCookie(cookie)).toBe(false);
  });

  it.each<[string, string[], string | undefined]>([
    ['no cookie', [], undefined],
    ['other cookies', ['a=1', 'xsession_token=t'], undefined],
    ['one', ['a=1', 'session_token=t'], 't'],
    ['one with the prefix', ['__Host-session_token=t'], 't'],
    ['both, and a planted one loses', ['session_token=planted', '__Host-session_token=t'], 't'],
    ['both, in the other order', ['__Host-session_token=t', 'session_token=planted'], 't'],
    ['two of one name', ['session_token=a', 'session_token=b'], ''],
    ['two that are equal', ['session_token=a', 'session_token=a'], ''],
    ['two with the prefix', ['__Host-session_token=a', '__Host-session_token=b'], ''],
    [
      'two with the prefix beside one',
      ['session_token=c', '__Host-session_token=a', '__Host-session_token=b'],
      '',
    ],
    [
      'two without beside one with the prefix',
      ['session_token=a', 'session_token=b', '__Host-session_token=t'],
      't',
    ],
    ['a prefix in another spelling', ['__host-session_token=planted'], undefined],
  ])('returns the token of %s', (_, cookies, token) => {
    expect(sessionCookieOf(cookies)).toBe(token);
  });
});
