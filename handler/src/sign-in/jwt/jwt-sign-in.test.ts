import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { nowMs } from '../../../testing/gateway-with.ts';
import { jwtGatewayWith } from '../../../testing/jwt-gateway.ts';
import {
  accessToken,
  createIssuerKey,
  type IssuerKey,
  issuer,
  keySetOf,
} from '../../../testing/token-issuer.ts';
import { createMemoryIssuerKeys } from '../../stores/issuer-keys/memory-issuer-keys.ts';
import type { IssuerKeyStore } from '../../stores/issuer-keys/issuer-key-store.ts';

let key: IssuerKey;
let staffKey: IssuerKey;
beforeAll(async () => {
  key = await createIssuerKey('RS256', 'k1');
  staffKey = await createIssuerKey('ES256', 'k1');
});

const staffIssuer = 'https://staff.example.com';

/** With the keys of both issuers, so that no provider is called. */
const stored = async (): Promise<IssuerKeyStore> => {
  const store = createMemoryIssuerKeys();
  const wellKnown = '/.well-known/openid-configuration';
  for (const [of, own] of [
    [issuer, key],
    [staffIssuer, staffKey],
  ] as const)
    await store.keep(`${of} ${of}${wellKnown}`, { json: keySetOf(own), readAtMs: nowMs }, 0);
  return store;
};

const unreachable = () => {
  throw new Error('No provider is called');
};

const gateway = async (options: Partial<Parameters<typeof jwtGatewayWith>[0]> = {}) =>
  jwtGatewayWith({ policies: [{}], issuerKeys: await stored(), connect: unreachable, ...options });

const challenge = 'Bearer realm="postern", error="invalid_token"';

