import { beforeAll, describe, expect, it } from '@jest/globals';
import { gatewayWith, nowMs, route, send, tokenOfAlice } from '../../../testing/gateway-with.ts';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import type { Requirement } from '../../contract.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { SignInTools } from '../../parts.ts';
import type { Credential } from '../../stores/credentials/credential-store.ts';
import { createMemoryCredentials } from '../../stores/credentials/memory-credentials.ts';
import { rememberCredentials } from '../../stores/credentials/remember-credentials.ts';
import { basicSignIn } from './basic-sign-in.ts';
import { hashPassword } from './password-hash.ts';
import { withoutPassword } from './without-password.ts';

const password = 'open sésame: €';
let secretHash: string;
beforeAll(async () => {
  secretHash = await hashPassword(password);
});

const partner = (changes: Partial<Credential> = {}): Credential => ({
  id: 'basic/bob@example.com',
  consumer: 'acme',
  plan: 'partner',
  scopes: ['orders:read'],
  secretHash,
  expiresAtMs: undefined,
  lastUsedDayMs: undefined,
  ...changes,
});

const basic = (text: string, encoding: BufferEncoding = 'utf8'): string =>
  `Basic ${Buffer.from(text, encoding).toString('base64')}`;

const right = basic(`bob@example.com:${password}`);

/** The real pipeline for `/orders`, with credentials in memory. The response's body is what the upstream gets. */
const ordersWith = (
  items: readonly Credential[] = [partner()],
  alternatives: readonly Requirement[] = [{ basic: ['orders:read'] }],
) => {
  const clock = { nowMs };
  const memory = createMemoryCredentials();
  for (const item of items) memory.put(item);
  const state = { isDown: false, reads: 0 };
  const store = {
    ...memory,
    find: async (id: string, deadlineMs: number) => {
      state.reads += 1;
      if (state.isDown)
        throw new GatewayError('CREDENTIAL_STORE_UNAVAILABLE', {
          detail: 'Try again later.',
          cause: new StoreUnavailable('down'),
        });
      return memory.find(id, deadlineMs);
    },
  };
  const now = (): number => clock.nowMs;
  const tools = { credentials: rememberCredentials(store, { now }), now } as unknown as SignInTools;
  const reader = {
    variables: {},
    misconfigurations: [],
    read: (_name: string, _wanted: string, _parse: unknown, missing: unknown) => missing as never,
  };
  const [one] = alternatives;
  const isOne = alternatives.length === 1 && one !== undefined && Object.keys(one).length === 1;
  const access = {
    access: {
      kind: 'signed-in' as const,
      alternatives,
      ...(isOne && { method: 'basic' as const }),
    },
  };
  const world = gatewayWith({
    routes: [route('GET /orders', access), route('POST /orders', access)],
    signIn: { basic: basicSignIn(reader)(tools) },
    features: { basic: withoutPassword },
    respond: async ({ request, caller }) => ({
      statusCode: 200,
      headers: {},
      body: JSON.stringify({ caller, headers: request.headers }),
    }),
    now,
  });
  return {
    clock,
    memory,
    state,
    lines: world.lines,
    call: (authorization?: string, { method = 'GET', ...headers }: Record<string, string> = {}) =>
      send(world, method, '/orders', {
        headers: { ...headers, ...(authorization !== undefined && { authorization }) },
      }),
    note: world.lastNote,
  };
};

describe('a route for consumers with a password', () => {
  it('admits one with the scopes, and no upstream gets the password', async () => {
    const { call, lines } = ordersWith();
    const { statusCode, body } = await call(right);
    expect(statusCode).toBe(200);
    const { caller, headers } = JSON.parse(body ?? '') as { caller: object; headers: object };
    expect(caller).toMatchObject({ userId: 'acme', consumer: 'acme', plan: 'partner' });
    expect(headers).not.toHaveProperty('authorization');
    expect(JSON.stringify(lines)).not.toContain(right.slice(6));
    expect(lines.at(-1)).toMatchObject({ user_id: 'acme' });
  });

  it('asks for a password where there is none, in UTF-8 (RFC 7617 §2.1)', async () => {
    for (const authorization of [undefined, 'Bearer x', '', 'Basically x']) {
      const { statusCode, problem, headers } = await ordersWith().call(authorization);
      expect([statusCode, problem['code']]).toEqual([401, 'CREDENTIALS_MISSING']);
      expect(headers?.['www-authenticate']).toBe('Basic realm="postern", charset="UTF-8"');
    }
  });

  it('accepts the scheme in any case', async () => {
    expect((await ordersWith().call(right.replace('Basic', 'BASIC'))).statusCode).toBe(200);
  });

  it('responds 403 without the scope', async () => {
    const { call } = ordersWith([partner({ scopes: [] })]);
    expect((await call(right)).problem['code']).toBe('ACCESS_DENIED');
  });

  it('is 503, not 401, while the table cannot be read', async () => {
    const { call, state } = ordersWith();
    state.isDown = true;
    expect((await call(right)).problem['code']).toBe('CREDENTIAL_STORE_UNAVAILABLE');
  });

  it('refuses a revoked password after 60 s, and a changed one', async () => {
    const { call, clock, memory } = ordersWith();
    expect((await call(right)).statusCode).toBe(200);
    memory.remove('basic/bob@example.com');
    clock.nowMs += 60_000;
    expect((await call(right)).statusCode).toBe(401);
    memory.put(partner({ secretHash: await hashPassword('another') }));
    clock.nowMs += 60_000;
    expect((await call(right)).statusCode).toBe(401);
    expect((await call(basic('bob@example.com:another'))).statusCode).toBe(200);
  });

  it('tells the owner of a password that it has expired, and the log whose it is', async () => {
    const { call, note, lines } = ordersWith([partner({ expiresAtMs: nowMs })]);
    expect((await call(right)).problem['code']).toBe('CREDENTIALS_EXPIRED');
    expect(note()).toBe("the item's expires_at has passed");
    expect(lines.at(-1)).toMatchObject({ user_id: 'acme' });
    expect((await call(basic('bob@example.com:x'))).problem['code']).toBe('CREDENTIALS_INVALID');
  });

  it('never tells a client what is wrong, and always the log', async () => {
    const { call, note } = ordersWith([partner(), partner({ id: 'basic/old', secretHash: 'x' })]);
    const wrong: ReadonlyArray<readonly [authorization: string, note: RegExp]> = [
      [basic('bob@example.com:wrong'), /^the password is not/],
      [basic(`bob@example.com:${password} `), /^the password is not/],
      [basic(`nobody:${password}`), /no such/],
      [basic(`old:${password}`), /secret_hash of the item/],
      [basic(`b b:${password}`), /user name/],
      [basic(`:${password}`), /user name/],
      [basic(`${'b'.repeat(65)}:${password}`), /user name/],
      [basic('bob@example.com'), /not "Basic"/],
      [basic(`bob@example.com:${password}\n`), /not "Basic"/],
      [basic('bob@example.com:s\u00e9same', 'latin1'), /not "Basic"/],
      ['Basic', /not "Basic"/],
      ['Basic !', /not "Basic"/],
      [`${right},${right}`, /not "Basic"/],
    ];
    const responses = new Set<string>();
    for (const [authorization, reason] of wrong) {
      const { statusCode, problem, headers } = await call(authorization);
      expect(note()).toMatch(reason);
      const rest = { ...problem, request_id: undefined };
      responses.add(JSON.stringify([statusCode, rest, headers?.['www-authenticate']]));
    }
    expect([...responses]).toHaveLength(1);
    expect([...responses][0]).toContain('CREDENTIALS_INVALID');
  });

  it('costs no read for a user name that no user has', async () => {
    const { call, state } = ordersWith();
    await call(basic(`b b:${password}`));
    expect(state.reads).toBe(0);
  });

  it('refuses what a browser sends for a page of another site, because it repeats passwords', async () => {
    const { call } = ordersWith();
    const page = { method: 'POST', origin: 'https://evil.example' };
    expect((await call(right, page)).problem['code']).toBe('CROSS_SITE_REQUEST');
    expect((await call(right, { method: 'POST' })).statusCode).toBe(200);
  });

  it('keeps the password from the upstream if another credential admits the caller', async () => {
    const { call } = ordersWith([partner()], [{ session: [] }, { basic: [] }]);
    const { body } = await call(right, { cookie: `__Host-session_token=${await tokenOfAlice()}` });
    const { caller, headers } = JSON.parse(body ?? '') as { caller: object; headers: object };
    expect(caller).toMatchObject({ userId: 'alice' });
    expect(headers).not.toHaveProperty('authorization');
  });
});