describe('a route with an access token', () => {
  it('admits a caller with the scopes, and names the user to the upstream', async () => {
    const { get } = await gateway({ policies: [{ roles: 'realm_access.roles' }] });
    const claims = { realm_access: { roles: ['user'] } };
    const { statusCode, body } = await get(await accessToken(key, nowMs, { claims }));
    expect(statusCode).toBe(200);
    expect(JSON.parse(body ?? '')).toMatchObject({ userId: 'alice', roles: ['user'] });
  });

  it.each([
    ['free', { tier: 'free' }],
    ['', { tier: ['free'] }],
    [undefined, {}],
  ])('takes the plan %j of the caller from the claim that the contract names', async (...each) => {
    const [plan, claims] = each;
    const { get } = await gateway({ policies: [{ plan: 'tier' }] });
    const { body } = await get(await accessToken(key, nowMs, { claims }));
    expect((JSON.parse(body ?? '') as { plan?: string }).plan).toBe(plan);
  });

  it('responds 401 without a token', async () => {
    const { statusCode, problem, headers } = await (await gateway()).get();
    expect([statusCode, problem['code']]).toEqual([401, 'CREDENTIALS_MISSING']);
    expect(headers?.['www-authenticate']).toBe('Bearer realm="postern"');
  });

  it('responds 403 without the scope, whatever roles the caller has', async () => {
    const { get } = await gateway({ policies: [{ roles: 'roles' }] });
    const claims = { scope: 'openid', roles: ['orders:read'] };
    const { problem, headers } = await get(await accessToken(key, nowMs, { claims }));
    expect(problem).toMatchObject({ code: 'ACCESS_DENIED', detail: 'Required: orders:read.' });
    expect(headers?.['www-authenticate']).toBe(
      'Bearer realm="postern", error="insufficient_scope"',
    );
  });

  it('compares roles, whatever scopes the caller has, for a scheme of the type http', async () => {
    const { get } = await gateway({ policies: [{ lists: 'roles', roles: 'groups' }] });
    const statusOf = async (claims: object) =>
      (await get(await accessToken(key, nowMs, { claims: { ...claims } }))).statusCode;
    expect(await statusOf({ groups: ['orders:read'], scope: undefined })).toBe(200);
    expect(await statusOf({ scope: 'orders:read' })).toBe(403);
  });

  it.each<[string, Record<string, unknown>, note: string | undefined]>([
    [
      'a number',
      { scope: 7 },
      'the claim with the roles or scopes is not a text or a list of texts',
    ],
    [
      'a list with a number',
      { scope: ['orders:read', 7] },
      'the claim with the roles or scopes is not a text or a list of texts',
    ],
    ['absent', { scope: undefined }, undefined],
  ])('responds 403 if the scopes are %s', async (_, claims, note) => {
    const { get, lastNote } = await gateway();
    expect((await get(await accessToken(key, nowMs, { claims }))).statusCode).toBe(403);
    expect(lastNote()).toBe(note);
  });

  it('tells a client never what is wrong with a token, and the log always', async () => {
    const { get, lastNote } = await gateway();
    const eve = await createIssuerKey('RS256', 'k1');
    const wrong: ReadonlyArray<readonly [token: string, note: RegExp]> = [
      ['not-a-token', /not a signed JWT/],
      ['a.b.c.d.e', /encrypted/],
      [await accessToken(eve, nowMs), /signature/],
      [await accessToken(key, nowMs, { claims: { aud: 'bank' } }), /aud/],
      [await accessToken(key, nowMs, { claims: { iss: 'https://evil.example' } }), /iss/],
      [await accessToken(key, nowMs, { claims: { exp: 'soon' } }), /exp/],
      [await accessToken(key, nowMs, { claims: { token_use: 'id' } }), /token_use/],
      [await accessToken(key, nowMs, { header: { typ: 'logout+jwt' } }), /typ/],
      [await accessToken(staffKey, nowMs), /alg/],
    ];
    const responses = new Set<string>();
    for (const [token, note] of wrong) {
      const { statusCode, problem, headers } = await get(token);
      const rest = { ...problem, request_id: undefined };
      responses.add(JSON.stringify([statusCode, rest, headers?.['www-authenticate']]));
      expect(lastNote()).toMatch(note);
    }
    expect([...responses].map((text) => JSON.parse(text) as unknown)).toEqual([
      [
        401,
        expect.objectContaining({ code: 'CREDENTIALS_INVALID', detail: 'Sign in again.' }),
        challenge,
      ],
    ]);
  });

  it('responds CREDENTIALS_EXPIRED to a genuine token past its time', async () => {
    const { get, lastNote } = await gateway();
    const { statusCode, problem } = await get(await accessToken(key, nowMs - 3_606_000));
    expect([statusCode, problem['code']]).toEqual([401, 'CREDENTIALS_EXPIRED']);
    expect(lastNote()).toBe("the token's exp has passed");
  });

  it('calls no provider for a token of another issuer', async () => {
    const connect = jest.fn(unreachable);
    const { get } = await gateway({ issuerKeys: await stored(), connect });
    const claims = { iss: 'https://evil.example' };
    const token = await accessToken(key, nowMs, { claims, header: { kid: 'other' } });
    expect((await get(token)).statusCode).toBe(401);
    expect(connect).not.toHaveBeenCalled();
  });
});

describe('a verified token', () => {
  it('is verified once, and refused when it expires', async () => {
    let atMs = nowMs;
    const verify = jest.spyOn(crypto.subtle, 'verify');
    const { get } = await gateway({ now: () => atMs });
    const token = await accessToken(key, nowMs, { claims: { exp: nowMs / 1_000 + 60 } });
    for (let count = 0; count < 5; count += 1) expect((await get(token)).statusCode).toBe(200);
    expect(verify).toHaveBeenCalledTimes(1);
    atMs += 65_000;
    expect((await get(token)).problem['code']).toBe('CREDENTIALS_EXPIRED');
    verify.mockRestore();
  });

  it('is refused as soon as the provider has withdrawn its key', async () => {
    let atMs = nowMs;
    const issuerKeys = await stored();
    const { get } = await gateway({ now: () => atMs, issuerKeys });
    const token = await accessToken(key, nowMs);
    expect((await get(token)).statusCode).toBe(200);
    atMs += 10 * 60_000;
    const source = `${issuer} ${issuer}/.well-known/openid-configuration`;
    await issuerKeys.keep(source, { json: keySetOf(staffKey), readAtMs: atMs }, 0);
    await get(token);
    await new Promise(setImmediate);
    expect((await get(token)).statusCode).not.toBe(200);
  });
});

describe('claims for the upstream', () => {
  it('are its headers, as text, and all of them are there for plugins', async () => {
    const { get } = await gateway({
      policies: [
        {
          claims: {
            'x-authenticated-tenant': 'https://example.com/tenant',
            'x-authenticated-city': 'address.city',
            'x-authenticated-level': 'level',
            'x-authenticated-groups': 'groups',
            'x-authenticated-address': 'address',
            'x-authenticated-absent': 'absent',
          },
        },
      ],
    });
    const claims = {
      'https://example.com/tenant': 'acme',
      address: { city: 'Zürich' },
      level: 3,
      groups: ['a', 'b'],
    };
    const { body } = await get(await accessToken(key, nowMs, { claims }));
    expect(JSON.parse(body ?? '')).toMatchObject({
      claims: { ...claims, sub: 'alice' },
      headers: {
        'x-authenticated-tenant': 'acme',
        'x-authenticated-city': 'Zürich',
        'x-authenticated-level': '3',
        'x-authenticated-groups': 'a b',
      },
    });
  });
});

describe('several schemes', () => {
  const policies = [
    {},
    { scheme: 'staff', issuer: staffIssuer, algorithms: ['ES256'], lists: 'roles', roles: 'roles' },
  ] as const;
  const customer = (): Promise<string> => accessToken(key, nowMs);
  const staff = (roles: readonly string[] = ['admin']): Promise<string> =>
    accessToken(staffKey, nowMs, { claims: { iss: staffIssuer, sub: 'bob', roles } });

  it('as alternatives admit a token of either issuer', async () => {
    const alternatives = [{ 'jwt:oauth': [] }, { 'jwt:staff': ['admin'] }];
    const { get } = await gateway({ policies, alternatives });
    expect((await get(await customer())).statusCode).toBe(200);
    expect(JSON.parse((await get(await staff())).body ?? '')).toMatchObject({ userId: 'bob' });
    expect((await get(await staff([]))).problem['code']).toBe('ACCESS_DENIED');
  });

  it('are not mistaken for one another: a token counts only for the scheme of its issuer', async () => {
    const { get } = await gateway({ policies, alternatives: [{ 'jwt:staff': [] }] });
    expect((await get(await customer())).problem['code']).toBe('CREDENTIALS_INVALID');
    const asStaff = await accessToken(key, nowMs, { claims: { iss: staffIssuer } });
    expect((await get(asStaff)).problem['code']).toBe('CREDENTIALS_INVALID');
  });

  it('of one issuer, needed together, ask for scopes and roles', async () => {
    const { get } = await gateway({
      policies: [{}, { scheme: 'groups', lists: 'roles', roles: 'groups' }],
      alternatives: [{ 'jwt:oauth': ['orders:read'], 'jwt:groups': ['admin'] }],
    });
    const statusOf = async (claims: Record<string, unknown>) =>
      (await get(await accessToken(key, nowMs, { claims }))).statusCode;
    expect(await statusOf({ groups: ['admin'] })).toBe(200);
    expect(await statusOf({ groups: [] })).toBe(403);
    expect(await statusOf({ groups: ['admin'], scope: '' })).toBe(403);
  });
});

describe('/health/ready', () => {
  it('reports that the keys of a scheme cannot be read', async () => {
    const { checks } = await gateway({ issuerKeys: createMemoryIssuerKeys() });
    await expect(checks['access_token_keys_oauth']?.(nowMs + 100)).rejects.toMatchObject({
      code: 'SIGNING_KEY_UNAVAILABLE',
    });
    const ready = await gateway();
    await expect(ready.checks['access_token_keys_oauth']?.(nowMs + 100)).resolves.toBeUndefined();
  });
});
